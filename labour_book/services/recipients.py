"""To whom shares go: is the enterprise there, is it this caller, and who holds a copy."""

from datetime import datetime

from labour_book.database import Db
from labour_book.domain.employers import can_confirm, enterprise_code_is_valid, status_on
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.notices import Recipient
from labour_book.domain.sharing import Audience
from labour_book.errors import Conflict, Invalid
from labour_book.queries import shares
from labour_book.queries.employers import EmployerOnFile, employers_by_code
from labour_book.queries.shares import StoredShare
from labour_book.services.callers import Caller


class EnterpriseRefused(Conflict):
    """An enterprise that is gone, or not at its address, receives nothing.

    ``enterprise_status`` says which: UNKNOWN, or its legal state.
    """

    slug = "enterprise-refused"
    title = "The enterprise cannot receive shares"
    title_vi = "Doanh nghiệp không nhận chia sẻ được"


def check_enterprise(db: Db, code: str, now: datetime) -> str:
    """Refuse an enterprise that cannot receive shares; return its name.

    Source: ND 168/2025, art. 35 (states); public units are not in the register and have none.

    Raises:
        Invalid: this is no enterprise code.
        EnterpriseRefused: no register knows it, or its legal state is the reason.
    """
    if not enterprise_code_is_valid(code):
        raise Invalid("this is not an enterprise code", cause="ENTERPRISE_CODE")
    employer = employers_by_code(db, [code]).get(code)
    if employer is None:
        raise EnterpriseRefused("no register knows this enterprise", enterprise_status="UNKNOWN")
    status = status_on(employer.statuses, vietnam_day(now))
    if not can_confirm(status):
        raise EnterpriseRefused(enterprise_status=str(status))
    return name_of(employer)


def is_addressed(db: Db, share: StoredShare, caller: Caller) -> bool:
    """Say whether a share is meant for the caller."""
    match share.audience:
        case Audience.ANYONE:
            return True
        case Audience.ENTERPRISE:
            return caller.kind == "employer" and caller.enterprise_code == share.enterprise_code
        case Audience.PERSON:
            person_id, addressee = caller.person_id, share.addressee
            return (
                caller.kind == "worker"
                and person_id is not None
                and addressee is not None
                and shares.is_addressee(db, person_id, addressee)
            )


def holder_of(caller: Caller, share: StoredShare) -> Recipient | None:
    """Return as whom the caller holds a copy; None for whoever is not known by name.

    Officials are bound by the law on their office, and workers hold their own book anyway.
    """
    match caller.kind:
        case "employer":
            return Recipient("employer", str(caller.enterprise_code))
        case "worker" if caller.person_id != share.person_id:
            return Recipient("worker", str(caller.person_id))
        case "machine":
            return Recipient("machine", caller.id)
        case _:
            return None


def name_of(employer: EmployerOnFile) -> str:
    """Return the name it bears now: the one without an end, else the last to end."""
    names = sorted(
        employer.names, key=lambda each: (each.valid_to is None, str(each.valid_to or ""))
    )
    return names[-1].name if names else employer.code
