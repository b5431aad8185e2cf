"""Knows what other registers' files look like, and turns them into typed rows with findings.

Knows no database and decides nothing about people: which row is whose, and what it means for a
book, is for ``services``.

    >>> from labour_book.registers import KINDS, check_file
    >>> findings = check_file(path, "insurance")           # raises Invalid; writes nothing
    >>> for parsed in KINDS["insurance"].read(path):       # lazy, in bounded memory
    ...     parsed.row or parsed.findings
"""

from labour_book.registers.checking import KINDS, OF_REGISTERS, Kind, check_file, looks_like
from labour_book.registers.form03_entry import Choice, choices, labels, read_form
from labour_book.registers.form03_mapping import read_mapping
from labour_book.registers.rows import (
    ContractEventRow,
    EnterpriseRow,
    FilingRow,
    Form03Row,
    InsuranceRow,
    PaperBookRow,
    Parsed,
    PopulationRow,
    QualificationRow,
    Row,
    RowPlace,
)

__all__ = [
    "KINDS",
    "OF_REGISTERS",
    "Choice",
    "ContractEventRow",
    "EnterpriseRow",
    "FilingRow",
    "Form03Row",
    "InsuranceRow",
    "Kind",
    "PaperBookRow",
    "Parsed",
    "PopulationRow",
    "QualificationRow",
    "Row",
    "RowPlace",
    "check_file",
    "choices",
    "labels",
    "looks_like",
    "read_form",
    "read_mapping",
]
