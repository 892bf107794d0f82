"""The deadline as a calendar entry: what two parsers read in it, and that it is the same whenever it is made."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
import vobject
from conftest import Year
from reading_mail import seen
from running import run_here

from aftale.mail.calendar_entry import deadline_entry

DAY = date(2015, 11, 11)
HARD = 'Frist: skema til årsopfølgningen 2015; "de store", den\\nye og resten af en lang linje med æ, ø og å til sidst'


def by_icalendar(data: bytes) -> dict[str, object]:
    calendar = icalendar.Calendar.from_ical(data)
    (event,), (alarm,) = calendar.walk("VEVENT"), calendar.walk("VALARM")
    return {"number": str(event["UID"]), "stamp": event["DTSTAMP"].dt.replace(tzinfo=None), "from": event["DTSTART"].dt,
            "to": event["DTEND"].dt, "summary": str(event["SUMMARY"]), "said": str(event.get("DESCRIPTION", "")),
            "alarm": (str(alarm["ACTION"]), alarm["TRIGGER"].dt, str(alarm["DESCRIPTION"])), "free": str(event["TRANSP"])}


def by_vobject(data: bytes) -> dict[str, object]:
    calendar = vobject.readOne(data.decode(), validate=True)
    event, alarm = calendar.vevent, calendar.vevent.valarm
    return {"number": event.uid.value, "stamp": event.dtstamp.value.replace(tzinfo=None), "from": event.dtstart.value,
            "to": event.dtend.value, "summary": event.summary.value,
            "said": event.description.value if "description" in event.contents else "",
            "alarm": (alarm.action.value, alarm.trigger.value, alarm.description.value), "free": event.transp.value}


@pytest.mark.parametrize("read", [by_icalendar, by_vobject])
@pytest.mark.parametrize(("summary", "said"), [("Frist", ""), (HARD, f"{HARD}\nog en linje til")], ids=["short", "hard"])
def test_two_parsers_read_an_all_day_event_with_a_reminder_two_days_before(read: object, summary: str, said: str) -> None:
    assert callable(read)
    found = read(deadline_entry("S-89FA-DF32", DAY, summary, said))
    assert found == {
        "number": "S-89FA-DF32@aftale", "stamp": datetime(2015, 11, 11), "from": DAY, "to": date(2015, 11, 12),
        "summary": summary, "said": said, "alarm": ("DISPLAY", -timedelta(days=1, hours=15), summary), "free": "TRANSPARENT"}
    assert not isinstance(found["from"], datetime), "it is the whole day"
    rings = datetime(2015, 11, 11) + found["alarm"][1]
    assert rings == datetime(2015, 11, 9, 9), "in the morning, and not at midnight"


def test_it_is_the_same_whenever_it_is_made_and_its_lines_are_as_the_standard_wants() -> None:
    data = deadline_entry("S-1", DAY, HARD, HARD)
    assert data == deadline_entry("S-1", DAY, HARD, HARD) and b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 75
    moved = by_icalendar(deadline_entry("S-1", date(2015, 11, 18), HARD, HARD))
    assert (moved["number"], moved["from"]) == ("S-1@aftale", date(2015, 11, 18)), "a new deadline moves it"


def test_every_mail_with_a_skema_has_the_deadline_beside_it(year: Year) -> None:
    """By default the drafts lie beside the skemaer; the same again writes nothing."""
    words = ("fordel", str(year.agreement), "--runde", "aarsopfoelgning", "--ud", str(year.folder / "skemaer"),
             "--frist", "11-11-2015")
    done = run_here(*words)
    assert "8 kladder" in done.stdout and "kalenderaftale" in done.stdout
    numbers = set()
    for form in year.forms.values():
        found = seen((year.folder / "breve" / f"{form.stem}.eml").read_bytes())
        (name, kind, data) = found.attachments[1]
        assert (name, kind, len(found.attachments)) == (f"{form.stem}.ics", "text/calendar", 2)
        entry = by_vobject(data)
        numbers.add(entry["number"])
        assert entry == by_icalendar(data) and entry["from"] == DAY and str(entry["number"]).startswith(form.stem[-11:])
        assert entry["summary"] == "Frist: skema til årsopfølgningen 2015"
        assert re.fullmatch(r".+: Skemaet har \d+ mål\. Send det til udviklingskonsulenten@bibliotek\.example\.dk\.",
                            str(entry["said"]))
    assert len(numbers) == len(year.forms)
    before = {path: path.read_bytes() for path in Path(year.folder / "breve").iterdir()}
    assert "0 nye, resten uændret" in run_here(*words).stdout
    assert {path: path.read_bytes() for path in Path(year.folder / "breve").iterdir()} == before
