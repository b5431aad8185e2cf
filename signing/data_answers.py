"""Answers to other systems' queries, signed so that they can be kept as evidence."""

from collections.abc import Mapping
from typing import Any

from signing.jws import check_use, sign_list
from signing.keys import SigningKey, Use

DATA_ANSWER_TYPE = "data-answer+jwt"


def sign_data_answer(claims: Mapping[str, Any], *, signer: SigningKey) -> str:
    """Sign an answer as a compact JWS (ES256) with the certificate in the header.

    The key is the one for messages in our own name; ``typ`` keeps an answer from being taken for
    what a verifier asks of a wallet.

    Raises:
        SigningError: the key is one for another use.
    """
    check_use(signer, Use.REQUEST)
    return sign_list(dict(claims), signer=signer, typ=DATA_ANSWER_TYPE)
