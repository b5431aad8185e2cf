"""The vectors that the server, the verifier page and the app share."""

import os
from typing import Any

import pytest

import signing
from signing.compact import unwrap
from tests.signing import golden_compact as golden

if os.environ.get("UPDATE_GOLDEN"):
    golden.write(golden.made(golden.read()))

FILE = golden.read() or {"vectors": []}


@pytest.mark.parametrize("vector", FILE["vectors"], ids=lambda vector: vector["name"])
def test_has_the_expected_answers(vector: dict[str, Any]) -> None:
    assert golden.answers(vector, FILE) == vector["expected"]


def test_are_those_that_the_generator_makes() -> None:
    fresh = golden.made(FILE)

    assert without_texts(fresh) == without_texts(FILE)
    for ours, theirs in zip(fresh["vectors"], FILE["vectors"], strict=True):
        assert opened(ours["text"]) == opened(theirs["text"])


def test_say_yes_only_to_what_is_called_genuine() -> None:
    good = {each["name"] for each in FILE["vectors"] if golden.check(each, FILE).is_good}
    accepted = {each["name"] for each in FILE["vectors"] if each["expected"]["claims"]}

    assert good <= {
        each["name"] for each in FILE["vectors"] if each["name"].startswith(("genuine", "in the"))
    }
    assert len(good) == 9
    standing = (
        "genuine",
        "in the",
        "expired",
        "not yet",
        "revoked",
        "superseded",
        "susp",
        "status",
    )
    assert all(name.startswith(standing) for name in accepted)


def test_have_names_of_their_own() -> None:
    assert len({each["name"] for each in FILE["vectors"]}) == len(FILE["vectors"]) > 90


def without_texts(file: dict[str, Any]) -> dict[str, Any]:
    stripped = [{**each, "text": None} for each in file["vectors"]]
    return {**file, "vectors": stripped}


def opened(text: str) -> Any:
    """Return what is inside a text: another zlib may pack the same envelope differently."""
    try:
        return unwrap(text)
    except signing.VerificationError as error:
        return error.reason
