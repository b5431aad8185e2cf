"""The rules of the law, each on a page of its own: followed step by step with any inputs.

Nothing of anybody is shown; the inputs are what the official types.
"""

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.desk.frame import ASKED, Asking, desk_router
from labour_book.errors import Invalid
from labour_book.services import law_rules
from labour_book.services.law_rules import RULES, Explained

router = desk_router()

LONGEST = 40


@router.get("/law", responses=ASKED)
def rules(desk: Asking) -> HTMLResponse:
    """List the rules."""
    return desk.page("law.html", rules=RULES, word=law_rules.word)


@router.get("/law/{name}", responses=ASKED)
def rule(desk: Asking, name: str, request: Request) -> HTMLResponse:
    """Follow one rule with what the address says, or else with an example."""
    wanted = law_rules.rule(name)
    asked = request.query_params
    given = {each.name: asked.get(each.name, each.usual)[:LONGEST] for each in wanted.inputs}
    found: Explained | None = None
    wrong: Invalid | None = None
    try:
        found = law_rules.explained(name, given, desk.inst.calendar, desk.language)
    except Invalid as error:
        wrong = error
    return desk.page(
        "law_rule.html",
        status=200 if wrong is None else 422,
        rule=wanted,
        given=given,
        found=found,
        wrong=wrong,
        word=law_rules.word,
    )
