"""Several processes that answer at one address; who dies is started anew at once."""

from uvicorn.supervisors import multiprocess


class Worker(multiprocess.Process):
    """A process whose death is seen at once, also while it is asked whether it lives.

    Kept open here, its end of the pipe it answers at would hide that nobody is left to answer:
    the supervisor would wait out the time for an answer, start nothing anew and hear no signal.
    """

    def start(self) -> None:
        super().start()
        self.child_conn.close()


def watch_closely() -> None:
    """Let the server's supervisor start such processes."""
    multiprocess.Process = Worker  # type: ignore[misc]  # it has no other way to choose
