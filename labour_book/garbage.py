"""How often a process looks for garbage that counting references does not find.

Bulk work keeps hundreds of thousands of values alive for seconds: to look through them after every
700 new ones, as Python does unless told otherwise, takes a fifth of an import's time.
"""

import gc

NEW_VALUES = 50_000
"""Some MiB at most wait to be found."""


def look_seldom() -> None:
    """Let this process look once in so many new values; every process of ours begins with it."""
    _, middle, old = gc.get_threshold()
    gc.set_threshold(NEW_VALUES, middle, old)
