"""The platform of electronic labour contracts: the events of somebody's contracts.

Source: ND 337/2025/ND-CP; TT 08/2026/TT-BNV (a contract's id never changes).
"""

from typing import Annotated, Literal

from pydantic import Field

from labour_book.registers.envelope import Reply, unusable
from labour_book.registers.messages.forms import (
    MOST_ITEMS,
    Answered,
    Asked,
    Code,
    Day,
    Number,
    PersonalId,
    Text,
    read_body,
)

SERVICE = "contracts.events"
LEGAL_BASIS = "ND 47/2020/ND-CP, art. 23"


class Question(Asked):
    """Whose contracts are asked for."""

    personal_id: PersonalId
    si_numbers: tuple[Code, ...] = ()


class ContractEvent(Answered):
    """An event of one labour contract; the state after it. Days inclusive."""

    message_id: Code
    contract_id: Code
    event: Literal["SIGNED", "AMENDED", "SUSPENDED", "ENDED"]
    sequence: Annotated[Number, Field(ge=1)]
    enterprise_code: Code
    position: Text
    contract_kind: Literal["INDEFINITE", "FIXED_TERM"]
    first_day: Day
    last_day: Day | None = None
    effective_on: Day


class ContractsAnswer(Answered):
    """The events of all labour contracts of somebody, each once, in order whatever came."""

    events: Annotated[tuple[ContractEvent, ...], Field(max_length=MOST_ITEMS)]

    def newest(self) -> tuple[ContractEvent, ...]:
        """Return the state of each contract: its last event, by contract."""
        return tuple({each.contract_id: each for each in self.events}.values())


def read(reply: Reply) -> ContractsAnswer:
    """Read the events of somebody's contracts by contract and sequence, each once.

    Raises:
        Unavailable: SCHEMA, or CONTRADICTION: one message says two things.
    """
    answer = read_body(ContractsAnswer, reply.body)
    by_id: dict[str, ContractEvent] = {}
    for event in answer.events:
        if by_id.setdefault(event.message_id, event) != event:
            raise unusable("CONTRADICTION")
    events = sorted(by_id.values(), key=lambda each: (each.contract_id, each.sequence))
    return answer.model_copy(update={"events": tuple(events)})
