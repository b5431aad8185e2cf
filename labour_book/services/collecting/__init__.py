"""How each kind of register file is recorded, batch by batch, in the transaction of the batch."""

from labour_book.services.collecting.kinds import COLLECTORS, LIMITS, Collector
from labour_book.services.collecting.rows import Row
from labour_book.services.collecting.whom import whom

__all__ = ["COLLECTORS", "LIMITS", "Collector", "Row", "whom"]
