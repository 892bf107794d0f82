"""The skemaer: which goals each ansvarlig gets, what stands in them, and how a skema remembers what it sent out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from aftale.agreement.agreed_texts import agreed_texts
from aftale.agreement.measures import active_years, baseline_in, goal_sentence, needs_baseline
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
from aftale.model.agreement import THE_DEPARTMENT, Agreement, AnswerColumn, Goal, Level, Measure, Owner, Round, Status, Value
from aftale.model.columns import AGREED_BY_KEY, FILLED_BY, FINISHED, FORM_ID, SKEMA_COLUMNS
from aftale.model.forms import Form, FormLine
from aftale.model.tables import Cell, FormBook
from aftale.model.text import canonical, danish_date, fold

FORM_KIND = "skema"
_GOAL, _FIXED = "mål", "fast"
SPARE_ROWS = 5
ANSWERS: Mapping[str, AnswerColumn] = {"baseline": AnswerColumn.BASELINE,
                                       **{column.value: column for column in AnswerColumn}}
"""The answer that each key of a table's columns may hold."""


@dataclass(frozen=True)
class Earlier:
    """What earlier follow-ups say of a goal: its last status and result, and the result of the year before.

    ``baseline`` is what was answered under Udgangspunkt in an earlier round of this year.
    """

    status: str = ""
    result: float | None = None
    year_before: float | None = None
    baseline: float | None = None


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
        addresses.setdefault(fold(owner.name), owner)
    held: dict[str, tuple[Owner, list[Goal]]] = {}
    for goal in this_year:
        for owner in owners_of(goal, agreement):
            held.setdefault(fold(owner.name), (addresses.get(fold(owner.name), owner), []))[1].append(goal)
    known = earlier or {}
    # A goal with several ansvarlige stands in each of their skemaer.
    drawn = {goal.id: _form_line(agreement, goal, known.get(goal.id, Earlier()))
             for goal in {g.id: g for _, goals in held.values() for g in goals}.values()}
    forms = []
    return_to = canonical(agreement.facts.get("koordinator_mail"))
    for owner, goals in held.values():
        lines = tuple(drawn[goal.id] for goal in goals)
        form = Form(form_id(agreement, round_, owner), "", agreement.id, agreement.fingerprint, agreement.template,
                    agreement.unit, agreement.year, round_, deadline, owner, lines,
                    return_to, department=agreement.short_name)
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


def _form_line(agreement: Agreement, goal: Goal, earlier: Earlier) -> FormLine:
    measure, year = goal.measure, agreement.year
    years = active_years(goal, agreement.family(goal), agreement.plan_years)
    baseline = baseline_in(goal, year, earlier.year_before)
    sealed_values: dict[str, Value] = {
        **{column.key: goal.agreed(column.key) for column in SKEMA_COLUMNS if column.key in AGREED_BY_KEY},
        "goal": _with_agreed_words(goal_sentence(goal, year, years), goal), "baseline": baseline,
        "last_status": earlier.status, "last_result": earlier.result}
    open_columns = {*AnswerColumn} - {AnswerColumn.BASELINE}
    base: dict[AnswerColumn, Value] = {}
    if needs_baseline(measure) and baseline is None:
        open_columns.add(AnswerColumn.BASELINE)
        del sealed_values["baseline"]
        if earlier.baseline is not None:  # open all the same: nobody has agreed on it yet
            base[AnswerColumn.BASELINE] = earlier.baseline
    return FormLine(goal.id, {key: value for key, value in sealed_values.items() if value not in (None, "")}, base,
                    frozenset(open_columns), measure.in_percent, decimals_for(measure), agreed_texts(goal))


def _with_agreed_words(sentence: str, goal: Goal) -> str:
    """Return the target as a sentence, with what is agreed in words of how and when it shows that the goal is reached.

    An Udgangspunkt that couldn't be read as a number («ca. 40») is one of those words.
    """
    baseline = goal.unread.get("baseline")
    return "\n".join(filter(None, (sentence, baseline and f"Udgangspunkt: {baseline}",
                                   goal.indicator and f"Indikator: {goal.indicator}",
                                   goal.due and f"Frist: {goal.due}")))


# ---------------------------------------------------------------- what stands in the workbook

def form_book(form: Form, created: date) -> FormBook:
    """Say what a skema's workbook shows; its ``_aftale`` is added by `form_record` once the rest is fixed."""
    by = f" senest {danish_date(form.deadline)}" if form.deadline else ""
    back = f"Returnér til {form.return_to}{by}" if form.return_to else f"Returnér til koordinatoren{by}"
    fields: list[tuple[str, str, Value]] = [
        ("ansvarlig", "Ansvarlig", form.owner.name), ("frist", "Frist", danish_date(form.deadline) if form.deadline else ""),
        ("udfyldt_af", FILLED_BY, None), ("faerdigt", FINISHED, None), ("skema_id", FORM_ID, form.id)]
    return FormBook(
        f"Opfølgning på aftalen {form.year}",
        f"{form.unit} – {form.round.danish} {form.year} – {form.owner.name}",
        ("Gem en kopi", "Aktivér redigering", "Udfyld de gule felter", back),
        tuple(each for each in fields if each[2] != ""), SKEMA_COLUMNS,
        tuple(_drawn_row(each) for each in form.lines), "Forslag til nye mål eller andet, som aftalen bør rumme",
        SPARE_ROWS, _guide(form), (("status", tuple(Status)), ("janej", ("Ja", "Nej"))), (), created,
        example_day=_last_day(form))


def _last_day(form: Form) -> str:
    """Return a day that a result of the round may be from, as people write it."""
    return f"{'31-05' if form.round is Round.MIDTVEJS else '31-10'}-{form.year}"


def _drawn_row(each: FormLine) -> tuple[Cell, ...]:
    number = "percent" if each.in_percent else "" if each.decimals is None else str(each.decimals)
    cells = []
    for column in SKEMA_COLUMNS:
        shown, answer = number if column.kind == "number" else "", ANSWERS.get(column.key)
        if answer in each.open_columns:
            cells.append(Cell(each.base.get(answer), shown, open=True))
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
    known = (" Står der allerede et tal, er det oplyst tidligere i år: ret det, hvis det er forkert."
             if any(AnswerColumn.BASELINE in each.base for each in form.lines) else "")
    return (
        ("Sådan gør du", "Gem en kopi af skemaet, klik på «Aktivér redigering», udfyld de gule felter på arket Skema, og"
         f" send filen til {to}. Du kan skrive det, du har brug for, også uden for felterne: intet går tabt."),
        ("Udfyldt af", "Skriv dit navn. Så kan koordinatoren se, hvem der har svaret, hvis flere udfylder samme skema."),
        ("Skemaet er færdigt", "Vælg Ja, når du er færdig. Et Ja i et skema helt uden svar betyder, at der ikke er"
         " noget at melde; er der svar på noget, minder vi om de mål, der er tomme."),
        ("Resultat", "Skriv det målte tal i den enhed, der står under Måleenhed – for mål, der opgøres i perioden, det"
         " samlede tal til dato. For vækstmål skriver du niveauet (fx antal besøg), ikke stigningen."),
        ("Udgangspunkt", "Hvor feltet er gult, mangler udgangspunktet. Skriv det tal, der skal måles fra, hvis du har det."
         f"{known}"),
        ("Opgjort pr.", "Den dato, tallet gælder for, fx {_last_day(form)}."),
        ("Bemærkninger", "Forklar kort, hvad der er sket. Det er påkrævet ved «Forventes ikke opfyldt», «Ikke opfyldt» og"
         " «Udgået»."),
        ("Næste skridt", "Hvad sker der nu, og hvornår?"),
        *((f"Status: {status.value}", text) for status, text in statuses.items()),
        ("Forslag", "I de tomme rækker under tabellen kan du skrive forslag til nye mål. De bliver læst, men ændrer ikke"
         " aftalen."),
        ("Låste felter", "De hvide felter er aftalt og låst. Er noget forkert, så skriv det i Bemærkninger."),
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
    return form and replace(form, unknown=unknown_lines(record, form_record(form)))


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
