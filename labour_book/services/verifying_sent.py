"""What anybody sends in to be verified, by itself or with what others send at the same time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from labour_book.database import Db, reading
from labour_book.errors import Unavailable
from labour_book.services.callers import ANYBODY
from labour_book.services.installation import Installation
from labour_book.services.keys import trust_bundle
from labour_book.services.permission import Looked, looks
from labour_book.services.verifying import Checked, look_at_record, verify_offline
from signing import TrustBundle


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent in to be verified, and when."""

    content: bytes
    now: datetime


def verify_sent(inst: Installation, content: bytes, *, now: datetime) -> Checked:
    """Check a credential, a PDF or an offline code, and ask the register.

    Raises:
        Unavailable: the database does not answer.
    """
    (checked,) = verify_several(inst, [Sent(content, now)])
    if isinstance(checked, Exception):
        raise checked
    return checked


def verify_several(inst: Installation, several: Sequence[Sent]) -> list[Checked | Exception]:
    """Check what several callers sent, in transactions that they share; one's error is its own.

    The one that writes is opened only for what is genuine: nobody waits while a signature is
    checked, and who sends in what is not ours keeps no one from writing.

    Raises:
        Unavailable: the database cannot even be read.
    """
    with reading(inst.engine) as db:
        bundle = trust_bundle(db, inst, min(each.now for each in several))
    found = [_alone(inst, each, bundle) for each in several]
    ours = [
        (number, _look(inst, checked, several[number]))
        for number, checked in enumerate(found)
        if isinstance(checked, Checked) and checked.claims is not None
    ]
    if ours:
        try:
            looked = looks(inst.engine, [look for _, look in ours])
        except Unavailable as error:
            looked = [error] * len(ours)
        for (number, _), outcome in zip(ours, looked, strict=True):
            found[number] = outcome
    return found


def _look(inst: Installation, checked: Checked, sent: Sent) -> Callable[[Db], Looked[Checked]]:
    return lambda db: look_at_record(db, inst, checked, sent.content, now=sent.now, caller=ANYBODY)


def _alone(inst: Installation, sent: Sent, bundle: TrustBundle) -> Checked | Exception:
    try:
        return verify_offline(sent.content, bundle, now=sent.now, proven=inst.proven)
    except Exception as error:  # noqa: BLE001 - whatever it ran into, the others did not
        return error
