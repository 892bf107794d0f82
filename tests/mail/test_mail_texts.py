"""The mails' texts: what staff may write in them, everything that is found wrong, and what comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aftale.commands.main import app
from aftale.mail.drafts import mail_text, read_text
from aftale.mail.texts import BLOCKS, FIELDS, REQUIRED, MailText, empty_fields, fill, parse_text, plain
from aftale.model.mail import Bullets, MailKind, Paragraph, StatusTable
from aftale.office.report import CannotDo
from aftale.office.shipped_files import mail_text_path
from aftale.steps.skabelon import mail_texts

GOALS = Bullets((("M1.1 Et mål", "Mindst 5"), ("M1.2 Et andet", "")))


def text(body: str, kind: MailKind = MailKind.FORDEL, subject: str = "Emne") -> MailText:
    found, problems = parse_text(f"Emne: {subject}\n\n{body}", kind, "fordel.txt")
    assert found is not None and not problems, problems
    return found


def wrong(whole: str, kind: MailKind = MailKind.FORDEL) -> list[tuple[str, str]]:
    """Return what is wrong in a text: codes and lines."""
    found, problems = parse_text(whole, kind, "fordel.txt")
    assert (found is None) == bool(problems)
    return [(p.code.removeprefix("mailtext-"), p.place.cell) for p in problems]


# ---------------------------------------------------------------- the texts that come with the program

@pytest.mark.parametrize("kind", MailKind)
def test_the_shipped_texts_are_in_order_and_tell_of_every_field(kind: MailKind) -> None:
    path = mail_text_path(kind.value)
    found, problems = read_text(path, kind)
    assert found is not None and not problems
    head = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#"))
    told = set(re.findall(r"\{(\w+)\}", head.split("Felter:")[1]))
    assert told == set(FIELDS[kind])
    assert all(f"{{{name}}}" in head.split("Felter:")[0] for name in told & BLOCKS), "the head says which are lists"


def test_the_reminders_subject_begins_as_agreed() -> None:
    assert mail_text(MailKind.PAAMIND, None).text.subject.startswith("{paamindelse}: ")


def test_every_required_field_is_a_field_of_that_mail() -> None:
    assert all(field in FIELDS[kind] for kind, field in REQUIRED.items())


# ---------------------------------------------------------------- what is filled in

@pytest.mark.parametrize(("body", "values", "said"), [
    ("Til {ansvarlig}", {"ansvarlig": "Børneteamet"}, "Til Børneteamet"),
    ("Svar[ senest {frist}].", {"frist": "10. juni 2015"}, "Svar senest 10. juni 2015."),
    ("Svar[ senest {frist}].", {"frist": ""}, "Svar."),
    ("Svar[ til {koordinator} senest {frist}].", {"koordinator": "K", "frist": ""}, "Svar."),
    ("[Frist: {frist}]\n\nHilsen", {"frist": ""}, "Hilsen"),
    ("Et [1] og [se her]", {}, "Et [1] og [se her]"),
    ("{År} og { aar }", {"aar": "2015"}, "2015 og 2015"),
    ("Venlig hilsen\n[{koordinator}]\n{enhed}", {"koordinator": "", "enhed": "Biblioteket"}, "Venlig hilsen\nBiblioteket"),
    ("Mål:\n{maal}\nHilsen", {"maal": GOALS}, "Mål:\n\n- M1.1 Et mål\n  Mindst 5\n- M1.2 Et andet\n\nHilsen"),
    ("[Her er de:\n{maal}]", {"maal": ""}, ""),
    ("[Her er de:\n{maal}]", {"maal": GOALS}, "Her er de:\n\n- M1.1 Et mål\n  Mindst 5\n- M1.2 Et andet"),
    ("Sådan:\n1. Gem\n2) Send\nTak", {}, "Sådan:\n\n1. Gem\n2. Send\n\nTak"),
    ("- et\n* to\n• tre", {}, "- et\n- to\n- tre"), ("- et\n1. to", {}, "- et\n\n1. to"),
    ("15. juni er sidste frist.", {}, "15. juni er sidste frist."), ("1. Gem\n3. Send", {}, "1. Gem\n\n3. Send"),
    ("1. Gem\n\n2. Send", {}, "1. Gem\n\n2. Send"),
    ("Linje 1\nLinje 2\n\n\n\nNy", {}, "Linje 1\nLinje 2\n\nNy"),
    ("2015 var godt", {}, "2015 var godt"),
    ("{ansvarlig}", {"ansvarlig": "{frist} [x] - y"}, "{frist} [x] - y"),
    ("{ansvarlig}", {"ansvarlig": "to\nlinjer\r\nog en"}, "to linjer og en"),
])
def test_fields_optional_parts_and_lists_are_filled_in(body: str, values: dict[str, str | Bullets], said: str) -> None:
    assert plain(fill(text(body), values)) == said


def test_a_line_for_the_reader_alone_is_left_out_wherever_it_stands() -> None:
    found, problems = parse_text("# Om mailen\n\nEmne: A\n# mere\nTekst\n  # indrykket\n#sidst", MailKind.FORDEL, "f")
    assert found is not None and not problems
    assert fill(found, {}).parts == (Paragraph(("Tekst",)),) and found.subject == "A"


def test_a_subject_is_one_line_whatever_is_filled_in() -> None:
    written = fill(text("x", subject="{enhed}: {aar}"), {"enhed": "A\r\nBcc: ond@example.dk", "aar": "2015"})
    assert written.subject == "A Bcc: ond@example.dk: 2015"


def test_a_status_table_is_said_in_plain_text_as_well() -> None:
    found = text("{status}", MailKind.SEND)
    assert plain(fill(found, {"status": StatusTable((("Opfyldt", 8), ("Udgået", 1_000)), 1_008)})) == (
        "- Opfyldt: 8\n- Udgået: 1.000\n- I alt: 1.008")


def test_a_field_that_would_leave_a_hole_is_told() -> None:
    found = text("Til {ansvarlig}[ senest {frist}], {koordinator}", subject="[{enhed}] {aar}")
    assert empty_fields(found, {"aar": "2015", "ansvarlig": "A"}) == ("koordinator",)


# ---------------------------------------------------------------- what is found wrong

@pytest.mark.parametrize(("whole", "kind", "found"), [
    ("", MailKind.FORDEL, [("subject", "1")]),
    ("Kære {ansvarlig}\n", MailKind.FORDEL, [("subject", "1")]),
    ("# kun en note\n\n", MailKind.FORDEL, [("subject", "1")]),
    ("Emne:\n\nTekst", MailKind.FORDEL, [("subject", "1")]),
    ("Emne: A\n", MailKind.FORDEL, [("empty", "1")]),
    ("Emne: A\n\nTil {ansvarlg}", MailKind.FORDEL, [("field", "3")]),
    ("Emne: {nej}\n\n{og} {heller} {ikke}", MailKind.FORDEL, [("field", "1"), *[("field", "3")] * 3]),
    ("Emne: A\n\nTil {ansvarlig", MailKind.FORDEL, [("brace", "3")]),
    ("Emne: A\n\nTil ansvarlig}", MailKind.FORDEL, [("brace", "3")]),
    ("Emne: A\n\nMålene {maal} er", MailKind.FORDEL, [("block", "3")]),
    ("Emne: {maal}\n\nTekst", MailKind.FORDEL, [("block", "1")]),
    ("Emne: A\n\nSvar [senest {frist}", MailKind.FORDEL, [("bracket", "3")]),
    ("Emne: A\n\nSvar [a [b {frist}]]", MailKind.FORDEL, [("bracket", "3")]),
    ("Emne: A\n\nSvar senest {frist}]", MailKind.FORDEL, [("bracket", "3")]),
    ("Emne: A\n\nTekst", MailKind.PAAMIND, [("lacks", "")]),
    ("Emne: A\n\nTekst\n{mangler}", MailKind.RETUR, [("lacks", "")]),
    ("Emne: A\n\n{modtager}", MailKind.FORDEL, [("field", "3")]),
])
def test_everything_that_is_wrong_is_found_at_once_with_its_line(whole: str, kind: MailKind,
                                                                 found: list[tuple[str, str]]) -> None:
    assert wrong(whole, kind) == found


def test_a_misspelt_field_is_asked_about_by_its_likely_name() -> None:
    _, (found,) = parse_text("Emne: A\n\nTil {ansvarlg}", MailKind.FORDEL, "fordel.txt")
    assert found.message == "Feltet {ansvarlg} findes ikke i den mail. Mente du »{ansvarlig}«?"
    assert str(found.place) == "fordel.txt, række 3"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_text_is_read_as_notepad_saves_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "fordel.txt"
    path.write_bytes("Emne: Årets mål\r\n\r\nKære på æøå\r\n".encode(encoding))
    found, problems = read_text(path, MailKind.FORDEL)
    assert found and not problems and found.subject == "Årets mål" and found.paragraphs == (("Kære på æøå",),)


# ---------------------------------------------------------------- where staff keep theirs

def test_staffs_own_text_is_used_where_it_lies_and_that_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "brevtekster"
    folder.mkdir()
    (folder / "fordel.txt").write_text("Emne: Vores egen\n\nHej", encoding="utf-8")
    for found in (mail_text(MailKind.FORDEL, None, [tmp_path]), mail_text(MailKind.FORDEL, folder)):
        assert found.text.subject == "Vores egen" and "fordel.txt" in found.said[0]
    assert mail_text(MailKind.PAAMIND, None, [tmp_path]).said == (), "the program's own where they have none"


def test_a_wrong_text_stops_everything_with_all_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "fordel.txt").write_text("Emne: {x}\n\n{y", encoding="utf-8")
    with pytest.raises(CannotDo) as refused:
        mail_text(MailKind.FORDEL, tmp_path)
    assert all(text in str(refused.value) for text in ("Intet er gemt", "{x}", "krøllet parentes ({ eller })"))


def test_a_text_of_no_mails_name_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "paamindelse.txt").write_text("Emne: A\n\nB", encoding="utf-8")
    (problem,) = mail_text(MailKind.PAAMIND, tmp_path).problems
    assert problem.code == "mailtext-unknown" and "»paamind«" in problem.message


def test_a_text_in_capital_letters_is_used_and_one_that_is_missing_is_told(tmp_path: Path) -> None:
    (tmp_path / "Paamind.TXT".lower().replace("p", "P", 1)).write_text("Emne: Vores\n\n{mangler}", encoding="utf-8")
    assert mail_text(MailKind.PAAMIND, tmp_path).text.subject == "Vores"
    assert "programmets egen" in mail_text(MailKind.SEND, tmp_path).said[0]


def test_a_folder_that_isnt_there_is_told_how_to_make(tmp_path: Path) -> None:
    with pytest.raises(CannotDo, match="aftale skabelon --brevtekster"):
        mail_text(MailKind.FORDEL, tmp_path / "ingen")


def test_the_texts_are_laid_out_checked_and_never_written_over(tmp_path: Path) -> None:
    folder = tmp_path / "brevtekster"
    first = CliRunner().invoke(app, ["skabelon", "--brevtekster", str(folder)])
    assert first.exit_code == 0, first.output
    assert {path.name for path in folder.iterdir()} == {f"{kind.value}.txt" for kind in MailKind}
    (folder / "send.txt").write_text("Emne: {nej}\n\nHej", encoding="utf-8")
    (folder / "retur.txt").unlink()
    second = CliRunner().invoke(app, ["skabelon", "--brevtekster", str(folder)])
    assert second.exit_code == 1 and "{nej}" in second.output and "send.txt, række 1" in second.output
    assert (folder / "send.txt").read_text(encoding="utf-8") == "Emne: {nej}\n\nHej"
    assert (folder / "retur.txt").read_bytes() == mail_text_path("retur").read_bytes()


@pytest.mark.parametrize(("text", "named"), [
    pytest.param("# Felter: {modtager} {hovedtal}\nEmne: A\n\n{hovedtal}", ["{udvikling}", "{foerst}", "{svarfrist}"],
                 id="a text from before there were more"),
    pytest.param("# " + " ".join(f"{{{name}}}" for name in FIELDS[MailKind.SEND]) + "\nEmne: A\n\nHej", [],
                 id="told of and not wanted")])
def test_fields_that_a_text_of_staffs_own_could_use_too_are_listed(tmp_path: Path, text: str, named: list[str]) -> None:
    (tmp_path / "send.txt").write_text(text, encoding="utf-8")
    told = " ".join(mail_texts(tmp_path).said)
    assert [each for each in named if each not in told] == [] and ("send.txt kan også bruge" in told) is bool(named)
    assert "{hovedtal}" not in told and "fordel.txt" not in told, "what is known, and the program's own, isn't news"


@pytest.mark.parametrize("args", [[], ["x.xlsx", "--brevtekster", "x"]])
def test_skabelon_wants_one_thing_to_look_at(args: list[str]) -> None:
    result = CliRunner().invoke(app, ["skabelon", *args])
    assert result.exit_code == 2 and "--brevtekster MAPPE" in result.stderr
