import json
import re
from hashlib import sha256
from pathlib import Path
from string import Formatter

import pytest
from fastapi.testclient import TestClient

import api
from api.pages import offline
from api.pages.texts import LANGUAGES, catalogue
from tests.api.conftest import Office

HTML = {"Accept": "text/html"}
STATIC = Path(api.__file__).parent / "static" / "offline"
TEMPLATE = Path(offline.__file__).parent / "templates" / "offline.html"
SCRIPTS = "\n".join(path.read_text(encoding="utf-8") for path in sorted(STATIC.glob("*.js")))
LARGEST_PACKED = 520 * 1024
"""Bytes of the whole page on its way to a phone, the reader of QR codes included."""


def said() -> set[str]:
    """Keys that page and script ask for; those put together at run time are spelled out here."""
    page = set(re.findall(r'\bo\("([\w.]+)"\)', TEMPLATE.read_text(encoding="utf-8")))
    script = set(re.findall(r'\bsay\(\s*"([\w.]+)"', SCRIPTS))
    heads = set(re.findall(r'\["(\w+)", "(?:yes|no|warn|unknown)"\]', SCRIPTS)) | {
        "stranger",
        "false",
    }
    troubles = {"unready", "outdated", "clock", "untrusted", "camera_denied", "camera_none"}
    troubles |= set(re.findall(r'trouble\("(\w+)"\)', SCRIPTS)) | {"camera_busy"}
    script |= {f"{part}.{head}" for head in heads for part in ("headline", "lead")}
    script |= {f"{trouble}.{part}" for trouble in troubles for part in ("title", "text")}
    script |= {f"question.{each}" for each in ("genuine", "current", "issuer")}
    facts = ("id_tail", "birth_date", "book_no", "version", "SI", "UI", "as_of")
    script |= {f"fact.{each}" for each in facts}
    script |= {"ready.yes", "ready.no", "compare", "compare.name"}
    script |= {"refresh.done", "refresh.no_network"}
    return page | {f"js.{key}" for key in script}


class TestPage:
    def test_loads_only_its_own_script_and_says_so_in_its_policy(self, client: TestClient) -> None:
        answer = client.get("/offline", headers=HTML)

        policies = answer.headers.get_list("content-security-policy")
        assert (answer.status_code, len(policies)) == (200, 1)
        assert "script-src 'self' 'wasm-unsafe-eval';" in policies[0]
        assert "unsafe-inline" not in policies[0]
        assert answer.headers["permissions-policy"].startswith("camera=(self)")
        scripts = re.findall(r"<script[^>]*>", answer.text)
        assert scripts == [
            '<script type="application/json" id="page">',
            '<script type="module" src="/offline/page.js">',
        ]
        assert "http://" not in re.sub(r"http://www\.w3\.org", "", answer.text)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_brings_the_root_and_the_words_of_its_language(
        self, client: TestClient, office: Office, language: str
    ) -> None:
        answer = client.get(f"/offline?lang={language}", headers=HTML)

        (data,) = re.findall(r'id="page">(.*?)</script>', answer.text, re.DOTALL)
        page = json.loads(data)
        assert page["words"]["headline.good"] == catalogue("offline")["js.headline.good"][language]
        assert page["reasons"]["SUPERSEDED"][0]
        assert page["root"] == offline.signing.x5c([office.inst.key_ring.anchor.root])[0]

    def test_leaves_the_policy_of_other_pages_without_script(self, client: TestClient) -> None:
        policy = client.get("/verify", headers=HTML).headers["content-security-policy"]

        assert "script-src" not in policy
        assert client.get("/verify").headers["permissions-policy"].startswith("camera=()")


class TestWorker:
    def test_keeps_every_part_and_both_languages(self, client: TestClient) -> None:
        answer = client.get("/offline/sw.js")

        (shell,) = re.findall(r"const SHELL = (\[.*?\]);", answer.text)
        kept = json.loads(shell)
        assert {"/offline?lang=vi", "/offline?lang=en", "/offline/page.js"} < set(kept)
        assert "/offline/vendor/zxing-wasm/reader/zxing_reader.wasm" in kept
        assert all(client.get(address).status_code == 200 for address in kept)
        assert answer.headers["service-worker-allowed"] == "/offline"
        assert "connect-src 'self'" in answer.headers["content-security-policy"]

    def test_has_another_version_when_what_it_keeps_differs(
        self, client: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = version_of(client)
        assert version_of(client) == before

        changed = dict(offline.parts())
        changed["icon.svg"] = offline._part("icon.svg", b"<svg/>")
        monkeypatch.setattr(offline, "parts", lambda: changed)

        assert version_of(client) != before


def version_of(client: TestClient) -> str:
    found = re.search(r'const VERSION = "(\w+)"', client.get("/offline/sw.js").text)
    assert found
    return found.group(1)


class TestParts:
    def test_are_sent_compressed_once_and_not_again_if_unchanged(self, client: TestClient) -> None:
        answer = client.get("/offline/page.js", headers={"Accept-Encoding": "gzip"})
        again = client.get("/offline/page.js", headers={"If-None-Match": answer.headers["etag"]})

        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert (again.status_code, again.content) == (304, b"")

    @pytest.mark.parametrize("name", ["x.js", "../__init__.py", "vendor/zxing-wasm/LICENSE", ""])
    def test_are_no_other_files(self, client: TestClient, name: str) -> None:
        assert client.get(f"/offline/{name}").status_code == 404

    def test_are_light_enough_for_a_poor_network(self, client: TestClient) -> None:
        packed = sum(len(part.packed) for part in offline.parts().values())
        page = len(client.get("/offline").content)

        assert packed < LARGEST_PACKED
        assert page < 64 * 1024

    def test_of_others_are_those_that_their_origin_names(self) -> None:
        folder = STATIC / "vendor" / "zxing-wasm"
        origin = (folder / "ORIGIN.md").read_text(encoding="utf-8")
        named = re.findall(r"\| `([\w./]+)` \| `[\w./]+` \| `([0-9a-f]{64})` \|", origin)

        assert len(named) == 3
        for name, expected in named:
            assert sha256((folder / name).read_bytes()).hexdigest() == expected

    @pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
    def test_never_write_html_or_evaluate_text(self, path: Path) -> None:
        source = path.read_text(encoding="utf-8")

        forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|Function\(|https?://\w"
        assert re.findall(forbidden, source) == []
        assert len(source.splitlines()) <= 300

    def test_find_every_element_that_they_ask_for(self, client: TestClient) -> None:
        text = client.get("/offline").text

        asked = set(re.findall(r'\b(?:at|on)\("([\w-]+)"', SCRIPTS))
        assert asked
        assert all(f'id="{each}"' in text for each in asked)


class TestCatalogue:
    def test_has_exactly_what_the_page_says(self) -> None:
        assert set(catalogue("offline")) == said()

    @pytest.mark.parametrize("key", sorted(catalogue("offline")))
    def test_says_it_in_both_languages_with_the_same_values(self, key: str) -> None:
        sentences = catalogue("offline")[key]
        values = [
            {name for _, name, _, _ in Formatter().parse(sentences[language]) if name}
            for language in LANGUAGES
        ]

        assert set(sentences) == set(LANGUAGES)
        assert all(sentences.values())
        assert values[0] == values[1]
