"""Something between a server and its database that stalls, refuses or resets what passes."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

HERE = "127.0.0.1"
MOST = 65_536
AT_ONCE = struct.pack("ii", 1, 0)
"""Linger for no second: whoever is at the other end is told of a reset, not of an end."""


@dataclass
class Between:
    """A way to a port that can be blocked."""

    target: int
    port: int = 0
    _open: threading.Event = field(default_factory=threading.Event)
    _listening: socket.socket | None = None
    _lines: list[socket.socket] = field(default_factory=list)

    def let_in(self) -> None:
        """Take connections, at the port that there was before if there was one."""
        listening = socket.create_server((HERE, self.port), backlog=100)
        self.port = int(listening.getsockname()[1])
        self._listening = listening
        self._open.set()
        threading.Thread(target=self._take, args=(listening,), daemon=True).start()

    def stall(self) -> None:
        """Take connections and bytes, and pass nothing on until ``go_on``."""
        self._open.clear()

    def go_on(self) -> None:
        self._open.set()

    def refuse(self) -> None:
        """Reset every connection and take no new one until ``let_in``."""
        if self._listening is not None:
            self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None
        self.reset()

    def reset(self) -> None:
        """Reset every connection."""
        lines, self._lines = self._lines, []
        for each in lines:
            with suppress(OSError):
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                each.shutdown(socket.SHUT_RD)
            each.close()

    def _take(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                far = socket.create_connection((HERE, self.target))
                self._lines += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while content := one.recv(MOST):
                self._open.wait()
                other.sendall(content)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def between(target: int) -> Iterator[Between]:
    way = Between(target)
    way.let_in()
    try:
        yield way
    finally:
        way.go_on()
        way.refuse()
