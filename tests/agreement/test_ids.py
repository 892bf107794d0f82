"""Mål-id: given once in order, never changed, never reused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftale.agreement.goal_ids import PATTERN, give_ids, sort_key
from aftale.model.agreement import Goal, Level

Register = Mapping[str, str]


def row(text: str) -> Goal:
    """Read a row in the notation ``M1.1.1 | Synlighed | Kerneopgaven | Flere brugere | Kurser``."""
    goal_id, *texts = (part.strip() for part in text.split("|"))
    texts += [""] * (4 - len(texts))
    level = max((n for n, each in enumerate(texts, 1) if each), default=1)
    return Goal(goal_id, Level(level), (texts[0], texts[1], texts[2], texts[3]))


def rows(table: str) -> list[Goal]:
    return [row(line) for line in table.strip().splitlines()]


def given_ids(goals: Sequence[Goal], register: Register | None = None) -> list[str]:
    return [goal.id for goal in give_ids(goals, register or {})[0]]


def codes(goals: Sequence[Goal], register: Register | None = None) -> list[str]:
    return [p.code for p in give_ids(goals, register or {})[2]]


def test_ids_are_given_in_the_order_of_the_rows() -> None:
    goals = rows("""
        | Synlighed   | Kerneopgaven | Flere brugere
        | Synlighed   | Kerneopgaven | Flere brugere   | Ti kurser
        | Synlighed   | Kerneopgaven | Flere brugere   | Fem områder
        | Synlighed   | Kerneopgaven | Nyt design
        | Synlighed   | Unge         | Mercantec
        | Samskabelse | Brugerne     | Åbne biblioteker
        | Samskabelse |              | Et fælles år
        | Samskabelse | Brugerne
    """)
    assert given_ids(goals) == ["M1.1.1", "M1.1.1.1", "M1.1.1.2", "M1.1.2", "M1.2.1", "M2.1.1", "M2.0.1", "M2.1"]
    assert codes(goals) == ["id-given"] * 8


def test_the_levels_above_are_in_the_register_too() -> None:
    _, register, _ = give_ids(rows(" | Synlighed | Unge | Mercantec | Kontrakt"), {})
    assert register == {"M1": "Synlighed", "M1.1": "Unge", "M1.1.1": "Mercantec", "M1.1.1.1": "Kontrakt"}


def test_ids_that_stand_are_kept_and_nothing_is_said_of_them() -> None:
    goals = rows("""
        M2.3.7   | Synlighed | Unge | Mercantec
        M2.3.7.2 | Synlighed | Unge | Mercantec | Kontrakt
        M1.1     | Huset     | Rummet
    """)
    assert given_ids(goals) == ["M2.3.7", "M2.3.7.2", "M1.1"]
    assert codes(goals) == []


def test_giving_ids_twice_gives_the_same() -> None:
    goals, register, _ = give_ids(rows("""
        | Synlighed | Kerneopgaven | Flere brugere
        | Synlighed | Unge         | Mercantec     | Kontrakt
    """), {})
    assert give_ids(goals, register) == (goals, register, ())


@pytest.mark.parametrize(("before", "new", "becomes"), [
    ("M1.1.1 | A | B | C", " | A | B | D", "M1.1.2"),
    ("M1.1.9 | A | B | C", " | A | B | D", "M1.1.10"),
    ("M1.2.1 | A | B | C", " | A | E | D", "M1.3.1"),
    ("M9.1.1 | A | B | C", " | X | B | D", "M10.1.1"),
    ("M1.0.2 | A |   | C", " | A |   | D", "M1.0.3"),
    ("M1.1.1 | A | B | C", " | A |   | D", "M1.0.1"),
    ("M1.1.1 | A | B | C", " | A | B | C | D", "M1.1.1.1"),
    ("M1.1.1 | a  | B  | C", " | A | b | D", "M1.1.2"),
])
def test_a_new_row_continues_where_its_neighbours_stand(before: str, new: str, becomes: str) -> None:
    assert given_ids([row(before), row(new)]) == [row(before).id, becomes]
    assert given_ids([row(new), row(before)]) == [becomes, row(before).id]


def test_the_tenth_udviklingsmaal_is_m10_and_sorts_last() -> None:
    ids = given_ids([row(f" | Mål {letter} | F | E") for letter in "abcdefghijk"])
    assert ids == [f"M{n}.1.1" for n in range(1, 12)]
    assert sorted(ids, key=sort_key) == ids


@pytest.mark.parametrize(("register", "new", "becomes"), [
    ({"M1": "A", "M1.1": "B", "M1.1.1": "Slettet"}, " | A | B | Ny", "M1.1.2"),
    ({"M1": "A", "M1.1": "B", "M1.1.1": "E", "M1.1.1.4": "Slettet"}, " | A | B | E | Ny", "M1.1.1.5"),
    ({"M1": "A", "M1.1": "Slettet fokusområde"}, " | A | Nyt fokusområde | Ny", "M1.2.1"),
    ({"M1": "Slettet udviklingsmål", "M2": "A"}, " | Nyt udviklingsmål | B | Ny", "M3.1.1"),
    ({"M1.1.3": "Slettet, og intet over det står i registret"}, " | A | B | Ny", "M2.1.1"),
])
def test_the_id_of_a_deleted_goal_is_never_given_again(register: Register, new: str, becomes: str) -> None:
    kept = "M1.1.1 | A | B | E" if register.get("M1.1.1") == "E" else ""
    goals = [row(kept)] if kept else []
    if register.get("M1.1") == "B" and not kept:  # the fokusområde itself lives on in a row of its own
        goals = [row("M1.1 | A | B")]
    assert given_ids([*goals, row(new)], register)[-1] == becomes
    assert register.items() <= give_ids([*goals, row(new)], register)[1].items()


def test_rewording_a_goal_keeps_its_id_and_what_the_register_has_of_it() -> None:
    goals, register, _ = give_ids(rows("""
        | Synlighed | Unge | Mercantec
        | Synlighed | Unge | Mercantec | Kontrakt
    """), {})
    reworded = rows("""
        M1.1.1   | Et synligt bibliotek | Unge under uddannelse | Mercantec og biblioteket
        M1.1.1.1 | Et synligt bibliotek | Unge under uddannelse | Mercantec og biblioteket | Kontrakten skrives
                 | Et synligt bibliotek | Unge under uddannelse | Gymnasiet
    """)
    new, grown, problems = give_ids(reworded, register)
    assert [goal.id for goal in new] == [*(goal.id for goal in goals), "M1.1.2"]
    assert grown["M1.1.1"] == "Mercantec"
    assert [p.code for p in problems] == ["id-given"]


@pytest.mark.parametrize(("first", "second", "register", "become"), [
    ("M1.1.1 | A | B | C", "M1.1.1 | A | B | D", {}, ["M1.1.1", "M1.1.2"]),
    ("M1.1.1 | A | B | C", "M1.1.1 | A | B | D", {"M1.1.1": "C"}, ["M1.1.1", "M1.1.2"]),
    ("M1.1.1 | A | B | C", "M1.1.1 | A | B | D", {"M1.1.1": " d"}, ["M1.1.2", "M1.1.1"]),
    ("M1.1.1 | A | B | C", "M1.1.1 | X | Y | D", {"M1.1.1": "C"}, ["M1.1.1", "M2.1.1"]),
])
def test_of_two_rows_with_one_id_the_one_that_the_register_knows_keeps_it(
        first: str, second: str, register: Register, become: list[str]) -> None:
    goals = [row(first), row(second)]
    assert given_ids(goals, register) == become
    assert codes(goals, register) == ["id-twice"]


@pytest.mark.parametrize("bad", ["1.1.1", "M1.1.1.1.1", "M", "M1.", "M1,1", "mål 1", "M1.x", "42005",
                                 "M" + "9" * 5000])
def test_what_is_no_id_is_replaced_and_asked_about(bad: str) -> None:
    goals = [row(f"{bad} | A | B | C")]
    assert given_ids(goals) == ["M1.1.1"]
    assert codes(goals) == ["id-bad"]


@pytest.mark.parametrize("table", [
    " | A | B\n | A | B",
    " | A\n | A",
    " | A | B | C\n | A | B\n | A | B",
    " | A | B | C\n | A | B | C",
])
def test_rows_with_the_same_text_get_ids_of_their_own(table: str) -> None:
    ids = given_ids(rows(table))
    assert len(set(ids)) == len(ids)


def test_ids_sort_as_people_count() -> None:
    assert sorted(["M10", "M2.10", "M2.9.1", "M2", "M1.0.3", "M2.9"], key=sort_key) == [
        "M1.0.3", "M2", "M2.9", "M2.9.1", "M2.10", "M10"]


def test_an_absurdly_long_number_sorts_without_harm() -> None:
    assert sorted(["M" + "9" * 5000, "M2"], key=sort_key)[0] == "M2"


# ---------------------------------------------------------------- whatever the rows

_texts = st.sampled_from(["", "A", "a", "B", "Synlighed"])
_ids = st.one_of(st.just(""), st.from_regex(r"M[0-4](\.[0-3]){0,3}", fullmatch=True),
                 st.sampled_from(["M10", "1.1", "x", "M1.1.1 "]))


@st.composite
def _goals(draw: st.DrawFn) -> list[Goal]:
    found = []
    for _ in range(draw(st.integers(0, 8))):
        texts = [draw(_texts) for _ in range(4)]
        level = max((n for n, text in enumerate(texts, 1) if text), default=1)
        found.append(Goal(draw(_ids), Level(level), (texts[0], texts[1], texts[2], texts[3])))
    return found


_registers = st.dictionaries(st.from_regex(r"M[1-4](\.[0-3]){0,3}", fullmatch=True), _texts, max_size=5)


@given(_goals(), _registers)
def test_all_ids_are_unique_and_well_formed(goals: list[Goal], register: dict[str, str]) -> None:
    out, grown, _ = give_ids(goals, register)
    ids = [goal.id for goal in out]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"M\d+(\.\d+){0,3}", each) for each in ids)
    assert set(ids) <= grown.keys()
    assert {key: grown[key] for key in register} == register


@given(_goals(), _registers)
def test_an_id_that_stands_on_one_row_alone_is_kept(goals: list[Goal], register: dict[str, str]) -> None:
    standing = [goal.id for goal in goals]
    for goal, new in zip(goals, give_ids(goals, register)[0], strict=True):
        if PATTERN.fullmatch(goal.id) and standing.count(goal.id) == 1:
            assert new.id == goal.id


@given(_goals(), _registers)
def test_a_given_id_never_belonged_to_another_goal(goals: list[Goal], register: dict[str, str]) -> None:
    standing = {goal.id for goal in goals}
    for goal, new in zip(goals, give_ids(goals, register)[0], strict=True):
        if new.id not in standing and new.id in register:
            assert register[new.id].casefold() == goal.text.casefold()


@given(_goals(), _registers)
def test_a_second_time_nothing_happens(goals: list[Goal], register: dict[str, str]) -> None:
    out, grown, _ = give_ids(goals, register)
    again, grown_again, problems = give_ids(out, grown)
    assert (again, problems) == (out, ())
    assert grown.items() <= grown_again.items()
