"""The diagram of a correction's states, drawn from the tables and from nothing else."""

from labour_book.domain.corrections import OVER, TRANSITIONS, TURN_IN, CaseState


def mermaid() -> str:
    """Return the states and steps as Mermaid text; steps that stay in a state share one arrow."""
    arrows: dict[tuple[CaseState, CaseState], list[str]] = {}
    for (state, step), each in TRANSITIONS.items():
        arrows.setdefault((state, each.after), []).append(str(step))
        if each.on_appeal is not None:
            arrows.setdefault((state, each.on_appeal), []).append(f"{step} once appealed")
    lines = ["stateDiagram-v2", f"    [*] --> {CaseState.DRAFT}: begin"]
    lines += [
        f"    {state} --> {after}: {', '.join(steps)}" for (state, after), steps in arrows.items()
    ]
    lines += [f"    {state} --> [*]" for state in CaseState if state in OVER]
    lines += [f"    note right of {state}: turn of {turn}" for state, turn in TURN_IN.items()]
    return "\n".join(lines) + "\n"
