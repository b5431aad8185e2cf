"""A process that lets notifications take effect, to be killed."""

from multiprocessing.connection import Connection
from pathlib import Path

from labour_book.database import connect
from labour_book.services.applying_events import Cycle, run_cycle
from tests.services.collecting import NOW
from tests.services.events import BY
from tests.support.installations import opened


def work(url: str, folder: str, batch: int, told: Connection) -> None:
    """Run a cycle and tell after every transaction how much is done."""

    def tell(cycle: Cycle) -> None:
        told.send(cycle.done)

    inst = opened(connect(url), Path(folder), NOW)
    run_cycle(inst, by=BY, clock=lambda: NOW, on_progress=tell, batch=batch)
