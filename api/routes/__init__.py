"""The JSON interface, one file per topic."""

from api.routes import books, health, imports, trust, verify

ROUTERS = (verify.router, books.router, imports.router, trust.router, health.router)
