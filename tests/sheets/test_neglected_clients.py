"""The Neglected clients: who waits for personal contact, and with whom."""

from datetime import date
from functools import cache
from typing import Any

import pytest

from tests.method.frames import AS_OF, graded
from tests.sheets.looks import records, texts
from tierxl.method.rating.grading import Grading
from tierxl.sheets import neglected_clients


def client(name: str, tier: str, manager: str | None, last: date | None, review: date | None = AS_OF) -> dict[str, Any]:
    return {
        "Client": name, "Revenue": 1, "Override tier": tier, "Override reason": "x", "Account manager": manager,
        "Last contact": last, "Last review": review,
    }  # fmt: skip


CLIENTS = [
    client("C long", "C", None, date(2020, 11, 22)),
    client("A new", "A", "Priya", None, None),
    client("A short", "A", "Priya", date(2026, 10, 14), date(2026, 8, 20)),
    client("B", "B", "Daniel", date(2026, 8, 1)),
    client("A long", "A", "Daniel", date(2026, 9, 15)),
    client("in time", "A", "Niamh", date(2026, 11, 20)),
    client("late review only", "A", "Niamh", date(2026, 11, 20), date(2020, 1, 1)),
    client("C short", "C", "Priya", date(2025, 11, 14)),
    client("C within a week", "C", "Priya", date(2025, 11, 15)),
]


@cache
def everyone() -> Grading:
    return graded(CLIENTS)


def test_the_most_overdue_of_the_highest_tier_stand_first_and_those_without_a_contact_behind_their_tier():
    waiting, _ = neglected_clients.describe(everyone()).tables
    assert [(line["Client"], line["Tier"], line["Contact overdue, days"], line["Remark"])
            for line in records(waiting)] == [
        ("A long", "A", 38, "Neglected"),
        ("A short", "A", 8, "Neglected"),
        ("A new", "A", 0, "No contact recorded"),
        ("B", "B", 21, "Neglected"),
        ("C long", "C", 1826, "Neglected"),
        ("C short", "C", 8, "Neglected"),
    ]  # fmt: skip


def test_a_client_stands_there_with_its_dates_and_its_account_manager():
    waiting, _ = neglected_clients.describe(everyone()).tables
    line = records(waiting)[1]
    assert {header: value.date() if "due" not in header and hasattr(value, "date") else value
            for header, value in line.items() if header != "Contact was due"} == {
        "Client": "A short", "Account manager": "Priya", "Tier": "A", "Contact overdue, days": 8,
        "Last contact": date(2026, 10, 14), "Review overdue, days": 2, "Remark": "Neglected",
    }  # fmt: skip
    assert line["Contact was due"].date() == date(2026, 11, 14)


def test_the_neglected_clients_are_counted_by_account_manager_and_tier():
    _, counts = neglected_clients.describe(everyone()).tables
    assert list(counts.headers) == ["Account manager", "Tier A", "Tier B", "Tier C", "Neglected", "No contact recorded"]
    assert list(counts.rows) == [
        ("Daniel", 1, 1, 0, 2, 0),
        ("Priya", 1, 0, 1, 2, 1),
        ("No account manager", 0, 0, 1, 1, 0),
    ]


@pytest.mark.long
def test_a_sentence_says_how_many_there_are():
    sentences = {
        5: "5 clients are neglected: personal contact is overdue; 1 client has no contact recorded.",
        3: "1 client is neglected: personal contact is overdue; 1 client has no contact recorded.",
    }
    assert sentences[5] in texts(neglected_clients.describe(everyone()))
    assert sentences[3] in texts(neglected_clients.describe(graded(CLIENTS[1:3])))
    two = [client("in time", "A", None, AS_OF), *(client(name, "A", None, None) for name in ("a", "b"))]
    assert "No client is neglected; 2 clients have no contact recorded." in texts(
        neglected_clients.describe(graded(two))
    )


def test_where_the_list_gives_no_contacts_the_sheet_does_not_say_that_nobody_is_neglected():
    sheet = neglected_clients.describe(graded([client("a", "A", None, None)]))
    assert "Your list has no Last contact, so nobody can be called neglected." in texts(sheet)
    assert list(sheet.tables) == []


def test_where_nobody_is_neglected_the_sheet_says_so_and_has_no_table():
    sheet = neglected_clients.describe(graded(CLIENTS[5:7]))
    assert "Nobody is neglected: every client has heard from you as often as it should." in texts(sheet)
    assert list(sheet.tables) == []


def test_a_client_whose_tier_gets_no_contact_is_not_waiting_for_any():
    settings = {"services": {"Personal contact": {"A": "None"}}}
    assert list(neglected_clients.describe(graded(CLIENTS[1:3], settings)).tables) == []
