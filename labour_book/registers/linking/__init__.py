"""Finding in bulk whom rows mean: a deterministic cascade in DuckDB, then Splink for the rest.

Knows rows, not where they come from nor what is done about them; has no database of ours. What it
is given stays in memory: nothing is spilled to a disk.
"""

from labour_book.registers.linking.comparing import NUMBER_AGREES
from labour_book.registers.linking.deciding import SOMEBODY_ELSES_RULE, Found, levels_of, written
from labour_book.registers.linking.engine import COLUMNS, REGISTER, STATED, Engine, open_engine
from labour_book.registers.linking.linking import alike, link, link_portion, prepare_register
from labour_book.registers.linking.model import Model, model

__all__ = [
    "COLUMNS",
    "NUMBER_AGREES",
    "REGISTER",
    "SOMEBODY_ELSES_RULE",
    "STATED",
    "Engine",
    "Found",
    "Model",
    "alike",
    "levels_of",
    "link",
    "link_portion",
    "model",
    "open_engine",
    "prepare_register",
    "written",
]
