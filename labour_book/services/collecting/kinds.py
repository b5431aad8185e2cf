"""Which collector records which kind of register file, and what its columns can hold."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from labour_book.database import Db
from labour_book.queries.vault import Vault
from labour_book.services.collecting.contracts import ContractCollector
from labour_book.services.collecting.enterprises import EnterpriseCollector
from labour_book.services.collecting.form03 import Form03Collector
from labour_book.services.collecting.insurance import InsuranceCollector
from labour_book.services.collecting.paper_books import PaperBookCollector
from labour_book.services.collecting.population import PopulationCollector
from labour_book.services.collecting.qualifications import QualificationCollector
from labour_book.services.collecting.rows import Row
from labour_book.services.receipts import Judged
from labour_book.services.recording import Run, Seen


class Collector(Protocol):
    """Records the rows of one run, batch by batch."""

    def collect(self, db: Db, run: Run, rows: Sequence[Row[Any]]) -> list[Judged]:
        """Record the rows of one batch and say what became of each, in their order."""


COLLECTORS: Mapping[str, Callable[[Vault, Seen], Collector]] = {
    "population": PopulationCollector,
    "enterprises": EnterpriseCollector,
    "insurance": InsuranceCollector,
    "contracts": ContractCollector,
    "qualifications": QualificationCollector,
    "form03": Form03Collector,
    "paper_books": PaperBookCollector,
}

LIMITS: Mapping[str, Mapping[str, int]] = {
    "population": {"residence_commune": 5},
    "enterprises": {
        "enterprise_code": 14,
        "name": 300,
        "vsic_code": 8,
        "commune_code": 5,
        "zone": 200,
        "name_before": 300,
        "expected_headcount": 2_000_000_000,
    },
    "insurance": {"unit_name": 300, "position": 300},
    "contracts": {
        "message_id": 64,
        "contract_id": 40,
        "enterprise_code": 14,
        "position": 300,
        "occupation_code": 5,
        "workplace_commune": 5,
        "sequence": 1_000_000,
    },
    "qualifications": {"field": 200, "issuer": 300, "number": 60},
    "paper_books": {
        "employer_name": 300,
        "position": 300,
        "transcribed_by": 38,
        "checked_by": 38,
    },
    "form03": {"job_title": 300, "workplace_name": 300, "workplace_address": 400},
    "employer_filings": {"full_name": 200},
}
"""Longest text, or greatest number, that the record keeps of a field."""
