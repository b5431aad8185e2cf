"""The book credential: claims to SD-JWT VC, and what its holder may hide.

Always visible are `iss, vct, iat, exp, status, cnf, _sd_alg` and nothing else: even the names
`worker` or `employments` stay behind a digest. Every object has as many digests as it could have
members, and every list a round number of them, so nobody can count what is hidden: not the jobs,
and not whether a wage or a contract stands in one.

The lists of names below are closed on purpose. A claim that is not in them - such as a reason for
leaving a job, which belongs to the worker alone - cannot get into a credential by mistake.

Source: RFC 9901, draft-ietf-oauth-sd-jwt-vc-24.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from signing.canonical import Checked, checked
from signing.certificates import check_issuer
from signing.concealing import Concealer
from signing.encoding import b64url, parse_object
from signing.errors import SigningError
from signing.jws import CLAIMS, check_use, open_form, protected_header
from signing.keys import SigningKey, Use, thumbprint
from signing.sd_jwt import DIGESTS, SD_ALG, Path, place, reveal, split
from signing.trust import epoch, first_moment, midnight

TYP = "dc+sd-jwt"

# One disclosure each
_WHOLE = frozenset({"book_no", "version", "prev_sha256", "as_of", "gaps", "registration_group"})
# One disclosure for each member
_BY_MEMBER = {
    "worker": frozenset(
        {
            "full_name",
            "birth_date",
            "sex",
            "nationality",
            "personal_id",
            "residence",
            "population_check",
        }
    ),
    "insurance": frozenset(
        {
            "SI",
            "UI",
            "HI",
            "VOL",
            "credited_months",
            "arrears_months",
            "first_month",
            "last_month",
            "as_of_month",
        }
    ),
}
# One disclosure for each element
_BY_ELEMENT = {
    "employments": frozenset(
        {
            "no",
            "employer",
            "enterprise_code",
            "position",
            "occupation_code",
            "contract_kind",
            "contract_id",
            "workplace",
            "first_day",
            "last_day",
            "known_since",
            "known_until",
            "months_paid",
            "months_arrears",
            "months_unknown",
            "paid",
            "arrears",
            "unknown",
            "assurance",
            "wage_base_vnd",
        }
    ),
    "qualifications": frozenset(
        {"kind", "level", "field", "issuer", "issued_on", "number", "assurance"}
    ),
}
# Hidden once more inside a disclosed employment: a share can show the job without them. The
# months that were not paid tell of sickness and maternity; the number tells how many jobs came
# before.
_INSIDE_EMPLOYMENT = (
    "no",
    "contract_id",
    "wage_base_vnd",
    "months_paid",
    "months_arrears",
    "months_unknown",
    "paid",
    "arrears",
    "unknown",
)
_INSIDE = frozenset(_INSIDE_EMPLOYMENT)
# How many digests stand where: as many as there are names, so nobody sees which of them are there
_CLAIMS = len(_WHOLE) + len(_BY_MEMBER) + len(_BY_ELEMENT)
# An array is filled up to the first of these, or to a multiple of the last
_ARRAY_SLOTS = (4, 8, 16, 32)
_GAP = frozenset({"first", "last"})
_HOLDER_KEY = ("crv", "kty", "x", "y")


def issue_book_credential(
    claims: Mapping[str, Any] | Checked,
    *,
    signer: SigningKey,
    issuer: str,
    vct: str,
    issued_on: date,
    expires_on: date,
    status_uri: str,
    status_index: int,
    holder: Mapping[str, str] | None = None,
    salt: Callable[[int], bytes] = os.urandom,
) -> str:
    """Sign a book as SD-JWT VC with every claim disclosable; ends in `~`.

    Both dates count from their midnight in Việt Nam: on `expires_on` it is expired. `holder` is
    the public JWK of the wallet to bind it to. `salt(n)` returns n random bytes.

    Raises:
        SigningError: a claim outside the closed lists, a float, a key of another use or issuer,
            or dates outside the key's period.
    """
    check_use(signer, Use.CREDENTIAL)
    check_issuer(signer, issuer)
    record = (claims if isinstance(claims, Checked) else checked(claims)).value
    iat, exp = epoch(midnight(issued_on)), epoch(midnight(expires_on))
    if not first_moment(signer.not_before) <= midnight(issued_on) < signer.not_after or exp <= iat:
        raise SigningError("the dates do not fit each other or the key's period")
    if status_index < 0:
        raise SigningError("a status index is not negative")
    concealer = Concealer(salt)
    payload: dict[str, Any] = {
        "iss": issuer,
        "vct": vct,
        "iat": iat,
        "exp": exp,
        "status": {"status_list": {"idx": status_index, "uri": status_uri}},
        "_sd_alg": SD_ALG,
        DIGESTS: _conceal(concealer, record),
    }
    if holder is not None:
        payload["cnf"] = {"jwk": _holder_key(holder)}
    signed = f"{protected_header(signer, TYP)}.{b64url(orjson.dumps(payload))}"
    signature = b64url(signer.sign(signed.encode("ascii")))
    return "~".join([f"{signed}.{signature}", *concealer.disclosures, ""])


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A part of a credential that its holder may show or hide."""

    path: Path
    value: Any


def disclosures_of(credential: str) -> tuple[Disclosure, ...]:
    """Return what a credential discloses, inner parts before the parts they stand in.

    An array index is the place in what is revealed; what stays hidden is not counted.
    Nothing is verified; this is for the holder of the credential.

    Raises:
        VerificationError: the form or the disclosures are not in order.
    """
    _, encoded, payload = _open(credential)
    return tuple(Disclosure(each.path, each.value) for each in place(payload, encoded))


def disclose(credential: str, keep: Callable[[Path], bool]) -> str:
    """Return the credential with only those parts whose path `keep` accepts.

    A path is like `("employments", 0, "wage_base_vnd")`. Keeping a part keeps what it stands in:
    a wage brings its employment along (but not that employment's contract number).

    Raises:
        VerificationError: the form or the disclosures are not in order.
    """
    jwt, encoded, payload = _open(credential)
    kept: set[str] = set()
    for each in place(payload, encoded):
        if keep(each.path):
            kept.update((each.encoded, *each.above))
    return "~".join([jwt, *(each for each in encoded if each in kept), ""])


def read_disclosed(credential: str) -> dict[str, Any]:
    """Return the visible and disclosed claims, unverified: for the holder, never for a check.

    Raises:
        VerificationError: the form or the disclosures are not in order.
    """
    _, encoded, payload = _open(credential)
    return reveal(payload, encoded)


def _open(credential: str) -> tuple[str, list[str], dict[str, Any]]:
    jwt, encoded = split(credential)
    return jwt, encoded, parse_object(open_form(jwt, typ=TYP).payload, step=CLAIMS)


def _conceal(concealer: Concealer, claims: Mapping[str, Any]) -> list[str]:
    """Hide all claims, the innermost first, and return the digests that stand at the top.

    Digests are made in one go for each of the three levels, whatever they belong to: one at a
    time takes twice as long.
    """
    _check_claims(claims)
    shown = dict(claims)
    if "employments" in claims:
        shown["employments"] = _with_inner_hidden(concealer, claims["employments"])
    objects = [name for name in _BY_MEMBER if name in claims]
    lists = [name for name in _BY_ELEMENT if name in claims]
    members, elements = concealer.hide(
        [member for name in objects for member in shown[name]],
        [value for name in objects for value in shown[name].values()],
        [element for name in lists for element in shown[name]],
    )
    for name in objects:
        count = len(shown[name])
        shown[name] = {DIGESTS: concealer.members(members[:count], slots=len(_BY_MEMBER[name]))}
        del members[:count]
    for name in lists:
        count = len(shown[name])
        shown[name] = concealer.elements(elements[:count], slots=_array_slots(count))
        del elements[:count]
    digests, _ = concealer.hide(list(shown), list(shown.values()))
    return concealer.members(digests, slots=_CLAIMS)


def _with_inner_hidden(
    concealer: Concealer, employments: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the employments with their inner members hidden."""
    inner = [[name for name in _INSIDE_EMPLOYMENT if name in job] for job in employments]
    digests, _ = concealer.hide(
        [name for names in inner for name in names],
        [job[name] for job, names in zip(employments, inner, strict=True) for name in names],
    )
    shown = []
    for job, names in zip(employments, inner, strict=True):
        count = len(names)
        outer = {name: value for name, value in job.items() if name not in _INSIDE}
        outer[DIGESTS] = concealer.members(digests[:count], slots=len(_INSIDE_EMPLOYMENT))
        del digests[:count]
        shown.append(outer)
    return shown


def _array_slots(count: int) -> int:
    """Return to how many digests an array is filled up."""
    most = _ARRAY_SLOTS[-1]
    return next((each for each in _ARRAY_SLOTS if count <= each), -(-count // most) * most)


def _check_claims(claims: Mapping[str, Any]) -> None:
    for name, value in claims.items():
        if name in _BY_MEMBER:
            _check_names([value], _BY_MEMBER[name], name)
        elif name in _BY_ELEMENT:
            _check_names(value, _BY_ELEMENT[name], name)
        elif name == "gaps":
            _check_names(value, _GAP, "a gap")
        elif name not in _WHOLE:
            raise SigningError(f"{name} is no claim of the book credential")


def _check_names(objects: object, allowed: frozenset[str], place_name: str) -> None:
    if not isinstance(objects, list):
        raise SigningError(f"{place_name} is a list")
    for members in objects:
        if not isinstance(members, dict):
            raise SigningError(f"{place_name} is an object")
        if not members.keys() <= allowed:
            names = ", ".join(sorted(members.keys() - allowed))
            raise SigningError(f"{place_name} may not hold {names}")


def _holder_key(holder: Mapping[str, str]) -> dict[str, str]:
    """Return the public members of a wallet's key; a private one must not get in."""
    if holder.get("kty") != "EC" or holder.get("crv") != "P-256" or "d" in holder:
        raise SigningError("a wallet key is a public P-256 key")
    thumbprint(holder)
    return {name: holder[name] for name in _HOLDER_KEY}
