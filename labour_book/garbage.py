"""How often a process looks for garbage that counting references does not find.

Bulk work keeps hundreds of thousands of values alive for seconds: to look through them after every
700 new ones, as Python does unless told otherwise, takes a fifth of an import's time. Commands do
so seldom; a service that answers people, and may keep their files meanwhile, does as ever.
"""

import gc

NEW_CONTAINERS = 50_000


def look_seldom() -> None:
    """Let this process look once in so many new containers (lists, dictionaries, objects)."""
    _, middle, old = gc.get_threshold()
    gc.set_threshold(NEW_CONTAINERS, middle, old)
