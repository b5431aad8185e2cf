"""Reads a tree of controls as somebody looking at the screen would."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

import flet as ft

SAID = ("value", "content", "label", "error", "text")


def controls(tree: Any) -> Iterator[ft.BaseControl]:
    """Yield every control of a tree, from the top down."""
    if isinstance(tree, (list, tuple)):
        for each in tree:
            yield from controls(each)
    elif isinstance(tree, ft.BaseControl):
        yield tree
        for each in fields(tree):
            if not each.name.startswith("_") and each.name != "parent":
                yield from controls(getattr(tree, each.name, None))


def texts(tree: Any) -> list[str]:
    """Return what is written anywhere in a tree."""
    return [
        value
        for control in controls(tree)
        for name in SAID
        if isinstance(value := getattr(control, name, None), str)
    ]


def names(tree: Any) -> set[str]:
    """Return the names that helpers and tests know controls by."""
    return {
        control.identifier
        for control in controls(tree)
        if isinstance(control, ft.Semantics) and control.identifier
    }


def labels(tree: Any) -> list[str]:
    return [
        control.label
        for control in controls(tree)
        if isinstance(control, ft.Semantics) and control.label
    ]


def is_said(tree: Any, *wanted: str) -> bool:
    said = texts(tree)
    return all(any(each in line for line in said) for each in wanted)


def nowhere(tree: Any, unwanted: Iterable[str]) -> bool:
    said = texts(tree)
    return not any(each in line for each in unwanted for line in said)
