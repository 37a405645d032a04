"""An agenda as an iCalendar file, for Outlook, Google Calendar, Apple Calendar and whatever else reads one.

An appointment keeps its UID as long as it belongs to the same client, service and period, so that a later file moves it
instead of adding another one. The file depends on the agenda alone: DTSTAMP and SEQUENCE are the day of the plan.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from icalendar import Calendar, Event, vText

from tierxl.method.plan.agenda import Agenda
from tierxl.method.plan.due_dates import NONE_RECORDED
from tierxl.method.progress import Progress
from tierxl.workbooks.atomic import replacing

_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_PROGRESS_EACH = 5_000


def write_calendar(target: Path, agenda: Agenda, name: str, progress: Progress) -> None:
    """Write the agenda's items as events of a day, which leave the day free.

    Args:
        target: the file.
        agenda: the agenda.
        name: what the calendar is called.
        progress: called with how many events are made.

    Raises:
        CannotGrade: the file cannot be written; the target is as it was.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//tierxl//Client tiers//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", vText(_text(name)))
    for done, event in enumerate(_events(agenda)):
        if not done % _PROGRESS_EACH:
            progress("Writing", done, len(agenda.items))
        calendar.add_component(event)
    with replacing(target) as draft:
        draft.write_bytes(calendar.to_ical())


def _events(agenda: Agenda) -> Iterator[Event]:
    stamp = datetime(agenda.as_of.year, agenda.as_of.month, agenda.as_of.day, tzinfo=UTC)
    for item in agenda.items.iter_rows(named=True):
        day: date = item["day"].date()
        event = Event()
        event.add("uid", _uid(item["key"], item["service"], item["period"]))
        event.add("dtstamp", stamp)
        event.add("sequence", agenda.as_of.toordinal())
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(1))
        event.add("summary", _summary(item))
        event.add("description", "\n".join(_description(item, agenda)))
        event.add("categories", [f"Tier {item['Tier']}", item["service"]])
        event.add("transp", "TRANSPARENT")
        yield event


def _uid(*what: str) -> str:
    """A name for an appointment, from which nobody reads the client's."""
    return f"{hashlib.sha256(chr(0).join(what).encode('utf-8', 'surrogatepass')).hexdigest()[:32]}@tierxl"


def _summary(item: dict[str, Any]) -> str:
    return f"{item['service']}: {_text(item['client'])} ({item['Tier']})"


def _description(item: dict[str, Any], agenda: Agenda) -> Iterator[str]:
    service = agenda.policy.services[item["service"]]
    yield service.level(item["Tier"], item["rhythm"])
    if preferred := _text(item["preferred_contact"]):
        yield f"Preferred contact: {preferred}"
    if item["Action"]:
        yield f"Action: {item['Action']}"
    yield _why(item)
    yield f"Time: {float(service.minutes(item['Tier']) or 0):g} minutes with preparation"
    if item["by"] != item["account_manager"]:
        yield f"By: {_text(item['by'])}"
    yield f"Account manager: {_text(item['account_manager']) or 'none'}"


def _why(item: dict[str, Any]) -> str:
    if item["basis"] == NONE_RECORDED:
        return "None is recorded: due at once"
    due = f"{item['due']:%Y-%m-%d}"
    days = item["overdue"]
    return f"Overdue by {days:,} day{'s' * (days != 1)}: it was due on {due}" if days else f"Due on {due}"


def _text(name: str | None) -> str:
    """A name in one line, without characters that no calendar holds."""
    return _NOT_TEXT.sub(" ", name or "").strip()
