"""JSON as values: by name, and nothing that is not as agreed."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def read(kind: type[T], given: Any) -> T:  # noqa: ANN401 - JSON
    """Return JSON as a value of one of these kinds; members it does not name are passed over.

    Raises:
        KeyError, TypeError, ValueError: the answer is not as agreed.
    """
    if not (is_dataclass(kind) and isinstance(given, dict)):
        raise TypeError(f"no {kind.__name__}")
    missing = {each.name for each in fields(kind)} - given.keys()
    hints = _hints(kind)
    known = {name: _value(hint, given[name]) for name, hint in hints.items() if name not in missing}
    return kind(**known)


def read_all(kind: type[T], given: Any) -> tuple[T, ...]:  # noqa: ANN401 - JSON
    """Return a JSON list of such values.

    Raises:
        KeyError, TypeError, ValueError: the answer is not as agreed.
    """
    return tuple(read(kind, each) for each in given)


def _value(hint: Any, given: Any) -> Any:  # noqa: ANN401 - by the kind of the member
    if given is None and NoneType in get_args(hint):
        return None
    if get_origin(hint) is UnionType:
        kinds = [each for each in get_args(hint) if each is not NoneType]
        hint = next(
            (each for each in kinds if isinstance(each, type) and isinstance(given, each)), kinds[0]
        )
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], each) for each in given)
    if is_dataclass(hint):
        return read(hint, given)  # type: ignore[arg-type]  # it is a class
    if hint in {datetime, date}:
        return hint.fromisoformat(given)
    if get_origin(hint) is dict:
        return given
    if not isinstance(given, hint):
        raise TypeError(f"not {hint}")
    return given


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)
