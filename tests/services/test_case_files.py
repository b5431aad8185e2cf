from dataclasses import replace
from datetime import datetime
from hashlib import sha256

import pytest

from labour_book.domain.corrections import CaseMoved
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.services import case_files, correcting, deciding
from labour_book.services.callers import Caller
from labour_book.services.case_files import FileRefused, FilesFull, OpenedFile
from labour_book.services.case_views import CaseFile, EvidenceTold
from labour_book.services.installation import Installation
from labour_book.services.permission import DeniedToRole, NotFoundForCaller, deed
from tests.services import cases
from tests.services.cases import COMMUNE, EMPLOYER, OTHER_WORKER, WORKER
from tests.support.databases import stored_in
from tests.support.evidence import pdf, photo


def attach(
    inst: Installation, case: CaseFile, content: bytes, now: datetime, caller: Caller = WORKER
) -> EvidenceTold:
    with deed(inst.engine) as db:
        return case_files.attach(
            db, inst, caller, case.line.case_id, content, evidence_class="CONTRACT", now=now
        )


def open_file(
    inst: Installation, case: CaseFile, file: EvidenceTold, now: datetime, caller: Caller
) -> OpenedFile:
    with deed(inst.engine) as db:
        return case_files.open_file(db, inst, caller, case.line.case_id, file.evidence_id, now=now)


class TestAttach:
    def test_seals_what_it_keeps(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.drafted(sqlite_inst, now)
        sent = pdf(2)

        file = attach(sqlite_inst, case, sent, now)

        assert file.sha256 == sha256(sent).hexdigest()
        assert (file.name, file.pages) == (f"{case.line.number}-1.pdf", 2)
        assert b"%PDF" not in stored_in(sqlite_inst.engine)
        assert open_file(sqlite_inst, case, file, now, WORKER).content == sent

    def test_works_on_both_databases(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now)

        file = attach(inst, case, photo(), now)

        assert open_file(inst, case, file, now, COMMUNE).media_type == "image/jpeg"
        with deed(inst.engine) as db:
            small = case_files.open_preview(
                db, inst, COMMUNE, case.line.case_id, file.evidence_id, now=now
            )
        assert small.name == f"{case.line.number}-1-preview.jpg"
        assert cases.traced(inst, "case.file") == ["ok", "ok"]

    def test_takes_ten_files_each_once(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.drafted(sqlite_inst, now)
        for pages in range(1, 11):
            attach(sqlite_inst, case, pdf(pages), now)

        with pytest.raises(FilesFull):
            attach(sqlite_inst, case, pdf(11), now)

        other = cases.drafted(sqlite_inst, now)
        attach(sqlite_inst, other, pdf(), now)
        with pytest.raises(FilesFull):
            attach(sqlite_inst, other, pdf(), now)

    def test_leaves_nothing_of_what_it_refuses(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.drafted(sqlite_inst, now)

        with pytest.raises(FileRefused):
            attach(sqlite_inst, case, b"MZ", now)
        with pytest.raises(Invalid), deed(sqlite_inst.engine) as db:
            case_files.attach(
                db, sqlite_inst, WORKER, case.line.case_id, pdf(), evidence_class="X", now=now
            )

        assert cases.cases(sqlite_inst.engine)[0]["revision"] == 1

    def test_is_not_for_what_is_decided(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.decided(sqlite_inst, cases.submitted(sqlite_inst, now), now)

        with pytest.raises(CaseMoved):
            attach(sqlite_inst, case, pdf(), now)


class TestDetach:
    def test_forgets_the_content(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.drafted(sqlite_inst, now)
        file = attach(sqlite_inst, case, pdf(), now)

        with deed(sqlite_inst.engine) as db:
            case_files.detach(db, sqlite_inst, WORKER, case.line.case_id, file.evidence_id, now=now)

        with pytest.raises(NotFound):
            open_file(sqlite_inst, case, file, now, WORKER)
        attach(sqlite_inst, case, pdf(), now)

    def test_keeps_what_was_handed_in(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)
        file = attach(sqlite_inst, case, pdf(), now)

        with pytest.raises(CaseMoved), deed(sqlite_inst.engine) as db:
            case_files.detach(db, sqlite_inst, WORKER, case.line.case_id, file.evidence_id, now=now)


class TestOpenFile:
    @pytest.mark.parametrize("caller", [EMPLOYER, OTHER_WORKER, cases.ELSEWHERE])
    def test_is_closed_to_others(
        self, sqlite_inst: Installation, now: datetime, caller: Caller
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)
        file = attach(sqlite_inst, case, pdf(), now)

        with pytest.raises((NotFoundForCaller, DeniedToRole)):
            open_file(sqlite_inst, case, file, now, caller)

    def test_finds_what_was_altered_or_moved(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)
        file = attach(sqlite_inst, case, pdf(), now)
        attach(sqlite_inst, case, pdf(2), now)
        with sqlite_inst.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE correction_file SET content ="
                " (SELECT content FROM correction_file WHERE file_number = 2)"
            )

        with pytest.raises(Conflict):
            open_file(sqlite_inst, case, file, now, COMMUNE)

    def test_has_no_preview_of_a_pdf(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)
        file = attach(sqlite_inst, case, pdf(), now)

        with pytest.raises(NotFound), deed(sqlite_inst.engine) as db:
            case_files.open_preview(
                db, sqlite_inst, COMMUNE, case.line.case_id, file.evidence_id, now=now
            )


class TestOfTheEmployer:
    """An enterprise that contests a claim adds what speaks against it; officials see it apart."""

    def contested(self, inst: Installation, now: datetime) -> tuple[CaseFile, EvidenceTold]:
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.POSITION)
        attach(inst, case, pdf(1), now)
        file = attach(inst, case, photo(), now, EMPLOYER)
        with deed(inst.engine) as db:
            deciding.employer_answers(
                db, inst, EMPLOYER, case.line.case_id, agrees=False, words="Không đúng.", now=now
            )
        return case, file

    def test_is_seen_by_the_official_apart(self, inst: Installation, now: datetime) -> None:
        case, file = self.contested(inst, now)

        seen = cases.read(inst, case, now, COMMUNE)

        assert [each.from_employer for each in seen.evidence] == [False, True]
        assert open_file(inst, case, file, now, COMMUNE).media_type == "image/jpeg"

    def test_is_not_shown_to_the_asking_side(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        case, file = self.contested(sqlite_inst, now)
        with deed(sqlite_inst.engine) as db:
            own = correcting.own_case(db, sqlite_inst, WORKER, case.line.case_id, now=now)

        assert [each.from_employer for each in own.evidence] == [False]
        with pytest.raises(NotFound):
            open_file(sqlite_inst, case, file, now, WORKER)

    def test_is_all_that_the_employer_sees(self, sqlite_inst: Installation, now: datetime) -> None:
        case, file = self.contested(sqlite_inst, now)

        seen = cases.read(sqlite_inst, case, now, EMPLOYER)

        assert [each.evidence_id for each in seen.evidence] == [file.evidence_id]
        assert open_file(sqlite_inst, case, file, now, EMPLOYER).content

    def test_comes_before_the_answer(self, sqlite_inst: Installation, now: datetime) -> None:
        case, _ = self.contested(sqlite_inst, now)

        with pytest.raises(NotFoundForCaller):
            attach(sqlite_inst, case, pdf(3), now, EMPLOYER)

    def test_is_not_for_an_enterprise_that_is_not_asked(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now, cases.POSITION)
        other = replace(EMPLOYER, enterprise_code="0300588569")

        with pytest.raises(NotFoundForCaller):
            attach(sqlite_inst, case, photo(), now, other)
