"""A deadline as a calendar entry (``.ics``, RFC 5545), which Outlook and others open and save."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event

_BEFORE = timedelta(days=1, hours=15)
"""How long before the day begins the calendar reminds of it: at nine in the morning two days before."""


def deadline_entry(number: str, day: date, summary: str, description: str = "") -> bytes:
    """Return a deadline as an event of the whole day, with a reminder two days before.

    ``number`` is what the event is known by: the same again with another day moves it. No clock is asked: the stamp that the
    standard wants is the day itself, so that the same deadline gives the same bytes.
    """
    event = Event()
    event.add("uid", f"{number}@aftale")
    event.add("dtstamp", datetime.combine(day, time(), UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    if description:
        event.add("description", description)
    event.add("transp", "TRANSPARENT")  # the day isn't taken up by it
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", -_BEFORE)
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//aftale//frist//DA")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
