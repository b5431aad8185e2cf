"""A browser at the sign-in, on each of the two databases and on SQLite alone."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.api.conftest import Office
from tests.api.login.visitor import Visitor, visitor_of


@pytest.fixture
def visitor(app: FastAPI, client: TestClient, office: Office) -> Visitor:
    return visitor_of(app, client, office)


@pytest.fixture
def small(small_client: TestClient, small_office: Office) -> Visitor:
    """The same on SQLite alone."""
    app = small_client.app
    assert isinstance(app, FastAPI)
    return visitor_of(app, small_client, small_office)
