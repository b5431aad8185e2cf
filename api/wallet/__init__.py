"""What wallets speak: OpenID4VCI 1.0 as issuer, OpenID4VP 1.0 as verifier, for ``dc+sd-jwt``.

Errors are told as these protocols tell them (``refusals``), not as problem details.
"""

from fastapi import FastAPI

from api.wallet import authorize, credentials, metadata, offers, presentations, refusals, tokens

ROUTERS = (
    metadata.router,
    offers.router,
    tokens.router,
    authorize.router,
    credentials.router,
    presentations.router,
)
LARGE_ANSWER = 256 * 1024
"""Bytes of a wallet's answer: a whole book with its disclosures, encrypted."""
BODIES = {"/vp/*/response": LARGE_ANSWER}
"""Paths that take more than a small body."""


def install(app: FastAPI) -> None:
    """Add the routes of wallets to the application, and how they tell what is refused."""
    refusals.install(app)
    for router in ROUTERS:
        app.include_router(router)
