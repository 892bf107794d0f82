"""The skemaer: which goals each ansvarlig gets, what stands in them, and how a skema remembers what it sent out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256

from aftale.agreement.measures import active_years, baseline_in, needs_baseline, target_sentence, year_target
from aftale.cells.hidden_sheet import AGREEMENT_KIND, Line, Record, line, sealed
from aftale.model.agreement import Agreement, AnswerColumn, Goal, Level, Measure, Owner, Round, Status, Value
from aftale.model.columns import AGREED_BY_KEY, ANSWER_COLUMNS, FILLED_BY, FINISHED, FORM_ID, SKEMA_COLUMNS
from aftale.model.forms import Form, FormLine, Marked
from aftale.model.tables import Cell, FormBook
from aftale.model.text import canonical, danish_date, fold

FORM_KIND = "skema"
YES_NO = ("Ja", "Nej")
SPARE_ROWS = 5


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
    return tuple(g for g in agreement.goals if not g.withdrawn and year in active_years(g, agreement.family(g), plan)
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
    drawn = {goal.id: _form_line(agreement, goal, deadline, known.get(goal.id, Earlier()))
             for goal in {g.id: g for _, goals in held.values() for g in goals}.values()}
    forms = []
    for owner, goals in held.values():
        lines = tuple(drawn[goal.id] for goal in goals)
        form = Form(form_id(agreement, round_, owner), "", agreement.id, agreement.fingerprint, agreement.template,
                    agreement.unit, agreement.year, round_, deadline, owner, lines,
                    canonical(agreement.facts.get("koordinator_mail")))
        forms.append(replace(form, edition=_edition(form)))
    return tuple(forms)


def with_deadline(form: Form, deadline: date | None) -> Form:
    """Return a skema with another deadline, wherever it stands in it."""
    if deadline is None or deadline == form.deadline:
        return form
    lines = tuple(replace(each, sealed={**each.sealed, "deadline": danish_date(deadline)}) for each in form.lines)
    moved = replace(form, deadline=deadline, lines=lines)
    return replace(moved, edition=_edition(moved))


def _edition(form: Form) -> str:
    parts = [repr((each.goal, sorted(each.sealed.items()), sorted(each.base.items()))) for each in form.lines]
    parts += [form.template, canonical(form.deadline), form.owner.email, form.return_to]
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def decimals_for(measure: Measure) -> int | None:
    """Return how many decimals a result is shown with: points have one, counts none, None where it isn't known."""
    if "point" in fold(measure.unit):
        return 1
    numbers = [n for n in (measure.target, measure.baseline) if n is not None]
    whole = all(n == int(n) for n in numbers)
    return 0 if numbers and whole else None


def stored(value: Value, in_percent: bool) -> Value:
    """Return a value as it stands in a cell: points as a share where the cell is in percent."""
    return round(value / 100, 12) if in_percent and isinstance(value, float) else value


def _form_line(agreement: Agreement, goal: Goal, deadline: date | None, earlier: Earlier) -> FormLine:
    measure, year = goal.measure, agreement.year
    years = active_years(goal, agreement.family(goal), agreement.plan_years)
    target = year_target(goal, year)
    baseline = baseline_in(goal, year, earlier.year_before)
    sealed_values: dict[str, Value] = {
        **{column.key: goal.agreed(column.key) for column in SKEMA_COLUMNS if column.key in AGREED_BY_KEY},
        "goal": target_sentence(measure, target, years), "deadline": danish_date(deadline) if deadline else "",
        "baseline": baseline, "last_status": earlier.status, "last_result": earlier.result}
    open_columns = {AnswerColumn.RESULT, AnswerColumn.AS_OF, AnswerColumn.STATUS, AnswerColumn.REMARKS,
                    AnswerColumn.NEXT_STEP}
    base: dict[AnswerColumn, Value] = {}
    if needs_baseline(measure) and baseline is None:
        open_columns.add(AnswerColumn.BASELINE)
        del sealed_values["baseline"]
        if earlier.baseline is not None:  # open all the same: nobody has agreed on it yet
            base[AnswerColumn.BASELINE] = earlier.baseline
    return FormLine(goal.id, {key: value for key, value in sealed_values.items() if value not in (None, "")}, base,
                    frozenset(open_columns), measure.in_percent, decimals_for(measure))


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
        SPARE_ROWS, _guide(form), (("status", tuple(status.value for status in Status)), ("janej", YES_NO)), (), created)


def _drawn_row(each: FormLine) -> tuple[Cell, ...]:
    number = "percent" if each.in_percent else "" if each.decimals is None else str(each.decimals)
    answers = {column.key for column in ANSWER_COLUMNS}
    cells = []
    for column in SKEMA_COLUMNS:
        if column.key in answers:
            answer = AnswerColumn(column.key)
            cells.append(Cell(each.base.get(answer), number if answer is AnswerColumn.RESULT else "", open=True))
        elif column.key == "baseline" and AnswerColumn.BASELINE in each.open_columns:
            cells.append(Cell(each.base.get(AnswerColumn.BASELINE), number, open=True))
        else:
            shown = number if column.kind == "number" else ""
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
        Status.DROPPED: "Taget ud efter aftale med KSE. Skriv hvorfor i Bemærkninger.",
    }
    to = form.return_to or "koordinatoren"
    return (
        ("Sådan gør du", "Gem en kopi af skemaet, klik på «Aktivér redigering», udfyld de gule felter på arket Skema, og"
         f" send filen til {to}. Du kan skrive det, du har brug for, også uden for felterne: intet går tabt."),
        ("Udfyldt af", "Skriv dit navn. Så kan koordinatoren se, hvem der har svaret, hvis flere udfylder samme skema."),
        ("Skemaet er færdigt", "Vælg Ja, når du er færdig. Et Ja uden svar betyder, at der ikke er noget at melde."),
        ("Resultat", "Skriv det målte tal i den enhed, der står under Måleenhed – for mål, der opgøres i perioden, det"
         " samlede tal til dato. For vækstmål skriver du niveauet (fx antal besøg), ikke stigningen."),
        ("Udgangspunkt", "Hvor feltet er gult, mangler udgangspunktet. Skriv det tal, der skal måles fra, hvis du har det."
         f"{_known_baseline(form)}"),
        ("Opgjort pr.", "Den dato, tallet gælder for, fx 31-05-2015."),
        ("Bemærkninger", "Forklar kort, hvad der er sket. Det er påkrævet ved «Forventes ikke opfyldt», «Ikke opfyldt» og"
         " «Udgået»."),
        ("Næste skridt", "Hvad sker der nu, og hvornår?"),
        *((f"Status: {status.value}", text) for status, text in statuses.items()),
        ("Forslag", "I de tomme rækker under tabellen kan du skrive forslag til nye mål. De bliver læst, men ændrer ikke"
         " aftalen."),
        ("Låste felter", "De hvide felter er aftalt og låst. Er noget forkert, så skriv det i Bemærkninger."),
    )


def _known_baseline(form: Form) -> str:
    known = any(AnswerColumn.BASELINE in each.base for each in form.lines)
    return " Står der allerede et tal, er det oplyst tidligere i år: ret det, hvis det er forkert." if known else ""


# ---------------------------------------------------------------- what the skema remembers

def form_record(form: Form) -> tuple[Line, ...]:
    """Return the ``_aftale`` lines of a skema."""
    lines: list[Line] = []
    for name, value in (("slags", FORM_KIND), ("aftale", form.agreement_id), ("fingeraftryk", form.agreement_fingerprint),
                        ("skabelon", form.template), ("enhed", form.unit), ("år", float(form.year)),
                        ("runde", form.round.value), ("frist", form.deadline), ("ansvarlig", form.owner.name),
                        ("e-mail", form.owner.email), ("skema-id", form.id), ("udgave", form.edition),
                        ("returneres til", form.return_to)):
        post = AGREEMENT_KIND if name == "slags" else FORM_KIND
        lines += line(post, "", name, value, "tekst" if isinstance(value, str) else "")
    for each in form.lines:
        for key, sent in each.sealed.items():
            lines += line("låst", each.goal, key, sent)
        for column, base in each.base.items():
            lines += line("sendt", each.goal, column.value, base)
        lines += line("mål", each.goal, "åbne", ";".join(sorted(each.open_columns)))
        lines += line("mål", each.goal, "procent", "Ja" if each.in_percent else "Nej")
        if each.decimals is not None:
            lines += line("mål", each.goal, "decimaler", float(each.decimals))
    for sheet, texts in form.fixed.items():
        for number, (text, times) in enumerate(sorted(texts.items()), 1):
            lines += line("fast", f"{sheet} {number}", str(times), text)
    return sealed((*lines, *_marked_lines(form.marked)))


def _marked_lines(marked: Marked | None) -> Iterator[Line]:
    if marked is None:
        return
    yield from line("retur", "", FILLED_BY, marked.filled_by)
    yield from line("retur", "", FINISHED, marked.finished)
    for (goal, column), text in marked.given.items():
        yield from line("retur", goal, column.value, text)
    for (goal, column), (code, hint) in marked.doubts.items():
        yield from line("tvivl", goal, column.value, f"{code} {hint}")


def _marked_from(record: Record) -> Marked | None:
    if not record.keys("retur"):
        return None
    columns = set(AnswerColumn)
    given = {(goal, AnswerColumn(name)): canonical(value) for goal in record.keys("retur")
             for name, value in record.fields("retur", goal).items() if goal and name in columns}
    doubts = {(goal, AnswerColumn(name)): canonical(value) for goal in record.keys("tvivl")
              for name, value in record.fields("tvivl", goal).items() if name in columns}
    parted = {cell: text.partition(" ") for cell, text in doubts.items()}
    return Marked(given, {cell: (code, hint) for cell, (code, _, hint) in parted.items()},
                  record.text("retur", "", FILLED_BY), record.text("retur", "", FINISHED))


_COLUMNS: Mapping[str, AnswerColumn] = {column.value: column for column in AnswerColumn}


@lru_cache(maxsize=100)
def _open_columns(text: str) -> frozenset[AnswerColumn]:
    return frozenset(_COLUMNS[key] for key in text.split(";") if key in _COLUMNS)


_LATEST: dict[str, Form | None] = {}
_MOST_LATEST = 20


def form_from_record(record: Record) -> Form | None:
    """Read back what `form_record` wrote; None where the record isn't that of a skema.

    The latest ones are remembered by their seal: one skema often comes back several times.
    """
    if not record.seal:
        return _form_from(record)
    if record.seal not in _LATEST:
        if len(_LATEST) >= _MOST_LATEST:
            _LATEST.clear()
        _LATEST[record.seal] = _form_from(record)
    return _LATEST[record.seal]


def _form_from(record: Record) -> Form | None:
    about = record.fields(FORM_KIND)
    if record.text(AGREEMENT_KIND, "", "slags") != FORM_KIND or not about:
        return None
    get = {key: canonical(value) for key, value in about.items()}
    lines = []
    for goal in record.keys("mål"):
        facts = record.fields("mål", goal)
        decimals = facts.get("decimaler")
        lines.append(FormLine(
            goal, record.fields("låst", goal),
            {_COLUMNS[key]: value for key, value in record.fields("sendt", goal).items() if key in _COLUMNS},
            _open_columns(canonical(facts.get("åbne"))),
            facts.get("procent") == "Ja", int(decimals) if isinstance(decimals, float) else None))
    fixed: dict[str, dict[str, int]] = {}
    for key in record.keys("fast"):
        for times, text in record.fields("fast", key).items():
            fixed.setdefault(key.rpartition(" ")[0], {})[canonical(text)] = int(times) if times.isdigit() else 1
    deadline = about.get("frist")
    round_ = get.get("runde", "")
    return Form(get.get("skema-id", ""), get.get("udgave", ""), get.get("aftale", ""), get.get("fingeraftryk", ""),
                get.get("skabelon", ""), get.get("enhed", ""), int(float(get.get("år") or 0)),
                Round(round_) if round_ in set(Round) else Round.MIDTVEJS,
                deadline if isinstance(deadline, date) else None,
                Owner(get.get("ansvarlig", ""), get.get("e-mail", "")), tuple(lines), get.get("returneres til", ""), fixed,
                _marked_from(record))

