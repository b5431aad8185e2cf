"""The book credential: claims to SD-JWT VC, and what its holder may hide.

Always visible are `iss, vct, iat, exp, status, cnf, _sd_alg` and nothing else: even the names
`worker` or `employments`, and how many jobs there are, stay behind a digest.

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

from signing.canonical import check_values
from signing.certificates import check_issuer
from signing.encoding import b64url, parse_object
from signing.errors import SigningError
from signing.jws import CLAIMS, check_use, open_form, protected_header
from signing.keys import SigningKey, Use, thumbprint
from signing.sd_jwt import DIGESTS, SD_ALG, Concealer, Path, place, reveal, split
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
# Hidden once more inside a disclosed employment
_INSIDE_EMPLOYMENT = frozenset({"contract_id", "wage_base_vnd"})
_GAP = frozenset({"first", "last"})
_HOLDER_KEY = ("crv", "kty", "x", "y")


def issue_book_credential(
    claims: Mapping[str, Any],
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
    check_values(claims)
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
        **concealer.members({name: _conceal(concealer, name, claims[name]) for name in claims}),
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

    An array index counts the hidden elements too, so it stays the same when others are hidden.
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


def _conceal(concealer: Concealer, name: str, value: Any) -> Any:  # noqa: ANN401 - JSON is any value
    """Return the value of a top-level claim with its disclosable parts hidden."""
    if name in _WHOLE:
        if name == "gaps":
            for gap in value:
                _check_names(gap, _GAP, "a gap")
        return value
    if name in _BY_MEMBER:
        _check_names(value, _BY_MEMBER[name], name)
        return concealer.members(value)
    if name in _BY_ELEMENT:
        return concealer.elements([_element(concealer, name, each) for each in value])
    raise SigningError(f"{name} is no claim of the book credential")


def _element(concealer: Concealer, name: str, element: dict[str, Any]) -> dict[str, Any]:
    _check_names(element, _BY_ELEMENT[name], name)
    if name == "employments":
        hidden = {each: element[each] for each in _INSIDE_EMPLOYMENT & element.keys()}
        element = {each: element[each] for each in element if each not in hidden}
        if hidden:
            element[DIGESTS] = concealer.members(hidden)[DIGESTS]
    return element


def _check_names(members: object, allowed: frozenset[str], place_name: str) -> None:
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
