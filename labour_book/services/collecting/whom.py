"""Whom a row of any kind names, as far as it names a person."""

from labour_book.registers.rows import (
    ContractEventRow,
    Form03Row,
    InsuranceRow,
    PaperBookRow,
    QualificationRow,
    Row,
)
from labour_book.services.collecting import form03, insurance, paper_books
from labour_book.services.matching import Wanted


def whom(row: Row | None) -> Wanted | None:
    """Return whom a row names; None where a person is not looked for by name or number.

    A row of the population register says itself who somebody is.
    """
    match row:
        case Form03Row():
            return form03.wanted_of(row)
        case InsuranceRow():
            return insurance.wanted_of(row)
        case PaperBookRow():
            return paper_books.wanted_of(row)
        case ContractEventRow() | QualificationRow():
            return Wanted((row.personal_id,), None, None, None)
        case _:
            return None
