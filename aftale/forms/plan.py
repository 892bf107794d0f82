"""The skemaer: which goals each ansvarlig gets, what stands in them, and how a skema remembers what it sent out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from aftale.agreement.agreed_texts import agreed_texts
from aftale.agreement.measures import active_years, baseline_in, goal_sentence, needs_baseline, without_own_measure
from aftale.agreement.methods import rule_of
from aftale.agreement.read_goals import with_effects
from aftale.cells.hidden_sheet import (
    AGREEMENT_KIND,
    CONTENT,
    JSON,
    SHORT,
    Line,
    Record,
    json_text,
    line,
    sealed,
    unknown_lines,
    with_unknown,
)
from aftale.cells.named_json import as_json, from_plain
from aftale.forms import card
from aftale.forms.card import Said
from aftale.model.agreement import (
    THE_DEPARTMENT,
    Agreement,
    AnswerColumn,
    Goal,
    Level,
    Measure,
    Method,
    Owner,
    Round,
    Status,
    Value,
)
from aftale.model.columns import (
    AGREED_BY_KEY,
    FILLED_BY,
    FINISHED,
    FORM_ID,
    FORMER_SKEMA_COLUMNS,
    LOOK_UP_KEYS,
    SKEMA_COLUMNS,
    Column,
    pixels,
)
from aftale.model.forms import Form, FormLine
from aftale.model.tables import Cell, FormBook
from aftale.model.text import canonical, danish_date, danish_number, fold
from aftale.office.palette import STATUS_MARKS

FORM_KIND = "skema"
_GOAL, _FIXED = "mål", "fast"
SPARE_ROWS = 3
ANSWERS: Mapping[str, AnswerColumn] = {"baseline": AnswerColumn.BASELINE,
                                       **{column.value: column for column in AnswerColumn}}
"""The answer that each key of a table's columns may hold."""


_MOST_PIXELS = 1480
"""What a screen of 1,536 pixels has room for beside the row numbers and the scroll bar."""
_CAN_SHRINK = (("card", 46), ("naeste_skridt", 24))
"""The columns that give up some of their width, and how much at most, where the others need it."""
_QUOTING = pixels(190)


@dataclass(frozen=True)
class Earlier:
    """What earlier follow-ups say of a goal: its last status and result, and the result of the year before.

    ``baseline`` is what was answered under Udgangspunkt in an earlier round of this year. ``round`` is the year and the
    round that status and result are from; ``own`` is what was written under Bemærkninger then, and ``said`` what others
    have said of the goal since, in order.
    """

    status: str = ""
    result: float | None = None
    year_before: float | None = None
    baseline: float | None = None
    round: tuple[int, str] | None = None
    own: str = ""
    said: tuple[Said, ...] = ()


def round_goals(agreement: Agreement, year: int) -> tuple[Goal, ...]:
    """Return the goals that are followed up in a year: active, not withdrawn, and not merely headings."""
    plan = agreement.plan_years
    return tuple(g for g in with_effects(agreement).goals if not g.withdrawn
                 and year in active_years(g, agreement.family(g), plan)
                 and (g.level in (Level.EFFECT, Level.SUB) or g.owners))


def owners_of(goal: Goal, agreement: Agreement) -> tuple[Owner, ...]:
    """Return who answers for a goal: its own ansvarlige, else (for a delmål) those of its effektmål."""
    if goal.owners or goal.level is not Level.SUB:
        return goal.owners
    return next((g.owners for g in agreement.family(goal) if g.level is Level.EFFECT), ())


def also_answering(goal: Goal, owner: Owner, agreement: Agreement) -> list[str]:
    """Return who answers for a goal besides one of its ansvarlige."""
    return [each.name for each in owners_of(goal, agreement) if each.folded != owner.folded]


def followers(goals: Sequence[Goal]) -> frozenset[str]:
    """Return the effektmål of a year's goals that nobody is asked about, because they follow their delmål."""
    above = {goal.folded[:3] for goal in goals if goal.level is Level.SUB}
    return frozenset(goal.id for goal in goals if goal.level is Level.EFFECT and goal.folded[:3] in above
                     and without_own_measure(goal))


def form_id(agreement: Agreement, round_: Round, owner: Owner) -> str:
    """Return the skema id: a hash of agreement, year, round and ansvarlig that no program reads as a number."""
    text = "|".join((agreement.id, str(agreement.year), round_.value, fold(owner.name)))
    digest = sha256(text.encode()).hexdigest().upper()
    return f"S-{digest[:4]}-{digest[4:8]}"


def plan_forms(agreement: Agreement, round_: Round, deadline: date | None,
               earlier: Mapping[str, Earlier] | None = None) -> tuple[Form, ...]:
    """Plan one skema per ansvarlig with the year's goals, in the agreement's order."""
    this_year = round_goals(agreement, agreement.year)
    addresses: dict[str, Owner] = {}
    for owner in (o for g in (*this_year, *agreement.goals) for o in g.owners if o.email):
        addresses.setdefault(owner.folded, owner)
    held: dict[str, tuple[Owner, list[Goal]]] = {}
    for goal in this_year:
        for owner in owners_of(goal, agreement):
            held.setdefault(owner.folded, (addresses.get(owner.folded, owner), []))[1].append(goal)
    lines = _Lines(agreement, this_year, earlier or {})
    forms = []
    return_to = canonical(agreement.facts.get("koordinator_mail"))
    for owner, goals in held.values():
        form = Form(form_id(agreement, round_, owner), "", agreement.id, agreement.fingerprint, agreement.template,
                    agreement.unit, agreement.year, round_, deadline, owner, tuple(lines.of(goal, owner) for goal in goals),
                    return_to, department=agreement.short_name, last=lines.last)
        forms.append(replace(form, edition=_edition(form)))
    return tuple(forms)


def with_deadline(form: Form, deadline: date | None) -> Form:
    """Return a skema with another deadline of the round."""
    if deadline is None or deadline == form.deadline:
        return form
    moved = replace(form, deadline=deadline)
    return replace(moved, edition=_edition(moved))


def _edition(form: Form) -> str:
    parts = [repr((each.goal, sorted(each.sealed.items()), sorted(each.base.items()))) for each in form.lines]
    parts += [form.template, canonical(form.deadline), form.owner.email, form.return_to, *filter(None, [form.department])]
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def decimals_for(measure: Measure) -> int | None:
    """Return how many decimals a result is shown with: points have one, counts none, None where it isn't known."""
    if "point" in fold(measure.unit):
        return 1
    numbers = [n for n in (measure.target, measure.baseline) if n is not None]
    return 0 if numbers and all(n == int(n) for n in numbers) else None


def stored(value: Value, in_percent: bool) -> Value:
    """Return a value as it stands in a cell: points as a share where the cell is in percent."""
    return round(value / 100, 12) if in_percent and isinstance(value, float) else value


class _Lines:
    """The lines of a round's skemaer; a goal with several ansvarlige stands in each of theirs."""

    def __init__(self, agreement: Agreement, goals: Sequence[Goal], earlier: Mapping[str, Earlier]) -> None:
        self.agreement, self.earlier = agreement, earlier
        self.followers = followers(goals)
        self.round = max((each.round for each in earlier.values() if each.round), key=_in_time, default=None)
        self.last = self._name(self.round)
        self.drawn: dict[str, FormLine] = {}

    def of(self, goal: Goal, owner: Owner) -> FormLine:
        """Return a goal's line in an ansvarlig's skema."""
        line = self.drawn.get(goal.id) or self.drawn.setdefault(goal.id, self._line(goal))
        also = also_answering(goal, owner, self.agreement)
        return replace(line, sealed={**line.sealed, "card": _card(goal, also)}) if also else line

    def _name(self, round_: tuple[int, str] | None) -> str:
        return self.agreement.month_of(round_[0], Round(round_[1])) if round_ else ""

    def _line(self, goal: Goal) -> FormLine:
        measure, year = goal.measure, self.agreement.year
        earlier = self.earlier.get(goal.id, Earlier())
        years = active_years(goal, self.agreement.family(goal), self.agreement.plan_years)
        baseline = baseline_in(goal, year, earlier.year_before)
        follows = goal.id in self.followers
        sealed_values: dict[str, Value] = {
            **{column.key: goal.agreed(column.key) for column in SKEMA_COLUMNS if column.key in AGREED_BY_KEY},
            "card": _card(goal), "goal": card.target(goal, goal_sentence(goal, year, years), baseline, follows),
            "baseline": baseline, "last": self._last(goal, earlier) if self.round else ""}
        open_columns = {*AnswerColumn} - {AnswerColumn.BASELINE}
        base: dict[AnswerColumn, Value] = {}
        if needs_baseline(measure) and baseline is None:
            open_columns.add(AnswerColumn.BASELINE)
            del sealed_values["baseline"]
            if earlier.baseline is not None:  # open all the same: nobody has agreed on it yet
                base[AnswerColumn.BASELINE] = earlier.baseline
        return FormLine(goal.id, {key: value for key, value in sealed_values.items() if value not in (None, "")}, base,
                        frozenset(open_columns), measure.in_percent, decimals_for(measure), agreed_texts(goal),
                        rule_of(measure.method).measured, _not_asked(goal, follows),
                        card.whole_texts(goal, earlier.own, earlier.said, self.last))

    def _last(self, goal: Goal, earlier: Earlier) -> str:
        unit = "%" if goal.measure.in_percent else goal.measure.unit
        result = "" if earlier.result is None else f"{danish_number(earlier.result)} {unit}".strip()
        when = self._name(earlier.round) if earlier.round != self.round else ""
        return card.last(STATUS_MARKS.get(earlier.status, ""), earlier.status, result, when, earlier.own, earlier.said)


def _in_time(round_: tuple[int, str]) -> tuple[int, int]:
    return round_[0], list(Round).index(Round(round_[1]))


def _card(goal: Goal, also: Sequence[str] = ()) -> str:
    return card.card(goal.text, goal.texts[2] if goal.level is Level.SUB else "", also)


def _not_asked(goal: Goal, follows: bool) -> frozenset[AnswerColumn]:
    """Return the answers that nobody asks for of a goal; people may give them all the same."""
    if follows:
        return frozenset(AnswerColumn) - {AnswerColumn.BASELINE}
    delivered = goal.measure.method is Method.DELIVERY
    return frozenset((AnswerColumn.RESULT, AnswerColumn.AS_OF)) if delivered else frozenset()


# ---------------------------------------------------------------- what stands in the workbook

def columns_of(form: Form) -> tuple[Column, ...]:
    """Return the columns of a skema: what has nothing to say in it is left out, and all that is written in fits a screen."""
    shown = [column for column in SKEMA_COLUMNS if _has(form, column.key)]
    room = _MOST_PIXELS
    wide = {}
    for column in shown:
        quoting = column.key == "last" and any(_is_quoted(line) for line in form.lines)
        wide[column.key] = _QUOTING if quoting else column.width
        room -= 0 if column.key in LOOK_UP_KEYS else round(wide[column.key] * 7 + 5)
    for key, most in _CAN_SHRINK:
        give = min(most, max(-room, 0))
        wide[key] -= give / 7
        room += give
    return tuple(replace(column, width=wide[column.key], header=_header(column, form)) for column in shown)


def _has(form: Form, key: str) -> bool:
    if key == "baseline":
        return any(AnswerColumn.BASELINE in line.open_columns for line in form.lines)
    if key == "last":
        return bool(form.last)
    return key not in LOOK_UP_KEYS or any(key in line.sealed for line in form.lines)


def _header(column: Column, form: Form) -> str:
    return f"{column.header} ({form.last})" if column.key == "last" else column.header


def _is_quoted(line: FormLine) -> bool:
    """Is somebody else's remark quoted under Sidst?"""
    return any(look == card.VOICE for look, _ in card.pieces("last", canonical(line.sealed.get("last"))))


def known_columns(form: Form) -> tuple[Column, ...]:
    """Return the columns by which a returned skema is read: those that it was sent with, by this version or a former."""
    if form.lines and not any("card" in line.sealed for line in form.lines):
        return FORMER_SKEMA_COLUMNS
    return columns_of(form)


def form_book(form: Form, created: date) -> FormBook:
    """Say what a skema's workbook shows; its ``_aftale`` is added by `form_record` once the rest is fixed."""
    by = f" senest {danish_date(form.deadline)}" if form.deadline else ""
    back = f"Vælg Ja ved »{FINISHED}«, gem, og returnér til {form.return_to or 'koordinatoren'}{by}"
    fields: tuple[tuple[str, str, Value], ...] = (
        ("udfyldt_af", FILLED_BY, None), ("faerdigt", FINISHED, None), ("skema_id", FORM_ID, form.id))
    where = " · ".join(filter(None, (form.unit, f"{form.round.danish} {form.year}", form.owner.name)))
    columns = columns_of(form)
    return FormBook(
        f"Opfølgning på aftalen {form.year}", where, ("Gem en kopi", "Aktivér redigering", "Udfyld de gule felter", back),
        fields, columns, tuple(_drawn_row(each, columns) for each in form.lines),
        "Forslag til nye mål eller andet, som aftalen bør rumme",
        SPARE_ROWS, _guide(form), (("status", tuple(Status)), ("janej", ("Ja", "Nej"))), (), created,
        example_day=_last_day(form), measured=tuple(each.measured for each in form.lines),
        whole=tuple((each.goal, *whole) for each in form.lines for whole in each.whole))


def _last_day(form: Form) -> str:
    """Return a day that a result of the round may be from, as people write it."""
    return f"{'31-05' if form.round is Round.MIDTVEJS else '31-10'}-{form.year}"


def _drawn_row(each: FormLine, columns: Sequence[Column]) -> tuple[Cell, ...]:
    number = "percent" if each.in_percent else "" if each.decimals is None else str(each.decimals)
    cells = []
    for column in columns:
        shown, answer = number if column.kind == "number" else "", ANSWERS.get(column.key)
        if answer in each.open_columns:
            mark = "idle" if answer in each.idle else ""
            cells.append(Cell(each.base.get(answer), shown, mark, open=True))
        else:
            cells.append(Cell(each.sealed.get(column.key), shown))
    return tuple(cells)


def _guide(form: Form) -> tuple[tuple[str, str], ...]:
    statuses = {
        Status.MET: "Målet er nået, eller leverancen er færdig.",
        Status.EXPECTED: "Fristen er ikke nået, og det går efter planen.",
        Status.NOT_EXPECTED: "Fristen er ikke nået, men målet ventes ikke at blive nået. Skriv hvorfor i Bemærkninger.",
        Status.PARTLY: "Noget er nået, men en del af målet mangler.",
        Status.NOT_MET: "Målet blev ikke nået ved fristen. Skriv hvorfor i Bemærkninger.",
        Status.NOT_STARTED: "Arbejdet er ikke begyndt endnu.",
        Status.AWAITING: "Kan ikke måles endnu, fx fordi en undersøgelse mangler.",
        Status.DROPPED: f"Taget ud efter aftale med {form.department or THE_DEPARTMENT}. Skriv hvorfor i Bemærkninger.",
    }
    to = form.return_to or "koordinatoren"
    known = (" Står der allerede et tal, er det oplyst tidligere i år: Ret det, hvis det er forkert."
             if any(AnswerColumn.BASELINE in each.base for each in form.lines) else "")
    idle = [line.idle for line in form.lines if line.idle]
    grey = [text for text, told in (
        ("Målet måles ikke i tal: Skriv kun Resultat og Opgjort pr., hvis du har et tal alligevel.",
         any(AnswerColumn.STATUS not in each for each in idle)),
        ("Et effektmål, der følger af sine delmål, skal kun udfyldes, hvis du mener noget andet end delmålene.",
         any(AnswerColumn.STATUS in each for each in idle))) if told]
    return (
        ("Sådan gør du", "Gem en kopi af skemaet, klik på »Aktivér redigering«, udfyld de gule felter på arket Skema, og"
         f" send filen til {to}. Du kan skrive det, du har brug for, også uden for felterne: Intet går tabt."),
        ("Udfyldt af", "Skriv dit navn. Så kan koordinatoren se, hvem der har svaret, hvis flere udfylder samme skema."),
        ("Skemaet er færdigt", "Vælg Ja, når du er færdig. Et Ja i et skema helt uden svar betyder, at der ikke er"
         " noget at melde; er der svar på noget, minder vi om de mål, der er tomme."),
        ("✓ ved Mål-id", "Målet er besvaret. Hvor der mangler noget, eller resultatet ikke er et tal, er der intet"
         " flueben."),
        *((("Grå felter", " ".join(grey)),) if grey else ()),
        *(((f"Sidst ({form.last})", "Det, I svarede sidst, og det, der er skrevet til det siden. Er noget forkert, så skriv"
            " det i Bemærkninger."),) if form.last else ()),
        ("Resultat", "Skriv det målte tal i den enhed, der står under Mål – for mål, der opgøres i perioden, det"
         " samlede tal til dato. For vækstmål skriver du niveauet (fx antal besøg), ikke stigningen."),
        *((("Udgangspunkt", "Hvor feltet er gult, mangler udgangspunktet. Skriv det tal, der skal måles fra, hvis du har"
            f" det.{known}"),) if _has(form, "baseline") else ()),
        ("Opgjort pr.", f"Den dato, tallet gælder for, fx {_last_day(form)}."),
        ("Bemærkninger", "Forklar kort, hvad der er sket. Det skal du ved »Forventes ikke opfyldt«, »Ikke opfyldt« og"
         " »Udgået«."),
        ("Næste skridt", "Hvad sker der nu, og hvornår?"),
        *((f"Status: {status.value}", text) for status, text in statuses.items()),
        ("Forslag", "I de tomme rækker under tabellen kan du skrive forslag til nye mål. De bliver læst, men ændrer ikke"
         " aftalen."),
        ("Låste felter", "De hvide felter er aftalt og låst. Er noget forkert, så skriv det i Bemærkninger. Længst til højre"
         " står målene med aftalens egne ord."),
    )


# ---------------------------------------------------------------- what the skema remembers

def form_record(form: Form) -> tuple[Line, ...]:
    """Return the ``_aftale`` lines of a skema: one about itself, one for each goal and one for each sheet's fixed texts."""
    about = replace(form, lines=(), fixed={}, unknown=())
    lines = [*line(AGREEMENT_KIND, "", "slags", FORM_KIND), *line(FORM_KIND, "", CONTENT, as_json(about), JSON, SHORT)]
    for each in form.lines:
        lines += line(_GOAL, each.goal, CONTENT, as_json(each), JSON, SHORT)
    for sheet, texts in form.fixed.items():
        lines += line(_FIXED, sheet, CONTENT, json_text(dict(texts), in_order=True), JSON, SHORT)
    return sealed(with_unknown(lines, form.unknown))


def form_to_send_again(record: Record) -> Form | None:
    """Read back a skema to write it again, with all that a newer version has written in it; None where it was changed."""
    form = form_from_record(record) if record.intact else None
    return form and _as_now(replace(form, unknown=unknown_lines(record, form_record(form))))


def _as_now(form: Form) -> Form:
    """Return a skema of a former version with the cells that it is drawn with now."""
    if known_columns(form) is not FORMER_SKEMA_COLUMNS:
        return form
    rounds = any("last_status" in line.sealed or "last_result" in line.sealed for line in form.lines)
    return replace(form, last="tidligere" if rounds else "", lines=tuple(_line_as_now(line, rounds) for line in form.lines))


def _line_as_now(line: FormLine, rounds: bool) -> FormLine:
    said = {key: canonical(value) for key, value in line.sealed.items() if value is not None}
    effect, sub = said.get("effect", ""), said.get("sub", "")
    text = sub or effect or said.get("focus", "") or said.get("development", "")
    status, figure = said.get("last_status", ""), line.sealed.get("last_result")
    unit = "%" if line.in_percent else said.get("unit", "")
    result = f"{danish_number(figure)} {unit}".strip() if isinstance(figure, float) else ""
    kept = {key: value for key, value in line.sealed.items() if key not in ("due", "last_status", "last_result")}
    method = line.agreed.get("method", "")
    return replace(
        line, measured=method in list(Method) and rule_of(Method(method)).measured,
        idle=frozenset((AnswerColumn.RESULT, AnswerColumn.AS_OF)) if method == Method.DELIVERY else frozenset(),
        sealed={**kept, "card": card.card(text, effect if sub else ""),
                **({"last": card.last(STATUS_MARKS.get(status, ""), status, result, "", "", ())} if rounds else {})},
        whole=(card.Whole("Målet", text),) if len(text) > card.TEXT_ROOM else ())


def form_from_record(record: Record) -> Form | None:
    """Read back what `form_record` wrote; None where the record isn't that of a skema, or was cut up by somebody."""
    return _form_from(record.lines)


@lru_cache(20)  # one skema often comes back several times
def _form_from(lines: tuple[Line, ...]) -> Form | None:
    record = Record(lines)
    if record.text(AGREEMENT_KIND, "", "slags") != FORM_KIND:
        return None
    try:
        about, = _contents(record, FORM_KIND).values()
        return from_plain({**about, "lines": [*_contents(record, _GOAL).values()], "fixed": _contents(record, _FIXED)}, Form)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def _contents(record: Record, post: str) -> dict[str, Any]:
    return {key: json.loads(record.text(post, key, CONTENT)) for key in record.keys(post)}
