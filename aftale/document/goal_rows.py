"""Rows of ``Mål`` from the goals that were found: what columns say, what prose suggests, and what Note says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aftale.agreement.goal_ids import PATTERN
from aftale.agreement.measures import target_in_percent
from aftale.agreement.methods import rule_of
from aftale.document.found_goals import Draft, Ledger, Said, named_goal
from aftale.document.headers import CROSS
from aftale.document.target_parts import PERCENT, numbers_in, value_of, years_in
from aftale.document.targets import Question, Target, points_down, read_questions, read_targets
from aftale.model.agreement import SUGGESTED, Level, Measure, Method, Scope
from aftale.model.columns import AGREED_COLUMNS
from aftale.model.text import ADDRESS, cut, fold, listing, spoken, without_addresses

_MOST_WORDS = 160
_MADE_SUB = "Står i aftalen sammen med effektmålet; gjort til delmål, fordi det har sit eget måltal."
_HEADERS = {column.key: column.header for column in AGREED_COLUMNS}
_PLAIN = re.compile(r"(?P<sign>[+−-])?\s*(?P<what>[0-9][0-9.\u00a0 ]*(?:,[0-9]+)?\s*(?:%|pct\.?|procent)?\s*"
                    r"(?:[^\W\d_].{0,40})?)", re.IGNORECASE)
"""A cell with a number and what it counts."""
_YEAR_FIGURE = re.compile(r"(?i)[^:]*(?:(?:19|20)[0-9]{2}(?:\s*[-–/]\s*[0-9]+)?|kvartal|tertial|halvår|måned|sæson):.*[0-9]")
"""A line of Note that holds what stood under a year or a quarter and is no number to type: »2015: ca. 20«."""
_DESCRIBES = re.compile(r"(?i)[^:]*(?:beskriv|uddyb|konkret)\w*:")
"""A line of Note that says what a goal is in more words, as the prose under it does."""
_PASSED = {*(column.key for column in AGREED_COLUMNS if column.free), "unit", "demands"} - {"note"}


@dataclass(frozen=True)
class Row:
    """A row of ``Mål`` as a document gives it: its texts, its cells by year and by key, and whether any is a proposal."""

    texts: tuple[str, str, str, str]
    years: Mapping[int, str | float]
    cells: Mapping[str, str | float]
    at: str
    suggested: bool


class GoalRows:
    """Makes rows of the goals that were found; ``plan`` are the years of the plan, () where the document doesn't say."""

    def __init__(self, ledger: Ledger, plan: Sequence[int], year: int) -> None:
        self.ledger, self.plan, self.year = ledger, plan, year
        self._known: dict[str, tuple[Target, ...]] = {}

    def rows(self, drafts: Sequence[Draft]) -> list[Row]:
        """Return a row for every goal, and for every heading that has no goals below it."""
        above = {draft.texts[:depth] for draft in drafts for depth in range(1, draft.level.value)}
        needed = [draft for draft in drafts if not draft.implied or draft.texts[:draft.level.value] not in above]
        return [_OneRow(self, draft).made() for draft in self._split_all(needed)]

    def targets(self, text: str) -> tuple[Target, ...]:
        """Return the targets of a text, without what was reached in years before the plan."""
        if text not in self._known:
            first = self.plan[0] if self.plan else self.year
            self._known[text] = tuple(each for each in read_targets(text) if not each.years or max(each.years) >= first)
        return self._known[text]

    def questions(self, text: str) -> tuple[Question, ...]:
        """Return what in a text has to be asked about, what it says of years before the plan too."""
        past = [target for target in read_targets(text) if target not in self.targets(text)]
        return (*read_questions(text), *(Question(
            each.words, tuple(number[0] for number in numbers_in(text[each.start:each.end]))) for each in past))

    def _split_all(self, drafts: Sequence[Draft]) -> Iterator[Draft]:
        """Make delmål of the sentences in an effektmål that have a measure of their own."""
        renamed: dict[tuple[str, ...], str] = {}
        for draft in drafts:
            if draft.level is Level.SUB and draft.above in renamed:
                draft = replace(draft, above=(*draft.above[:2], renamed[draft.above]))
            whole = draft.level is not Level.EFFECT or draft.parent or "target" in draft.fields
            text, own = draft.text, [] if whole else _own_sentences(self.targets(draft.text))
            left = text
            for start, end in reversed(own):
                left = f"{left[:start].rstrip()} {left[end:].lstrip()}".strip()
            if not own or not named_goal(left):  # »3. Mindst 5 kurser« is one sentence with its number
                yield draft
                continue
            renamed[(*draft.above, text)] = left
            yield replace(draft, text_as=left)
            owners = {key: draft.fields[key] for key in ("owners", "emails") if key in draft.fields}
            for start, end in own:
                yield Draft(Level.SUB, (*draft.above, left), draft.paras, {}, owners, (_MADE_SUB,), text_as=text[start:end])


class _OneRow:
    """A row under way: the goal as it was found, and what its cells, years and Note are to hold."""

    def __init__(self, of: GoalRows, draft: Draft) -> None:
        self.of, self.ledger, self.draft = of, of.ledger, draft
        self.notes = list(draft.notes)
        self.cells: dict[str, str | float] = {}
        self.suggested = False
        shares = [bool(PERCENT.search(text)) for text in draft.years.values()]
        if any(shares):
            self.cells["unit"] = "%"
        self.figures = {year: number for year, text in draft.years.items()
                        if text != CROSS and (number := value_of(PERCENT.sub("", text).strip())) is not None}
        self.years: dict[int, str | float] = {
            year: "x" if year not in self.figures else spoken(self.figures[year]) if any(shares) else self.figures[year]
            for year in draft.years}

    def made(self) -> Row:
        """Return the finished row."""
        self._columns()
        if self.draft.level in (Level.EFFECT, Level.SUB):
            self._measure()
            self._deadline()
            if "target" not in self.cells or "target" not in self.draft.fields:
                for question in self._questions():
                    self._ask(question.code, value=listing(question.about), what=cut(question.words, _MOST_WORDS))
        self.cells["note"] = "\n".join(dict.fromkeys(note for note in self.notes if note))
        filled = {key: value for key, value in self.cells.items() if value != ""}
        return Row(self.draft.texts, self.years, filled, self.draft.at, self.suggested)

    def _ask(self, code: str, **words: str) -> None:
        self.ledger.say(code, self.draft.at, **words)

    def _columns(self) -> None:
        """Take over what other columns say; what doesn't fit its cell goes to Note under the column's own name."""
        for key, said in self.draft.fields.items():
            if key in _PASSED:
                self.cells[key] = said.text
            elif key == "note":
                self.notes.insert(0, said.text)
            elif key == "owners":
                self._owners(said)
            elif key == "emails":
                self.cells["emails"] = "; ".join(part.strip() for part in re.split(r"[;,\n]", said.text) if part.strip())
            elif (typed := _typed_in(key, said.text.strip())) is not None:
                self.cells[key] = typed
                if isinstance(typed, str) and PERCENT.search(typed):
                    self.cells.setdefault("unit", "%")
            elif key == "deadline":
                self.cells["due"] = said.text
            elif key != "target":
                self.notes.append(f"{_HEADERS.get(key, key)}: {said.text}")
        if "emails" in self.cells and not self.cells.get("owners"):
            self.notes.append(f"E-mail: {self.cells.pop('emails')}")

    def _owners(self, said: Said) -> None:
        """Take over who is ansvarlig, a line each; addresses beside the names go to E-mail where there is one for each."""
        mails, lines = ADDRESS.findall(said.text), said.text.replace("• ", "").split("\n")
        names = [name for line in lines if (name := without_addresses(line) if mails else line.strip(" ,;"))]
        if mails and len(mails) == len(names or mails):
            self.cells["emails"] = "; ".join(mails)
        elif mails:
            names = said.text.split("\n")
        self.cells["owners"] = "; ".join(names or mails)

    def _measure(self) -> None:
        """Fill the cells of the measure from the column of targets, else from the indicator, else from the goal's text."""
        in_text = () if self.draft.parent else self.of.targets(self.draft.text)
        found = self._from_column()
        if found is not None:  # the text says what the column's number counts
            found = next((t for t in in_text if t.measure.target == found.measure.target), found)
        elif not self.draft.parent and "target" not in self.cells:
            lines = self.draft.fields.get("indicator", Said("")).text.split("\n")
            in_indicator = [target for line in lines for target in self.of.targets(line)]
            counted = in_indicator and (in_indicator[0].measure.target is not None or not in_text)
            found = in_indicator[0] if counted else next(iter(in_text), None)
        if found is not None and found.by_year and set(found.years) - set(self._by_year(found)):
            self._years_said(found)
            in_text, found = tuple(target for target in in_text if target is not found), None
        for target in in_text:
            if target.measure.target is not None and not (found is not None and _same(target, found)):
                words = self.draft.text[target.start:target.end]
                self.notes.append(f"Også nævnt, men ikke i måltallet: »{words}«.")
                self._ask("doc-second-target", value=words, what=cut(self.draft.text, 60))
        if found:
            self._suggest(found)
        else:
            self._delivery()

    def _from_column(self) -> Target | None:
        said = self.draft.fields.get("target")
        if said is None:
            return None
        found = _plain_target(said.text, points_down(self.draft.text)) or next(iter(self.of.targets(said.text)), None)
        if found is None:
            self.ledger.say("doc-target-unread", said.paras[0].at, value=said.text)
        if found is None or found.words.strip(" .") != said.text.strip(" ."):
            self.notes.append(f"Måltal: {said.text}")
        return found

    def _suggest(self, found: Target) -> None:
        m = found.measure
        own_years = self._years_said(found)
        per_year = len(own_years) == 1 and m.method is Method.AT_LEAST and not found.level and self.draft.level is Level.SUB
        if m.method is None and "method" not in self.cells and m.target is not None:
            self._open_method([m.target])
        read = {"method": m.method and m.method.value, "target": None if per_year else _typed(m, m.target),
                "baseline": _typed(m, m.baseline), "unit": m.unit, "scope": m.scope and m.scope.value,
                "indicator": found.indicator}
        values = {key: value for key, value in read.items() if value not in (None, "") and key not in self.cells}
        self.cells |= {key: value for key, value in values.items() if value is not None}
        suggested = list(values)
        column = self.draft.fields.get("target")
        if column and "target" in suggested and _PLAIN.fullmatch(column.text.strip()):
            suggested.remove("target")  # which stands in a column of its own
        by_year = self._by_year(found)
        for year in own_years:
            self.years[year] = m.target if per_year and m.target is not None else "x"
        self.years.update(by_year)
        named = [*(_HEADERS[key] for key in suggested), *(f"året {year}" for year in dict.fromkeys((*own_years, *by_year)))]
        if named:
            words = cut(" ".join(found.words.split()), _MOST_WORDS)
            unsaid = not found.scope_said and rule_of(m.method).level and not found.level and "scope" in suggested
            self.notes.append(f"{SUGGESTED} ud fra »{words}« ({', '.join(named)}) – bekræft eller ret."
                              + (" Der står ikke, om det er pr. år eller i alt; foreslået som i alt." if unsaid else ""))
            self.suggested = True

    def _years_said(self, found: Target) -> list[int]:
        """Return the years that the words name where the goal has no crosses; where they disagree, that is asked about."""
        if not self.years:
            return self._in_plan(found)
        if set(found.years) - set(self.years):
            self._ask("doc-years-differ", value=found.words, what=listing([str(year) for year in sorted(self.years)]))
        return []

    def _open_method(self, numbers: Sequence[float]) -> None:
        """Ask whether figures are the least or the most, where a goal's text speaks of less."""
        self._ask("doc-method-open", what=cut(self.draft.text, 80), value=listing([spoken(number) for number in numbers]))

    def _by_year(self, found: Target) -> dict[int, str | float]:
        """Return the targets of the years that the words name one by one, where the year is crossed or nothing is."""
        crossed = [year for year, value in self.years.items() if value == "x"]
        open_years = crossed if self.years else self._in_plan(found)
        return {year: value for year, target in found.by_year
                if year in open_years and (value := _typed(found.measure, target)) is not None}

    def _in_plan(self, found: Target) -> list[int]:
        first, last = (self.of.plan[0], self.of.plan[-1]) if self.of.plan else (self.of.year, max(found.years, default=0))
        return [year for year in found.years if first <= year <= last]

    def _delivery(self) -> None:
        """Suggest a Leverance where a goal has no figure to reach."""
        numbers = [*self.figures.values()]
        if self.draft.parent or "method" in self.cells or "target" in self.draft.fields or self.draft.text.endswith(":"):
            return
        if numbers and not self._grows(numbers):
            self._open_method(numbers)
        elif numbers:
            self._fill(Method.AT_LEAST, Scope.PER_YEAR, ", fordi der står tal under årene")
        elif not (self._questions() or self.of.targets(self.draft.text) or self.draft.asked
                  or any(map(_YEAR_FIGURE.match, self.draft.notes))):
            self._fill(Method.DELIVERY, Scope.IN_PERIOD, " som leverance, fordi teksten ikke nævner noget at måle på")

    def _grows(self, numbers: Sequence[float]) -> bool:
        """Tell whether figures year by year are the least that is wanted: neither their text nor they point down."""
        base = self.cells.get("baseline")
        first = value_of(PERCENT.sub("", str(base)).strip()) if base is not None else None
        down = numbers[-1] < (numbers[0] if first is None else first)
        return not (down or points_down(self.draft.text))

    def _fill(self, method: Method, scope: Scope, why: str) -> None:
        self.suggested, named = True, "Måltype, Opgøres" if "scope" not in self.cells else "Måltype"
        self.cells = {"method": method.value, "scope": scope.value, **self.cells}
        self.notes.append(f"{SUGGESTED}{why} ({named}) – bekræft eller ret.")

    def _deadline(self) -> None:
        """Suggest the years up to a goal's deadline where nothing else says when it is worked on."""
        said = self.draft.fields.get("deadline", Said(""))
        named = years_in(said.text)
        if not named or self.years:
            return
        first = min(named) if len(set(named)) > 1 or not self.of.year else min(self.of.year, min(named))
        plan = self.of.plan
        wanted = [year for year in range(first, max(named) + 1) if not plan or plan[0] <= year <= plan[-1]]
        if 0 < len(wanted) <= 12:
            self.years.update(dict.fromkeys(wanted, "x"))
            years = ", ".join(f"året {year}" for year in wanted)
            self.notes.append(f"{SUGGESTED} ud fra fristen »{cut(said.text, 60)}« ({years}) – bekræft eller ret.")

    def _questions(self) -> list[Question]:
        """Return what in a goal's text and indicator has to be asked about, and every number of one with delmål."""
        told = [note for note in self.draft.notes if ":" not in note or _DESCRIBES.match(note)]
        told = [self.draft.text] if self.draft.parent else told
        beside = [Question(each.words, tuple(number[0] for number in numbers_in(each.words)))
                  for note in told for each in self.of.targets(note) if each.measure.target is not None or each.by_year]
        texts = told if self.draft.parent else (
            self.draft.text, self.draft.fields.get("indicator", Said("")).text, *told)
        return [*(question for text in texts for question in self.of.questions(text)), *beside]


def _own_sentences(targets: Sequence[Target]) -> list[tuple[int, int]]:
    """Return the sentences that are measures of their own: each further one with a target, a score beside an activity."""
    counted = [target for target in targets if target.measure.target is not None]
    kept = next((target.sentence for target in counted if not (target.level and target.sentence[0] > 0)), None)
    return sorted({target.sentence for target in counted} - {kept})


def _same(one: Target, other: Target) -> bool:
    """Tell whether two targets are one, said twice."""
    a, b = one.measure, other.measure
    return one is other or (a.target == b.target and a.method == b.method and (a.unit == b.unit or not a.unit or not b.unit))


def _plain_target(text: str, downward: bool) -> Target | None:
    """Read a cell with a number and what it counts as if »Mindst« stood before it; ``downward`` goals get no måltype."""
    plain = _PLAIN.fullmatch(text.strip())
    if plain is None:
        return None
    said = {None: "Mindst", "+": "Stigning på"}.get(plain["sign"], "Fald på")
    found = read_targets(f"{said} {plain['what']}")
    if len(found) != 1:
        return None
    measure = found[0].measure
    if downward and measure.method is Method.AT_LEAST:
        measure = replace(measure, method=None)
    return replace(found[0], measure=measure, words=text.strip())


def _typed(measure: Measure, value: float | None) -> str | float | None:
    """Return a number as a person would type it in its cell: percentages as text, so that 5 is 5 % and not 500 %."""
    if value is None:
        return None
    return spoken(value) if target_in_percent(measure) else value


def _typed_in(key: str, text: str) -> str | float | None:
    """Return what a column holds as it is typed in its cell on ``Mål``, None where it doesn't fit there."""
    if key == "id":
        return text if PATTERN.fullmatch(text) else None
    kinds: list[str] = [*(Method if key == "method" else Scope if key == "scope" else ())]
    if key == "baseline":
        return text if PERCENT.search(text) and value_of(PERCENT.sub("", text).strip()) is not None else value_of(text)
    return next((str(each) for each in kinds if fold(each) == fold(text)), None)
