"""Selective disclosure (RFC 9901): revealing claims that stand behind digests.

Written here because the one Python library (sd-jwt) is unmaintained and accepts tampered and
repeated disclosures; it serves as an independent reader in the tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from signing.encoding import MAX_DEPTH, b64url_each, decode_all, parse_json
from signing.errors import Reason, VerificationError

SD_ALG = "sha-256"
# The steps are those of `signing.verification`.
FORM, DISCLOSURES = 1, 6
# Thirty jobs make about 330 disclosures; beyond this somebody wants to keep us busy.
MAX_DISCLOSURES = 2_000

DIGESTS, ELEMENT = "_sd", "..."
_RESERVED = frozenset({DIGESTS, ELEMENT})
# SD-JWT VC section 2.2.2.2, and what our profile shows always
PROTECTED = frozenset({"iss", "nbf", "exp", "iat", "cnf", "vct", "status", "_sd_alg"})
_REFUSED = _RESERVED | PROTECTED  # at the top; below it only the reserved names
_MEMBER_PARTS, _ELEMENT_PARTS = 3, 2  # salt, name and value; salt and value
_NO_MEMBER = (None, None, None)
_TEXT = frozenset({str})
_SCALARS = frozenset({str, int, float, bool, type(None)})

Path = tuple[str | int, ...]


def digests_of(disclosures: list[bytes]) -> list[str]:
    """Return the digests that stand for disclosures (RFC 9901 section 4.2.3)."""
    return b64url_each([sha256(each).digest() for each in disclosures])


@dataclass(frozen=True, slots=True)
class Placed:
    """A disclosure, where it belongs, and the disclosures it hangs on (outermost first).

    In arrays the place is that in what is revealed: what stays hidden is not counted.
    """

    path: Path
    value: Any
    encoded: str
    above: tuple[str, ...]


def split(token: str) -> tuple[str, list[str]]:
    """Return the issuer-signed JWT and the disclosures of `<jwt>~<disclosure>~...~`.

    Raises:
        VerificationError: no trailing `~`, an empty disclosure, or too many of them.
    """
    jwt, *disclosures = token.split("~", MAX_DISCLOSURES + 2)
    if not disclosures:
        raise VerificationError(Reason.TOKEN_MALFORMED, FORM, "an SD-JWT has a '~'")
    last = disclosures.pop()
    if "~" in last or len(disclosures) > MAX_DISCLOSURES:
        raise VerificationError(
            Reason.DISCLOSURES_TOO_MANY, FORM, f"more than {MAX_DISCLOSURES} disclosures"
        )
    if last:
        raise VerificationError(
            Reason.KEY_BINDING_REFUSED, FORM, "a key binding is not expected here"
        )
    if not all(disclosures) or not token.isascii():
        raise VerificationError(Reason.TOKEN_MALFORMED, FORM, "a disclosure is empty or not ASCII")
    return jwt, disclosures


def reveal(payload: dict[str, Any], disclosures: Sequence[str]) -> dict[str, Any]:
    """Return the payload with its disclosures in place (RFC 9901 section 7.1).

    Raises:
        VerificationError: a disclosure is malformed, repeated, belongs nowhere, overwrites or
            uses a reserved or protected name, or a digest stands in two places.
    """
    return _walk(payload, disclosures, None)


def place(payload: dict[str, Any], disclosures: Sequence[str]) -> list[Placed]:
    """Return where each disclosure goes, inner ones before those they stand in.

    Raises:
        VerificationError: as `reveal`.
    """
    placed: list[Placed] = []
    _walk(payload, disclosures, placed)
    return placed


def _walk(
    payload: dict[str, Any], disclosures: Sequence[str], placed: list[Placed] | None
) -> dict[str, Any]:
    pending, digests = _by_digest(disclosures) if disclosures else ({}, [])
    if len(pending) != len(disclosures):
        raise _refused(Reason.DISCLOSURE_REPEATED, "a disclosure is there twice")
    if payload.get("_sd_alg", SD_ALG) != SD_ALG:
        raise _refused(Reason.SD_ALG_REFUSED, f"only {SD_ALG} is accepted")
    spelt = {} if placed is None else dict(zip(digests, disclosures, strict=True))
    claims = _Revealer(pending, spelt, placed).members(payload, (), ())
    claims.pop("_sd_alg", None)
    if pending:
        raise _refused(Reason.DISCLOSURE_UNKNOWN, "a disclosure that no digest stands for")
    return claims


def _by_digest(disclosures: Sequence[str]) -> tuple[dict[str, list[Any]], list[str]]:
    """Return each disclosure's parts by its digest; all are parsed in one go.

    What is no JSON by itself could shift the parts of its neighbours, but only the issuer's own
    disclosures have a digest in the payload, and one that has none refuses the whole token.
    """
    whole = "~".join(disclosures).encode("ascii")
    texts = decode_all(whole, step=DISCLOSURES)
    parts = parse_json(b"[" + b",".join(texts) + b"]", step=DISCLOSURES)
    if len(parts) != len(disclosures) or set(map(type, parts)) != {list}:
        raise _refused(Reason.DISCLOSURE_MALFORMED, "a disclosure is a list")
    digests = digests_of(whole.split(b"~"))
    return dict(zip(digests, parts, strict=True)), digests


@dataclass(slots=True)
class _Revealer:
    """One walk through a payload; what is left in `pending` at its end belongs nowhere.

    It makes up most of a verification's time beside the curve, so its loops are written out.
    """

    pending: dict[str, list[Any]]
    spelt: dict[str, str]  # how a disclosure is written, if `placed` is wanted
    placed: list[Placed] | None  # None: nobody wants to know, which is quicker
    seen: set[str] = field(default_factory=set)

    def members(self, node: dict[str, Any], path: Path, above: tuple[str, ...]) -> dict[str, Any]:
        """Return an object with its hidden members in place."""
        if ELEMENT in node:
            raise _refused(Reason.DISCLOSURE_NAME_REFUSED, "'...' is no name")
        found = {
            name: value if type(value) in _SCALARS else self.value(value, (*path, name), above)
            for name, value in node.items()
            if name != DIGESTS
        }
        if DIGESTS not in node:
            return found
        digests, pending, refused = node[DIGESTS], self.pending, _RESERVED if path else _REFUSED
        self._see(digests)
        for digest in digests:
            if digest in pending:
                parts = pending.pop(digest)
                salt, name, value = parts if len(parts) == _MEMBER_PARTS else _NO_MEMBER
                if type(salt) is not str or type(name) is not str:
                    raise _refused(Reason.DISCLOSURE_MALFORMED, "[salt, name, value] is expected")
                if name in refused or name in found:
                    raise _no_name(name, refused)
                if type(value) not in _SCALARS or self.placed is not None:
                    value = self._reveal(value, (*path, name), digest, above)
                found[name] = value
        return found

    def value(self, value: Any, path: Path, above: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON is any value
        """Return a value with what is hidden inside it revealed."""
        if len(path) > MAX_DEPTH:
            raise VerificationError(Reason.JSON_TOO_DEEP, DISCLOSURES, "claims nest too deep")
        if type(value) is dict:
            return self.members(value, path, above)
        if type(value) is list:
            return self._array(value, path, above)
        return value

    def _array(self, items: list[Any], path: Path, above: tuple[str, ...]) -> list[Any]:
        if set(map(type, items)) <= _SCALARS:
            return items
        revealed: list[Any] = []
        for item in items:
            place_of_item = (*path, len(revealed))
            if type(item) is not dict or ELEMENT not in item:
                revealed.append(self.value(item, place_of_item, above))
                continue
            digest = item[ELEMENT]
            if len(item) != 1:
                raise _refused(Reason.DIGEST_MALFORMED, "'...' stands alone")
            self._see([digest])
            if digest in self.pending:
                parts = self.pending.pop(digest)
                if len(parts) != _ELEMENT_PARTS or type(parts[0]) is not str:
                    raise _refused(Reason.DISCLOSURE_MALFORMED, "an element has salt and value")
                revealed.append(self._reveal(parts[1], place_of_item, digest, above))
        return revealed

    def _reveal(
        self,
        value: Any,  # noqa: ANN401 - JSON is any value
        path: Path,
        digest: str,
        above: tuple[str, ...],
    ) -> Any:  # noqa: ANN401 - JSON is any value
        """Reveal what is hidden inside a disclosed value, and note where the value went."""
        if self.placed is None:
            return self.value(value, path, above)
        encoded = self.spelt[digest]
        revealed = self.value(value, path, (*above, encoded))
        self.placed.append(Placed(path, revealed, encoded, above))
        return revealed

    def _see(self, digests: Any) -> None:  # noqa: ANN401 - JSON is any value
        """Refuse what is no list of digests, or a digest that stood somewhere before."""
        if type(digests) is not list or not set(map(type, digests)) <= _TEXT:
            raise _refused(Reason.DIGEST_MALFORMED, "a digest is a string")
        count = len(self.seen) + len(digests)
        self.seen.update(digests)
        if len(self.seen) != count:
            raise _refused(Reason.DIGEST_REPEATED, "a digest stands in two places")


def _no_name(name: str, refused: frozenset[str]) -> VerificationError:
    if name in _RESERVED:
        return _refused(Reason.DISCLOSURE_NAME_REFUSED, "a reserved name is disclosed")
    if name in refused:
        return _refused(Reason.DISCLOSURE_PROTECTED, f"{name} may not be disclosable")
    return _refused(Reason.DISCLOSURE_OVERWRITES, "a claim is there already")


def _refused(reason: Reason, message: str) -> VerificationError:
    return VerificationError(reason, DISCLOSURES, message)
