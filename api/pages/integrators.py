"""The page for whoever connects another system: what may be asked, how, and what is recorded."""

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages import page
from labour_book.registers import message_schemas
from labour_book.services.data_services import HOLDS, Question

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

QUERY = {
    "message_id": "6b1f2a52-0d43-4c39-9d5e-9b1e55f0a001",
    "purpose": "Xét hồ sơ trợ cấp thất nghiệp 2026/1187",
    "legal_basis": "ND 374/2025/NĐ-CP",
    "personal_id": "001090123456",
    "birth_date": "1990-05-17",
    "question": "insured",
}
HEADCOUNT = {
    "message_id": "6b1f2a52-0d43-4c39-9d5e-9b1e55f0a002",
    "purpose": "Đối chiếu số lao động dự kiến",
    "legal_basis": "Thỏa thuận chia sẻ dữ liệu 12/2026",
    "enterprise_codes": ["0100109106"],
    "month": "2026-10",
}


@router.get("/docs/services")
async def integrators(request: Request) -> HTMLResponse:
    """Show how another system asks us, and how registers talk with us."""
    return page(
        request,
        "integrators.html",
        query=_shown(QUERY),
        headcount=_shown(HEADCOUNT),
        questions=[str(each) for each in Question],
        schemas=message_schemas.names(),
        folder=message_schemas.FOLDER,
        minutes=int(HOLDS.total_seconds()) // 60,
    )


def _shown(example: object) -> str:
    return orjson.dumps(example, option=orjson.OPT_INDENT_2).decode()
