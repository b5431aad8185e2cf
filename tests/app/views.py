"""What views are given where nothing is done."""

from app.parts.basic import Tapped


async def nothing() -> None:
    """Do nothing."""


def lead(_where: str) -> Tapped:
    return nothing


class Deeds(dict[str, Tapped]):
    """Everything can be done, and nothing comes of it."""

    def __missing__(self, key: str) -> Tapped:
        return nothing


DEEDS = Deeds()
