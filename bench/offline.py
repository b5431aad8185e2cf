"""Milliseconds to verify without a network: the page's modules in a browser, beside Python.

* page, offline code: form, keys, signature and status list of a compact QR code of three jobs.
* page, credential: an SD-JWT VC with every disclosure; page, PDF: seal, attachments, credential.
* page, screenshot: reading the QR code in a picture of 390 x 844 pixels, and verifying it.
* page, trust list: verifying the list itself, as is done when the page is opened.
* Python, offline code / credential / PDF: `signing` with the same trust list, on the same machine.
* page, raw ES256: the signature alone, by WebCrypto: the limit.

Medians of single verifications, by the clock; the trust list is at hand but for its own line.
"""

import base64
import io
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from _measure import keep, quick
from _office import bench_office
from PIL import Image
from playwright.sync_api import Page

import signing
from api.main import create_app
from api.pages.offline import parts
from labour_book.database import reading
from labour_book.documents import qr_png
from labour_book.services import access, printing, verifying
from labour_book.services.status import trust_list
from tests.api.conftest import OPERATOR, Office
from tests.services.people import person_id
from tests.support import browser as chromium

GOAL = "offline code <= 5 ms in the browser"
SCRIPT = """async ([root, token, now, code, credential, pdf, picture, rounds]) => {
  const names = ["trust_list", "compact", "credential", "pdf", "scan", "trust", "jws"];
  const modules = await Promise.all(names.map((name) => import(`/offline/${name}.js`)));
  const [lists, compact, credentials, pdfs, scan, trust, jws] = modules;
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const bundle = await lists.readTrustList(token, root, now);
  const file = bytes(pdf);
  const image = new Blob([bytes(picture)], { type: "image/png" });
  const [jwt] = credential.split("~");
  const form = jws.openForm(jwt, "dc+sd-jwt");
  const key = bundle.keys.get(form.kid);
  const good = (verdict) => {
    if (verdict.status.state !== "yes" || verdict.claims === null) throw new Error("not genuine");
  };
  const ways = {
    "page, offline code": async () => good(await compact.verifyCompact(code, bundle, now)),
    "page, credential": async () =>
      good(await credentials.verifyCredential(credential, bundle, now)),
    "page, PDF": async () => good(await pdfs.verifyPdf(file, bundle, now)),
    "page, screenshot": async () =>
      good(await compact.verifyCompact(await scan.codeInPicture(image), bundle, now)),
    "page, trust list": () => lists.readTrustList(token, root, now),
    "page, raw ES256": () => trust.checkSignature(key, form.signature, form.signed, 4),
  };
  const found = {};
  for (const way of Object.keys(ways)) found[way] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [way, work] of Object.entries(ways)) {
      const started = performance.now();
      await work();
      found[way].push(performance.now() - started);
    }
  }
  return found;
}"""


def screenshot(text: str) -> bytes:
    """Return a phone's screen of 390 x 844 with a code on it."""
    code = Image.open(io.BytesIO(qr_png(text, scale=4))).convert("L")
    screen = Image.new("L", (390, 844), 255)
    screen.paste(code.resize((374, 374)), (8, 200))
    written = io.BytesIO()
    screen.save(written, "PNG")
    return written.getvalue()


def code_of(office: Office, now: datetime) -> str:
    """Return an offline code with three jobs."""
    job = {
        "employer": "Công ty TNHH May mặc Hòa Bình",
        "enterprise_code": "0101234567",
        "position": "Công nhân may",
        "contract_kind": "FIXED_TERM",
    }
    record = {
        "book_no": "SLD-7K2M-Q9XD-04TB",
        "version": 1,
        "worker": {"full_name": "Nguyễn Thị Số 1", "personal_id": "001190000001"},
        "employments": [
            {**job, "no": no, "first_day": f"20{no}0-01-02", "last_day": f"20{no}2-03"}
            for no in (0, 1, 2)
        ],
        "insurance": {"SI": 68, "UI": 68, "as_of_month": "2026-10"},
    }
    return signing.compact_sign(
        signing.compact_book(record),
        signer=office.inst.key_ring.signer(signing.Use.QR),
        issuer=office.inst.issuer.uri,
        issued_at=now,
        expires_at=now + timedelta(days=3),
        status_uri=office.inst.status_uri(1),
        status_index=1,
    )


def timed(ways: Mapping[str, Callable[[], bool]], rounds: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, work in ways.items():
            started = time.perf_counter()
            assert work()
            found[name].append((time.perf_counter() - started) * 1_000)
    return found


def in_browser(page: Page, *given: str | int) -> dict[str, list[float]]:
    """Measure in the page, once warm."""
    page.evaluate(SCRIPT, [*given[:-1], 5])
    found: dict[str, list[float]] = page.evaluate(SCRIPT, list(given))
    return found


def report(found: Mapping[str, list[float]]) -> None:
    """Print the medians and the weight of the page, and keep them as JSON."""
    first = statistics.median(next(iter(found.values())))
    print(f"\noffline (ms for one, median) - goal: {GOAL}")
    for name, all_of_it in found.items():
        median = statistics.median(all_of_it)
        spread = f"{min(all_of_it):,.2f} - {max(all_of_it):,.2f}"
        print(f"  {name:<44}{median:>10,.2f} ms  this/first {median / first:>8.2f}   ({spread})")
    weights = {
        kind: sum(len(part.packed) for name, part in parts().items() if name.endswith(kind))
        for kind in (".js", ".wasm", ".css")
    }
    print(
        "  weight, compressed: " + ", ".join(f"{k} {v / 1024:.0f} KB" for k, v in weights.items())
    )
    facts = {
        "topic": "offline",
        "unit": "ms",
        "goal": GOAL,
        "packages": {name: version(name) for name in ("cryptography", "playwright")},
        "bytes": weights,
        "ways": {name: {"median": statistics.median(each)} for name, each in found.items()},
    }
    keep("offline", facts)


def main() -> None:
    rounds = 60 if quick() else 400
    now = datetime.now(UTC).replace(microsecond=0)
    with bench_office(now) as (office, settings):
        inst, worker = office.inst, person_id()
        office.issue(worker)
        with access.deed(inst.engine) as db:
            credential = access.open_credential(
                db, inst, OPERATOR, worker, purpose="bench", now=now
            )
            pdf = printing.pdf_of(db, inst, OPERATOR, worker, purpose="bench", now=now)
        with reading(inst.engine) as db:
            token = trust_list(db, inst, now)
        root, code = inst.key_ring.anchor.root, code_of(office, now)
        bundle = signing.trust_list_read(token, root=root, now=now)
        encoded = [base64.b64encode(each).decode() for each in (pdf, screenshot(code))]
        app = create_app(settings, inst)
        with chromium.serving(app, chromium.free_port()) as address, chromium.browsing() as browser:
            page = browser.new_page()
            page.goto(f"{address}/offline")
            pinned, seconds = signing.x5c([root])[0], int(now.timestamp())
            found = in_browser(page, pinned, token, seconds, code, credential, *encoded, rounds)
        ways: dict[str, Callable[[], bool]] = {
            "Python, offline code": lambda: signing.compact_verify(code, bundle, now).is_good,
            "Python, credential": lambda: (
                signing.verify_credential(credential, bundle, now).is_good
            ),
            "Python, PDF": lambda: verifying.verify_offline(pdf, bundle, now=now).is_good,
        }
        report(found | timed(ways, rounds // 4))


if __name__ == "__main__":
    main()
