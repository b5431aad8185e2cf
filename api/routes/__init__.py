"""The JSON interface, one file per topic."""

from api.routes import (
    books,
    health,
    imports,
    notices,
    offline_codes,
    own_data,
    received,
    shares,
    trust,
    verify,
)

ROUTERS = (
    verify.router,
    books.router,
    offline_codes.router,
    own_data.router,
    shares.router,
    received.router,
    notices.router,
    imports.router,
    trust.router,
    health.router,
)
