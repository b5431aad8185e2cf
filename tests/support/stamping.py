"""A time-stamp authority over HTTP that answers as a test wants it to."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

REPLY = "application/timestamp-reply"


@dataclass
class Answer:
    """What goes back; ``pause`` in seconds, before it or between its pieces."""

    body: bytes
    status: int = 200
    media_type: str = REPLY
    pause: float = 0
    pieces: int = 1
    location: str | None = None


@contextmanager
def answering(answer: Callable[[bytes], Answer]) -> Iterator[str]:
    """Run a server and give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            given = answer(self.rfile.read(int(self.headers["Content-Length"])))
            if given.pieces == 1:
                time.sleep(given.pause)
            with suppress(OSError):  # who asked has gone away, as some of them should
                self._send(given)

        def _send(self, given: Answer) -> None:
            self.send_response(given.status)
            self.send_header("Content-Type", given.media_type)
            self.send_header("Content-Length", str(len(given.body)))
            if given.location is not None:
                self.send_header("Location", given.location)
            self.end_headers()
            size = -(-len(given.body) // given.pieces)
            for start in range(0, len(given.body), size or 1):
                self.wfile.write(given.body[start : start + size])
                self.wfile.flush()
                if given.pieces > 1:
                    time.sleep(given.pause)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
