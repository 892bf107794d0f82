"""Frozen values as JSON with named fields: how ``_aftale`` remembers them, and how a worker hands over what it has read.

The dataclasses' own fields are followed, so a new one needs nothing here. A field that has its default isn't written, one
that is missing takes its default, and one that isn't known is passed by (`hidden_sheet.unknown_lines` keeps it). This is the
one module that knows the library.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from cattrs import Converter
from cattrs.cols import is_namedtuple, namedtuple_dict_structure_factory, namedtuple_dict_unstructure_factory
from cattrs.gen import override

from aftale.cells.hidden_sheet import json_text
from aftale.model.answers import Answer
from aftale.model.findings import Finding
from aftale.model.place import Place, Source
from aftale.model.problems import CATALOGUE

_NO_SOURCE = Source("", "")
_T = TypeVar("_T")
_DATE, _TIME = "date", "time"
_SINGLE = frozenset((str, float, int, bool, date, NoneType))
_READING: ContextVar[Source] = ContextVar("reading")


def as_json(value: object) -> str:
    """Return a value as JSON text, the same text for the same value."""
    return json_text(as_plain(value))


def as_plain(value: object) -> Any:
    """Return a value as dicts, lists, texts and numbers."""
    return _CONVERTER.unstructure(value)


def from_json(text: str, kind: type[_T]) -> _T:
    """Return the value that `as_json` made the text of."""
    return from_plain(json.loads(text), kind)


def from_plain(plain: object, kind: type[_T], source: Source | None = None) -> _T:
    """Return the value that `as_plain` made this of.

    Places stand without file and container: they are in ``source``. Raises ValueError, TypeError or LookupError where a
    field that has no default is missing, or holds something else.
    """
    before = _READING.set(source or _READING.get(_NO_SOURCE))
    try:
        return _CONVERTER.structure(plain, kind)
    except ArithmeticError as error:  # a whole number that somebody has made 1e400
        raise ValueError(str(error)) from error
    finally:
        _READING.reset(before)


# ---------------------------------------------------------------- what isn't written field by field

def _is_single(kind: Any) -> bool:
    """Is it a text or one of several other plain values, such as a clean answer?"""
    return get_origin(kind) in (Union, UnionType) and str in get_args(kind) and _SINGLE.issuperset(get_args(kind))


def _single_out(value: Any) -> Any:
    """Return a plain value, a date as one field that says which kind of date it is."""
    return {_TIME if isinstance(value, datetime) else _DATE: value.isoformat()} if isinstance(value, date) else value


def _single_in(plain: Any, _kind: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    return datetime.fromisoformat(plain[_TIME]) if _TIME in plain else date.fromisoformat(plain[_DATE])


def _place_out(place: Place) -> dict[str, str]:
    return {name: text for name, text in (("sheet", place.sheet), ("cell", place.cell)) if text}


def _place_in(plain: Mapping[str, str], _kind: Any) -> Place:
    source = _READING.get(_NO_SOURCE)
    return Place(source.name, plain.get("sheet", ""), plain.get("cell", ""), source.container)


def _by_pairs(kind: Any) -> bool:
    """Is it a mapping from pairs, such as a goal and a column? In JSON one of mappings."""
    origin = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, Mapping) and get_origin(get_args(kind)[0]) is tuple


def _pairs_out(kind: Any, converter: Converter) -> Callable[[Any], Any]:
    def out(pairs: Mapping[tuple[Any, Any], Any]) -> dict[Any, dict[Any, Any]]:
        found: dict[Any, dict[Any, Any]] = {}
        for (first, second), value in pairs.items():
            found.setdefault(converter.unstructure(first), {})[converter.unstructure(second)] = converter.unstructure(value)
        return found
    return out


def _pairs_in(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    (one, two), of = get_args(get_args(kind)[0]), get_args(kind)[1]

    def into(plain: Mapping[str, Mapping[str, Any]], _kind: Any) -> dict[tuple[Any, Any], Any]:
        return {(converter.structure(first, one), converter.structure(second, two)): converter.structure(value, of)
                for first, inside in plain.items() for second, value in inside.items()}
    return into


def _made() -> Converter:
    made = Converter(omit_if_default=True, detailed_validation=False, unstruct_collection_overrides={frozenset: sorted})

    def is_record(kind: Any) -> bool:
        return is_namedtuple(kind) and kind is not Place

    made.register_unstructure_hook(date, _single_out)
    made.register_structure_hook(date, lambda plain, kind: _single_in({**plain}, kind))
    made.register_unstructure_hook_func(_is_single, _single_out)
    made.register_structure_hook_func(_is_single, _single_in)
    made.register_unstructure_hook(Place, _place_out)
    made.register_structure_hook(Place, _place_in)
    made.register_unstructure_hook_factory(is_record, lambda kind: namedtuple_dict_unstructure_factory(kind, made, True))
    here = {name: override(omit=True) for name in ("source", "form", "who", "name")}  # those of the file an answer stands in
    made.register_unstructure_hook(Answer, namedtuple_dict_unstructure_factory(Answer, made, True, **here))
    made.register_structure_hook_factory(is_record, lambda kind: namedtuple_dict_structure_factory(kind, made))
    made.register_unstructure_hook_factory(_by_pairs, lambda kind: _pairs_out(kind, made))
    made.register_structure_hook_factory(_by_pairs, lambda kind: _pairs_in(kind, made))
    read = made.get_structure_hook(Finding)  # a problem that was remembered matters as much as the catalogue now says
    made.register_structure_hook(Finding, lambda plain, kind: read(
        {**plain, "level": CATALOGUE[plain["code"]][0]} if plain["code"] in CATALOGUE else plain, kind))
    return made


_CONVERTER = _made()
