"""What the app reads has to be in the interface's published description."""

import json
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from api.routes.books import BOOK_EXAMPLE
from app import answers
from app.answers import Share, support
from app.reading import read

GOLDEN = json.loads((Path(__file__).parents[1] / "api/golden/openapi.json").read_text("utf-8"))
SCHEMAS = GOLDEN["components"]["schemas"]
SCHEMA_OF = {
    answers.Background: "BookBackground",
    answers.LineSources: "LineBackground",
    answers.Source: "StatedBy",
    answers.Doubt: "Doubt",
    answers.Preset: "OfferedPreset",
    answers.Preview: "Preview",
    answers.Created: "CreatedShare",
    answers.Look: "Look",
    answers.Copy: "Copy",
    answers.Share: "OwnedShare",
    answers.Shares: "OwnedShares",
    answers.LiveCode: "LiveCode",
    answers.Notice: "NoticeTold",
    answers.Access: "OwnedAccess",
    answers.Said: "Said",
    answers.Verified: "Verified",
    answers.Identity: "Session",
    answers.EnteredApp: "AppSessionToken",
    answers.OfflineCode: "OfflineCode",
    answers.InPicture: "InPicture",
    answers.WalletOffer: "OfferOut",
    answers.Wallet: "WalletOut",
    answers.Confirmation: "ConfirmedLine",
    answers.CaseLine: "CaseLine",
    answers.CaseOwner: "OwnerTold",
    answers.CaseFile: "CaseFile",
    answers.CaseStep: "StepTold",
    answers.CaseEvidence: "EvidenceTold",
    answers.CaseDecision: "DecisionTold",
    answers.FieldChange: "FieldChange",
    answers.HandOver: "HandOver",
    answers.Foreseen: "Foreseen",
    answers.Place: "PlaceOut",
    answers.Occupation: "OccupationOut",
    answers.Mandate: "MandateGiven",
    answers.DataRequest: "DataRequestTold",
    answers.Channels: "ChannelsOut",
    answers.Contact: "ContactForm",
    answers.CvLine: "ChosenLine",
    answers.Cv: "CvOut",
    answers.Province: "ProvinceOut",
    answers.JobSeeking: "SeekingOut",
    answers.Figure: "FigureOut",
    answers.Condition: "ConditionOut",
    answers.NotComputed: "NotComputedOut",
    answers.Entitlement: "EntitlementOut",
    answers.MissingMonths: "GapOut",
    answers.Proposal: "ProposalOut",
    support.Support: "ProposedSupport",
    support.Term: "TermOut",
    support.Need: "NeedOut",
    support.StepLine: "LineOut",
    support.SupportExplained: "ExplainedOut",
    answers.Rights: "RightsOut",
    answers.Vssid: "VssidOut",
    answers.MonthBeside: "MonthOut",
    answers.Dossier: "Dossier",
}
ASKED = {
    ("get", "/me/book"),
    ("get", "/me/book/background"),
    ("get", "/me/notices"),
    ("post", "/me/notices/{notice_id}/read"),
    ("post", "/me/notices/read"),
    ("get", "/me/accesses"),
    ("get", "/shares/presets"),
    ("post", "/me/shares/preview"),
    ("post", "/me/shares"),
    ("get", "/me/shares"),
    ("post", "/me/shares/freeze"),
    ("post", "/me/shares/unfreeze"),
    ("post", "/me/shares/{share_id}/withdrawal"),
    ("post", "/me/shares/{share_id}/deletion-request"),
    ("post", "/me/shares/{share_id}/extension"),
    ("post", "/me/shares/{share_id}/live-code"),
    ("get", "/me/shares/{share_id}/qr.png"),
    ("get", "/me/book.pdf"),
    ("get", "/me/cv"),
    ("put", "/me/cv"),
    ("post", "/me/cv/lines"),
    ("put", "/me/cv/lines/{line_id}"),
    ("delete", "/me/cv/lines/{line_id}"),
    ("get", "/me/cv/photo"),
    ("put", "/me/cv/photo"),
    ("delete", "/me/cv/photo"),
    ("get", "/me/cv/preview.png"),
    ("get", "/me/cv.pdf"),
    ("get", "/me/cv/json-resume"),
    ("get", "/me/cv/europass"),
    ("get", "/me/job-seeking"),
    ("put", "/me/job-seeking"),
    ("delete", "/me/job-seeking"),
    ("get", "/me/rights"),
    ("get", "/me/vssid"),
    ("get", "/me/dossiers"),
    ("post", "/me/dossiers"),
    ("post", "/me/dossiers/{code}/again"),
    ("get", "/me/received"),
    ("get", "/me/credential"),
    ("get", "/me/offline-code"),
    ("post", "/me/scanned"),
    ("get", "/me/wallets"),
    ("post", "/me/wallets/offers"),
    ("delete", "/me/wallets/{wallet_id}"),
    ("get", "/me/book/confirmations"),
    ("post", "/me/book/confirmations"),
    ("post", "/me/accesses/{number}/reason"),
    ("get", "/me/corrections"),
    ("post", "/me/corrections"),
    ("get", "/me/corrections/{case_id}"),
    ("get", "/me/corrections/{case_id}/foreseen"),
    ("post", "/me/corrections/{case_id}/submission"),
    ("post", "/me/corrections/{case_id}/answer"),
    ("post", "/me/corrections/{case_id}/appeal"),
    ("post", "/me/corrections/{case_id}/withdrawal"),
    ("post", "/me/corrections/{case_id}/rating"),
    ("post", "/me/corrections/{case_id}/files"),
    ("delete", "/me/corrections/{case_id}/files/{file_id}"),
    ("get", "/places"),
    ("get", "/occupations"),
    ("get", "/me/mandates"),
    ("post", "/me/mandates"),
    ("post", "/me/mandates/{mandate_id}/revoke"),
    ("get", "/me/data-requests"),
    ("post", "/me/data-requests"),
    ("get", "/me/channels"),
    ("put", "/me/channels"),
    ("post", "/me/channels/email"),
    ("post", "/me/channels/email/confirm"),
    ("delete", "/me/channels/email"),
    ("get", "/trust/list"),
    ("post", "/verify"),
    ("get", "/session"),
    ("post", "/session/token"),
}


def wire_of(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))


class TestContract:
    @pytest.mark.parametrize(("method", "path"), sorted(ASKED))
    def test_every_route_the_app_asks_is_published(self, method: str, path: str) -> None:
        assert method in GOLDEN["paths"][path]

    @pytest.mark.parametrize("kind", SCHEMA_OF, ids=lambda kind: kind.__name__)
    def test_every_member_the_app_reads_is_published(self, kind: type[Any]) -> None:
        schema = SCHEMAS[SCHEMA_OF[kind]]

        assert {each.name for each in fields(kind)} <= schema["properties"].keys()

    @pytest.mark.parametrize("kind", SCHEMA_OF, ids=lambda kind: kind.__name__)
    def test_every_member_the_app_relies_on_is_always_there(self, kind: type[Any]) -> None:
        schema = SCHEMAS[SCHEMA_OF[kind]]
        relied_on = {each.name for each in fields(kind) if each.default is MISSING}
        always = set(schema.get("required", ()))
        always |= {name for name, each in schema["properties"].items() if "default" in each}

        assert relied_on <= always

    def test_the_book_is_read_as_it_is_published(self) -> None:
        own = read(answers.OwnBook, wire_of(BOOK_EXAMPLE))

        assert own.book.employments[0].paid == ("2021-03/2026-10",)
        assert own.book.insurance is not None
        assert own.book.insurance.SI == 68
        assert own.expires_on == date(2027, 11, 20)


class TestRead:
    def test_passes_over_what_it_does_not_name(self) -> None:
        assert read(answers.Gap, {"first": "2020-01", "new": 1}) == answers.Gap("2020-01")

    @pytest.mark.parametrize(
        ("given", "error"),
        [([], TypeError), ({"first": 2020}, TypeError), ({}, TypeError), (None, TypeError)],
    )
    def test_refuses_what_is_not_as_agreed(self, given: Any, error: type[Exception]) -> None:
        with pytest.raises(error):
            read(answers.Gap, given)

    @pytest.mark.parametrize("value", [68, "2026-12-30"])
    def test_reads_a_member_that_is_a_number_or_a_text(self, value: int | str) -> None:
        told = {"name": "n", "value": value, "unit": "months", "basis": "computed", "of": ""}
        told |= {"source": "", "since": None, "provenance": ""}

        assert read(answers.Figure, told).value == value
        with pytest.raises(TypeError):
            read(answers.Figure, told | {"value": []})

    def test_reads_moments_days_and_lists_of_values(self) -> None:
        notice = {"id": "1", "kind": "k", "created_at": "2026-11-20T08:30:00Z", "read_at": None}

        assert read(answers.Notice, notice).created_at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
        assert {each.name for each in fields(Share)} >= {"seen", "copies"}
