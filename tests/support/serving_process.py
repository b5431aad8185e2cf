"""A server in a process of its own, as ``labour-book serve`` runs it, on a socket it is given."""

import socket
from typing import Any

import uvicorn

from api.main import create_app
from labour_book.cli.installing import STOPPING_SECONDS
from labour_book.settings import Settings


def serve(listening: socket.socket, given: dict[str, Any]) -> None:
    """Serve until told to stop."""
    config = uvicorn.Config(
        create_app(Settings(**given)),
        log_level="error",
        access_log=False,
        timeout_graceful_shutdown=STOPPING_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listening])
