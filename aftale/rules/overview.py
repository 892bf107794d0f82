"""``Overblik``: the sentence, the counts and what a reader should look at first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aftale.rules.kontrol import number_style
from aftale.rules.verdict import Verdict
from aftale.words.domain import (
    MISSING,
    NOT_STATED,
    UNDECIDED,
    Agreement,
    Column,
    Demand,
    Level,
    Measure,
    Round,
    Status,
    Value,
)
from aftale.words.sheets import ASSESSMENT, FRAME_REMARK, IN_FRAME, KSE_REMARK
from aftale.words.tables import Overview
from aftale.words.text import canonical, count, danish_date, danish_number, listing

BOXES = (ASSESSMENT, IN_FRAME, FRAME_REMARK, KSE_REMARK)
COUNTED = (*(status.value for status in Status), UNDECIDED, MISSING)
_URGENT = (UNDECIDED, Status.NOT_MET.value, Status.NOT_EXPECTED.value, Status.PARTLY.value, MISSING)
_MOST = 8


def overview(agreement: Agreement, round_: Round, verdicts: Sequence[Verdict], boxes: Mapping[str, Value],
             links: Mapping[str, str]) -> Overview:
    """Sum up the round; it counts the year's effektmål, not the delmål."""
    year = [v for v in verdicts if v.active and v.goal.level is Level.EFFECT]
    counts = tuple((status, sum(v.shown == status for v in year)) for status in COUNTED)
    facts = [("Enhed", agreement.unit), ("Forvaltning", agreement.department),
             ("Udviklingsplan", f"{agreement.period[0]}-{agreement.period[1]}"), ("Tema", agreement.theme),
             ("Effektmål i året", danish_number(len(year))), ("Frist", _deadline(agreement, round_)),
             ("Koordinator", canonical(agreement.facts.get("koordinator"))),
             ("Økonomisk ramme", canonical(agreement.facts.get("oekonomisk_ramme")))]
    return Overview(
        f"{agreement.unit or 'Aftalen'}: {round_.danish} {agreement.year}",
        f"Dialogbaseret aftale mellem {agreement.unit or 'enheden'} og {agreement.department or 'forvaltningen'}",
        headline(year), tuple((label, value) for label, value in facts if value), counts, _matrix(year),
        _demands(year), _attention(verdicts, links), tuple((label, boxes.get(label)) for label in BOXES))


def _deadline(agreement: Agreement, round_: Round) -> str:
    day = agreement.facts.get(f"frist_{round_.value}")
    return danish_date(day) if day is not None and not isinstance(day, str | float) else canonical(day)


def headline(year: Sequence[Verdict]) -> str:
    """Say the year in one sentence: the one that a reader would want first."""
    if not year:
        return "Aftalen har ingen effektmål i året."
    words = {
        Status.MET.value: "er opfyldt", Status.EXPECTED.value: "forventes opfyldt",
        Status.PARTLY.value: "er delvist opfyldt",
        Status.NOT_EXPECTED.value: "forventes ikke opfyldt", Status.NOT_MET.value: "er ikke opfyldt",
        Status.NOT_STARTED.value: "er ikke igangsat", Status.AWAITING.value: "afventer data",
        Status.DROPPED.value: "er udgået", UNDECIDED: "er uafklaret", MISSING: "mangler svar"}
    numbers = [(sum(v.shown == status for v in year), text) for status, text in words.items()]
    said = [(number, text) for number, text in numbers if number]
    first = f"{said[0][0]} af årets {len(year)} effektmål {said[0][1]}"
    if said[0][0] == len(year):
        return f"Alle årets {len(year)} effektmål {said[0][1]}." if len(year) > 1 else f"Årets ene effektmål {said[0][1]}."
    return f"{listing([first, *(f'{number} {text}' for number, text in said[1:])])}."


def _matrix(year: Sequence[Verdict]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    names = list(dict.fromkeys(v.goal.texts[0] for v in year))
    return tuple((name, tuple(sum(v.shown == status and v.goal.texts[0] == name for v in year) for status in COUNTED))
                 for name in names)


def _demands(year: Sequence[Verdict]) -> tuple[tuple[str, str], ...]:
    found = []
    for demand in Demand:
        serving = [v for v in year if demand.value in v.goal.demands]
        met = sum(v.shown == Status.MET.value for v in serving)
        found.append((demand.value, f"{count(len(serving), 'effektmål', 'effektmål')}, heraf {met} opfyldt"
                      if serving else NOT_STATED))
    return tuple(found)


def _attention(verdicts: Sequence[Verdict], links: Mapping[str, str]) -> tuple[tuple[str, str, str, str, str], ...]:
    urgent = [v for v in verdicts if v.active and (v.shown in _URGENT or v.contradicts)
              and (v.goal.level is Level.EFFECT or v.shown not in (MISSING, Status.PARTLY.value))]
    urgent.sort(key=lambda v: _URGENT.index(v.shown) if v.shown in _URGENT else len(_URGENT))
    return tuple((v.goal.id, v.goal.text, v.shown, why(v), links.get(v.goal.id, "")) for v in urgent[:_MOST])


def why(verdict: Verdict) -> str:
    """Say in a few words why a goal deserves a look."""
    if verdict.undecided(Column.STATUS) or any(c.conflict for c in verdict.answers.values()):
        return "Der er givet forskellige svar."
    if verdict.contradicts:
        return f"Tallene peger på «{verdict.computed}»."
    remark = canonical(verdict.value(Column.REMARKS))
    result = verdict.value(Column.RESULT)
    if isinstance(result, float) and verdict.target is not None:
        figure = f"Resultat {level_text(verdict.goal.measure, result)}"
        return f"{figure}. {remark}"[:180] if remark else f"{figure}."
    if verdict.shown == MISSING:
        names = listing([owner.name for owner in verdict.owners])
        return f"{names} har ikke svaret." if names else "Målet har ingen ansvarlig."
    return remark[:180]


def level_text(measure: Measure, value: float) -> str:
    """Say a level with its unit: ``12 rekvisitioner``, ``4,9 point``, ``50 %``."""
    style = number_style(measure, value)
    number = danish_number(value, int(style) if style.isdigit() else None)
    return f"{number} %" if style == "percent" else f"{number} {measure.unit}".strip()
