"""What people see is in one Danish: words that are agreed on, one kind of quotation marks, dates as they are written here.

The rules that a test can hold. A word that is right somewhere is allowed there by its sentence, with the reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = [path for folder in ("aftale", "scripts", "templates", "packaging") for path in sorted((ROOT / folder).rglob("*.py"))]
CODE += [ROOT / "docs" / "habits.py"]
PAGES = [ROOT / "docs" / f"{name}.md" for name in ("vejledning", "vaner", "installation", "data")]
PAGES += [ROOT / "examples" / "viborg_2015" / "LAESMIG.md", *sorted((ROOT / "templates" / "breve").glob("*.txt")),
          *sorted((ROOT / "packaging" / "windows" / "folder").glob("*.txt"))]
OTHERS = frozenset(("aftale/document/words.py", "aftale/document/targets.py", "aftale/document/target_parts.py",
                    "aftale/cells/statuses.py", "aftale/steps/demo_answers_xlsx.py"))
"""Modules whose Danish is what others write, not what the program says."""
WORDS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    # a word, as a pattern: what to write in its place; why and in what words it is right after all
    r"\ber skrevet(?:: | om\b)|[Ii]ntet er skrevet|Skrevet: ": ("gemt", "", ()),
    r"før(?:t|er|es) med\b": ("taget med, overført", "", ()),
    r"[Pp]rojektmappe\w*": ("Excel-fil, filen", "the names in Excel's own menus",
                            ("»Excel-projektmappe (.xlsx)«", "Beskyt projektmappe", "Excel-projektmappe →")),
    r"\bsti(?:en|er)?\b": ("hvor filen ligger", "", ()),
    r"\bmaskine[nr]?\b": ("computeren", "", ()),
    r"\bpå ny\b": ("igen", "", ()),
    r"\b[Rr]egnskab\w*|\bbogført\b": ("optælling", "", ()),
    r"\b(?:en|[Ee]n) samling\b|\bsamlingen\b": ("samlet overblik", "", ()),
    r"\bfund\b": ("fejl, spørgsmål og oplysninger", "", ()),
    r"\bklamme\w*|\b[Kk]antede? parentes\w*": ("krøllet eller firkantet parentes", "", ()),
    r"(?<!-)\b(?:[Vv]ed|fra|til) midtvejs(?![\w-])": ("midtvejsopfølgningen", "", ()),
    r"\bKSE's udgave\b": ("forvaltningens udgave", "", ()),
    r"\bsnabel-a\b": ("@", "", ()),
    r"\b(?:svar\w*|rækken|række|fil\w*|det) (?:er |bliver )?(?:ikke )?flettet\b": ("taget med i opfølgningen", "", ()),
    r"»aftale«": ("programmet aftale", "the command itself", ("kør »aftale« igen", "»aftale« alene")),
}
SHEETS = ("Mål|Kontrol|Opfølgning|Modstridende svar|Dialog|Overblik|Svaroversigt|Kilder|Forside|Skema|Resultater|"
          "Udviklingsplan|Aftaletekst")
ISO_DAYS = ("skriver år, måned og dag | `2015-10-31`", "i .csv som 2015-10-31")
"""Where a day stands as programs write it: what a colleague may write, and what a file of data holds."""
SENTENCE = (r"(?<!\w\.)[\wæøå»«)%}]: "
            r"(?:den|det|der|du|vi|I|alt|intet|filen|svaret|målet|rækken|cellen|teksten|tallene|programmet)"
            r" (?:er|har|kan|skal|må|blev|bliver|ligger|står|går|hører|mangler|gælder|viser|indeholder|kommer|siger)\b")
"""A whole sentence after a colon, as far as its first two words tell."""


@lru_cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def texts_in(path: Path) -> Iterator[str]:
    """Yield the texts of a module or a page, docstrings left out; what is filled in stands as ``{}``."""
    if path.suffix != ".py":
        prose = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
        for part in re.split(r"\n\s*\n|\n(?=[-|#\d])", prose):
            yield " ".join(part.split())
        return
    parts = {id(part) for node in ast.walk(parsed(path)) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Expr):
            parts.add(id(node.value))  # a docstring
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def is_prose(text: str) -> bool:
    """Tell what is said from names, patterns, formulas and English."""
    return " " in text.strip() and not re.search(r"\(\?|\\[bsdw]|^=", text)


@lru_cache
def all_texts() -> tuple[tuple[str, str], ...]:
    return tuple((path.relative_to(ROOT).as_posix(), text) for path in (*CODE, *PAGES) for text in texts_in(path)
                 if path.relative_to(ROOT).as_posix() not in OTHERS and (path.suffix != ".py" or is_prose(text)))


def found(pattern: str, allowed: tuple[str, ...] = ()) -> list[str]:
    """Return the texts in which a pattern stands, those words left out in which it is right."""
    hits = []
    for name, text in all_texts():
        rest = text
        for each in allowed:
            rest = rest.replace(each, "")
        hits += [f"{name}: {text}" for _ in [re.search(pattern, rest)] if _]
    return hits


def test_there_is_something_to_read() -> None:
    assert len(all_texts()) > 2500 and {name for name, _ in all_texts()} > {"aftale/model/problems.py", "docs/vejledning.md"}


@pytest.mark.parametrize(("word", "better", "allowed"), [
    pytest.param(word, better, allowed, id=better) for word, (better, _, allowed) in WORDS.items()])
def test_a_word_that_another_is_agreed_for_stands_nowhere(word: str, better: str, allowed: tuple[str, ...]) -> None:
    assert found(word, allowed) == [], f"write {better}"


@pytest.mark.parametrize("exception", [each for _, _, allowed in WORDS.values() for each in allowed])
def test_every_exception_is_needed(exception: str) -> None:
    assert any(exception in text for _, text in all_texts())


def test_quotation_marks_are_of_one_kind() -> None:
    assert found(r"«\w|\w»") == []


def test_sheets_are_named_without_marks() -> None:
    assert found(rf"\b(?:ark|[Aa]rket|[Aa]rkene|[Pp]å|[Ii]) »(?:{SHEETS})«", ("ikke noget ark »Mål«",)) == []


def test_days_are_written_as_they_are_said() -> None:
    assert found(r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b", ISO_DAYS) == []


def test_a_whole_sentence_after_a_colon_begins_with_a_capital() -> None:
    assert found(SENTENCE) == []
