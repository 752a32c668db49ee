"""JSON value -> record of an annotated type. Knows the shape of records and nothing of what they mean."""

from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from types import UnionType
from typing import get_args, get_origin, get_type_hints


def build(kind: object, value: object) -> object:
    """Make a value of an annotated type from its JSON form; a field that is not there keeps its default.

    Raises:
        TypeError, ValueError, KeyError: the value is of another shape.
    """
    if isinstance(kind, UnionType):
        return None if value is None else build(get_args(kind)[0], value)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise TypeError(f"{value!r} is not a list")
        return tuple(build(get_args(kind)[0], part) for part in value)
    if isinstance(kind, type) and is_dataclass(kind) and isinstance(value, dict):
        hints = get_type_hints(kind)
        present = (one for one in fields(kind) if one.name in value or not _has_default(one))
        return kind(**{one.name: build(hints[one.name], value[one.name]) for one in present})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is float and isinstance(value, int | float):
        return float(value)
    if not isinstance(kind, type) or not isinstance(value, kind):
        raise TypeError(f"{value!r} is not {kind}")
    return value


def _has_default(one: Field[object]) -> bool:
    return one.default is not MISSING or one.default_factory is not MISSING
