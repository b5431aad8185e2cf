"""The labour book: its values, how it is assembled from facts, and what of it is signed."""

from labour_book.domain.assembly import assemble
from labour_book.domain.claims import claims, content_of
from labour_book.domain.lines import (
    Discrepancy,
    EmploymentEntry,
    Gap,
    Identity,
    InsuranceTotals,
    LabourBook,
    QualificationLine,
    SourceRef,
)

__all__ = [
    "Discrepancy",
    "EmploymentEntry",
    "Gap",
    "Identity",
    "InsuranceTotals",
    "LabourBook",
    "QualificationLine",
    "SourceRef",
    "assemble",
    "claims",
    "content_of",
]
