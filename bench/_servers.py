"""Servers in processes of their own on loopback, a client that keeps its connection, CPU time."""

import http.client
import multiprocessing
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI

START_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A running server, and one connection to it."""

    process_id: int
    connection: http.client.HTTPConnection

    def requests(
        self,
        count: int,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> int:
        """Send so many requests that must be answered with 200; return how many."""
        for _ in range(count):
            self.connection.request(method, path, body, dict(headers or {}))
            answer = self.connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
        return count

    def at_once(
        self,
        count: int,
        path: str,
        *,
        callers: int,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> int:
        """Send so many requests by several callers, each with a connection; return how many."""

        def called() -> int:
            own = http.client.HTTPConnection(self.connection.host, self.connection.port)
            try:
                return Server(self.process_id, own).requests(
                    count // callers, path, method=method, headers=headers, body=body
                )
            finally:
                own.close()

        with ThreadPoolExecutor(callers) as pool:
            every = [pool.submit(called) for _ in range(callers)]
            return sum(each.result() for each in every)

    def cpu_seconds(self) -> float:
        """Return the CPU time the server's threads have used so far, to the microsecond.

        The process's own count goes by clock ticks, of which a short run has only a few.
        """
        threads = Path(f"/proc/{self.process_id}/task").glob("*/schedstat")
        return sum(int(each.read_text(encoding="ascii").split()[0]) for each in threads) / 1e9


@contextmanager
def served(build: Callable[[], FastAPI], port: int = 0) -> Iterator[Server]:
    """Serve an application that is built in the server's own process, at a free port if none."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
        port = int(probe.getsockname()[1])
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(build, port))
    process.start()
    assert process.pid is not None
    try:
        yield Server(process.pid, _connected(port))
    finally:
        process.terminate()
        process.join()


def _serve(build: Callable[[], FastAPI], port: int) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the access log is written, but not shown
    app = build()
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        log_level="error",
        access_log=False,
        timeout_keep_alive=START_SECONDS * 20,  # the connection waits while others are measured
    )


def _connected(port: int) -> http.client.HTTPConnection:
    until = time.monotonic() + START_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        try:
            connection.connect()
        except ConnectionRefusedError:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.05)
        else:
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection


def clock_of(*servers: Server) -> Callable[[], float]:
    """Return a clock that runs while one of the servers works."""
    return lambda: sum(each.cpu_seconds() for each in servers)


def hello_app() -> FastAPI:
    """Return an application with nothing but a constant answer: what FastAPI itself costs."""
    app = FastAPI(openapi_url=None)

    @app.get("/hello")
    async def hello() -> dict[str, str]:
        return {"hello": "world"}

    @app.get("/hello-def")
    def hello_def() -> dict[str, str]:
        return {"hello": "world"}

    return app
