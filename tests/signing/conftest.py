"""Nothing in signing may reach out: any connection attempt fails the test."""

import socket
from typing import Any

import pytest

from tests.signing.authority import LISTENING

LONGEST_NAME = 30


@pytest.fixture(autouse=True)
def canary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for every address that a hostile token names, our own test servers excepted."""
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def sing(sock: socket.socket, address: Any) -> None:
        if address not in LISTENING:
            pytest.fail(f"somebody called {address}")
        connect(sock, address)

    def sing_name(host: Any, port: Any, *more: Any, **others: Any) -> Any:
        if (host, port) not in LISTENING:
            pytest.fail(f"somebody asked for {host}")
        return resolve(host, port, *more, **others)

    monkeypatch.setattr(socket.socket, "connect", sing)
    monkeypatch.setattr(socket, "getaddrinfo", sing_name)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name cases without the keys and tokens in them, which differ from run to run."""
    return argname if isinstance(val, (str, bytes)) and len(val) > LONGEST_NAME else None
