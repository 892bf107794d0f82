"""The units' goals, results and answers as pandas DataFrames, and as text and bytes for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from aftale.model.findings import Finding
from aftale.units.data_rows import (
    AGREED,
    ANSWERS,
    FILES,
    PROBLEMS,
    RESULTS,
    DataColumn,
    Kind,
    Row,
    agreed_rows,
    answer_rows,
    file_rows,
    problem_rows,
    result_rows,
)
from aftale.units.which_count import Across

_TYPES: dict[Kind, Any] = {"text": pd.StringDtype("python"), "year": pd.Int64Dtype(), "number": pd.Float64Dtype(),
                           "share": pd.Float64Dtype(), "day": "datetime64[ms]", "yes": pd.BooleanDtype()}
YES, NO = "Ja", "Nej"
BEGINS_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a spreadsheet may take a text for a formula by, when it opens a .csv."""
GUARD = "'"
"""Stands before such a text in a .csv, and before one that begins with itself: whoever takes one away has the text."""


@dataclass(frozen=True)
class Frames:
    """Everything in the agreements and follow-ups of some folders, as tables.

    Attributes:
        results: one row per unit, year, round and goal; the same as ``aftale data`` writes.
        goals: what was agreed, one row per unit, year and goal.
        answers: who answered what, one row per answer; only of follow-ups that are read with all that they remember.
        problems: what must be asked or told, one row per finding.
        files: what became of every file, one row per file.
    """

    results: pd.DataFrame
    goals: pd.DataFrame
    answers: pd.DataFrame
    problems: pd.DataFrame
    files: pd.DataFrame


def frames_of(across: Across, problems: Sequence[Finding]) -> Frames:
    """Return all that was gathered, and what was found in it, as tables."""
    return Frames(frame_of(RESULTS, result_rows(across)), frame_of(AGREED, agreed_rows(across)),
                  frame_of(ANSWERS, answer_rows(across)), frame_of(PROBLEMS, problem_rows(problems)),
                  frame_of(FILES, file_rows(across)))


def frame_of(columns: Sequence[DataColumn], rows: Iterable[Row]) -> pd.DataFrame:
    """Return rows as a table with a type for each column; an empty text is nothing."""
    listed = list(rows)
    return pd.DataFrame({column.name: _typed(column, [row.get(column.name) for row in listed]) for column in columns})


def _typed(column: DataColumn, values: list[Any]) -> pd.Series:
    values = [None if value == "" else value for value in values]
    if column.kind == "word":
        strange = sorted({value for value in values if value is not None} - set(column.words))
        return pd.Series(values, dtype=pd.CategoricalDtype([*map(str, column.words), *strange]))
    return pd.Series(values, dtype=_TYPES[column.kind])


# ---------------------------------------------------------------- as .csv and .parquet

def csv_bytes(frame: pd.DataFrame, columns: Sequence[DataColumn] = RESULTS, english: bool = False) -> bytes:
    """Return a table as .csv in UTF-8 with a byte order mark: with ``;`` and decimal commas, or as in English."""
    shown = pd.DataFrame({column.name: _written(frame[column.name], column.kind, english) for column in columns})
    text: str = shown.to_csv(None, sep=_separator(english), index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def _separator(english: bool) -> str:
    return "," if english else ";"


def _written(values: pd.Series, kind: Kind, english: bool) -> list[str | None]:
    """Return a column's values as they stand in a .csv."""
    return [None if pd.isna(value) else _text(value, kind, english) for value in values]


def _text(value: Any, kind: Kind, english: bool) -> str:
    if kind in ("text", "word"):
        return guarded(value)
    if kind == "yes":
        return YES if value else NO
    if kind == "day":
        return str(value.strftime("%Y-%m-%d"))
    shortest = repr(float(value)).removesuffix(".0")
    return shortest if english else shortest.replace(".", ",")


def guarded(text: str) -> str:
    """Return a text as no program takes it for a formula (see `GUARD`)."""
    return f"{GUARD}{text}" if text.lstrip().startswith((*BEGINS_A_FORMULA, GUARD)) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given."""
    return text.removeprefix(GUARD)


def from_csv(data: bytes, columns: Sequence[DataColumn] = RESULTS, english: bool = False) -> pd.DataFrame:
    """Return the table that `csv_bytes` wrote; raises ValueError where it is another one."""
    from io import BytesIO
    read = pd.read_csv(BytesIO(data), sep=_separator(english), encoding="utf-8-sig", dtype=str, keep_default_na=False)
    if list(read.columns) != [column.name for column in columns]:
        raise ValueError("Det er en anden tabel.")
    return pd.DataFrame({column.name: _typed(column, [_back(text, column.kind, english) for text in read[column.name]])
                         for column in columns})


def _back(text: str, kind: Kind, english: bool) -> Any:
    if not text:
        return None
    if kind in ("text", "word"):
        return unguarded(text)
    if kind == "yes":
        return {YES: True, NO: False}[text]
    if kind == "day":
        return date.fromisoformat(text)
    return float(text if english else text.replace(",", "."))


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as .parquet; raises ImportError where pyarrow isn't installed."""
    data: bytes = frame.to_parquet(None, engine="pyarrow", index=False)
    return data
