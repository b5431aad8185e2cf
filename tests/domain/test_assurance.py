import pytest

from labour_book.domain.assurance import (
    Assurance,
    Source,
    assurance_of,
    assurance_of_insurance,
    highest,
)


class TestAssurance:
    @pytest.mark.parametrize("source", list(Source))
    def test_is_known_for_every_source(self, source: Source) -> None:
        assert assurance_of(source) in Assurance

    def test_is_the_highest_of_its_sources(self) -> None:
        assert highest([Assurance.ATTESTED, Assurance.DECIDED]) is Assurance.DECIDED
        assert highest([]) is Assurance.SELF_DECLARED

    def test_grows_with_payment(self) -> None:
        credited = assurance_of_insurance(paid=False, credited_only=True)
        unpaid = assurance_of_insurance(paid=False, credited_only=False)

        assert credited < unpaid < assurance_of_insurance(paid=True, credited_only=False)
