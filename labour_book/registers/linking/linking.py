"""The whole of it: prepare, let the rules judge, score the rest, decide."""

from collections.abc import Iterator

from labour_book.domain.places import Places
from labour_book.registers.linking.cascade import run_cascade
from labour_book.registers.linking.deciding import Found, decide, decide_among, found_in
from labour_book.registers.linking.engine import REGISTER, STATED, Engine
from labour_book.registers.linking.model import Model
from labour_book.registers.linking.preparing import prepare
from labour_book.registers.linking.residue import score, score_among


def link(engine: Engine, model: Model, places: Places) -> Iterator[Found]:
    """Say whom the rows loaded as ``stated`` mean among those loaded as ``register``."""
    prepare_register(engine, places)
    return link_portion(engine, model, places)


def prepare_register(engine: Engine, places: Places) -> None:
    """Prepare the rows loaded as ``register``, once for any number of portions."""
    prepare(engine, REGISTER, places)


def link_portion(engine: Engine, model: Model, places: Places) -> Iterator[Found]:
    """Say whom a portion of rows, loaded as ``stated``, mean on the register that was prepared."""
    prepare(engine, STATED, places)
    run_cascade(engine)
    score(engine, model)
    decide(engine, model)
    return found_in(engine)


def alike(engine: Engine, model: Model, places: Places) -> Iterator[Found]:
    """Say which of the rows loaded as ``register`` may mean one person."""
    prepare(engine, REGISTER, places)
    score_among(engine, model)
    decide_among(engine, model)
    return found_in(engine)
