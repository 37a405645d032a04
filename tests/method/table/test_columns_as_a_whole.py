"""A column as a whole: its decimal mark, the order of its dates, and what is not to be used."""

import string
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.method.frames import ENGINES, frame
from tierxl.method.issues import CannotGrade, by_cause
from tierxl.method.levels import HIGH, LOW, MEDIUM, NO, NOT_KNOWN, NOT_RATED, YES
from tierxl.method.policy import Policy
from tierxl.method.table.clients import Clients, read_clients

if TYPE_CHECKING:
    from collections.abc import Callable

AS_OF = date(2026, 11, 22)


def read(cells: dict[str, list[Any]], engine: str = "polars", **reading: str) -> Clients:
    count = max(map(len, cells.values()))
    columns = {"Client": list(string.ascii_letters[:count]), "Revenue": ["1"] * count} | cells
    return read_clients(frame(columns, engine), Policy.with_settings({"reading": reading}), as_of=AS_OF)


def values(clients: Clients, field: str) -> list[Any]:
    return [None if value is None or value != value else value for value in clients.table[field].to_list()]


def days(clients: Clients, field: str) -> list[str | None]:
    return [None if day is None or day != day else f"{day:%Y-%m-%d}" for day in clients.table[field].to_list()]


def reported(clients: Clients) -> list[tuple[int | None, str, str]]:
    return [(issue.row, issue.column, issue.value) for issue in clients.issues if not issue.assumed]


# --- Amounts ----------------------------------------------------------------------------------------------------------

MARKS = [
    pytest.param(["1,234.50", "1,200", "572.451"], [1234.5, 1200, 572.451], id="a point and a comma"),
    pytest.param(["77183.6", "572.451"], [77183.6, 572.451], id="a point"),
    pytest.param(["12,5", "1.200"], [12.5, 1200], id="a comma"),
    pytest.param(["1.234.567", "1,200"], [1234567, 1.2], id="two points"),
    pytest.param(["1 200,5", "1.200"], [1200.5, 1200], id="spaces"),
    pytest.param(["1.200,-", "3.400"], [1200, 3400], id="no cents"),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("written", "amounts"), MARKS)
def test_an_amount_that_can_be_read_one_way_tells_how_to_read_the_others(
    written: list[str], amounts: list[float], engine: str
):
    clients = read({"Profit": written}, engine)
    assert values(clients, "profit") == amounts
    assert clients.issues == []


def test_where_nothing_tells_marks_before_three_digits_separate_thousands_and_this_is_said_once():
    clients = read({"Profit": ["£412,000", "£19,800", "£960", "£412,000"]})
    assert values(clients, "profit") == [412_000, 19_800, 960, 412_000]
    assert [str(issue) for issue in clients.issues] == [
        "Profit: 3 amounts such as £19,800 read as thousands: if they are not, set it: --decimal-mark, or Settings"
    ]
    assert clients.issues[0].assumed


def test_the_majority_decides_and_the_others_are_reported():
    clients = read({"Profit": ["1,200.50", "3.50", "1.200,50", "1,200"]})
    assert values(clients, "profit") == [1200.5, 3.5, None, 1200]
    assert reported(clients) == [(4, "Profit", "1.200,50")]


@pytest.mark.parametrize("mark", [".", ","])
def test_a_tie_stops_until_the_decimal_mark_is_set(mark: str):
    written = {"Profit": ["1,200.50", "1.200,50"]}
    with pytest.raises(CannotGrade, match=r'"Profit" has as many .*\(1,200\.50\) as .*\(1\.200,50\).*--decimal-mark'):
        read(written)
    assert values(read(written, decimal_mark=mark), "profit") == ([1200.5, None] if mark == "." else [None, 1200.5])


def test_a_dash_is_blank_and_no_issue():
    clients = read({"Profit": ["-", "100"], "Margin": [" - ", "12 %"], "Reviews a year": ["–", "4"]})
    assert [values(clients, field) for field in ("profit", "margin", "reviews_a_year")] == [
        [None, 100], [None, 0.12], [None, 4]
    ]  # fmt: skip
    assert clients.issues == []


SAME = [["$5", "US$ 6", "7 USD"], ["5 zł", "PLN 6"], ["Rs. 5", "6 INR", "₹7"], ["Fr. 5", "CHF 6"], ["5 kr", "SEK 6"]]
OTHERS = [["$5", "€6"], ["5 kr", "6 EUR"], ["5 kr", "NOK 6", "SEK 7"], ["CA$5", "$6"]]


@pytest.mark.parametrize("written", SAME, ids=str)
def test_sign_code_and_word_of_one_currency_go_together(written: list[str]):
    assert values(read({"Profit": written}), "profit") == [5, 6, 7][: len(written)]


@pytest.mark.parametrize("written", OTHERS, ids=str)
def test_two_currencies_do_not(written: list[str]):
    with pytest.raises(CannotGrade, match='The column "Profit" mixes currencies'):
        read({"Profit": written})


@pytest.mark.parametrize("amounts", [[1.5, None], ["1.5", "-"]])
def test_a_header_in_thousands_multiplies_its_amounts(amounts: list[Any]):
    columns = nw.from_native(pl.DataFrame({"Client": ["a", "b"], "Revenue (k€)": amounts}))
    assert values(read_clients(columns, Policy()), "revenue") == [1500, None]


@st.composite
def written_amounts(draw: st.DrawFn) -> tuple[list[str], list[float]]:
    """A column of amounts in one dialect, at least one of which tells its decimal mark; and what they are."""
    mark, thousands = draw(st.sampled_from([(".", ","), (",", "."), (".", "'"), (",", " "), (".", ""), (",", "")]))
    around: Callable[[str], str] = draw(
        st.sampled_from(
            [
                lambda text: text,
                lambda text: f"£{text}",
                lambda text: f"{text} EUR",
                lambda text: f"CHF {text}",
                lambda text: f"{text} kr",
            ]
        )
    )
    minus: Callable[[str], str] = draw(
        st.sampled_from([lambda text: f"-{text}", lambda text: f"({text})", lambda text: f"{text}-"])
    )
    cents = draw(st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=8))
    decimals = [2, *draw(st.lists(st.sampled_from([0, 2]), min_size=len(cents), max_size=len(cents)))]
    texts = []
    amounts = [cents[0] / 100]
    for cent, places in zip(cents, decimals, strict=False):
        amount = cent / 100 if places else cent
        text = f"{abs(amount):,.{places}f}".translate({ord(","): thousands, ord("."): mark})
        texts.append(minus(around(text)) if amount < 0 else around(text))
        amounts.append(amount)
    return texts, amounts[1:]


@pytest.mark.hypothesis
@settings(deadline=None)
@given(written_amounts())
def test_amounts_in_any_one_dialect_are_read_back(column: tuple[list[str], list[float]]):
    texts, amounts = column
    clients = read({"Profit": texts})
    assert values(clients, "profit") == pytest.approx(amounts, rel=1e-12)
    assert clients.issues == []


# --- Dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_a_day_that_fits_one_order_only_tells_the_order_of_its_column(engine: str):
    columns = {"Last contact": ["23/10/2026", "03/04/2026 08:00:00"], "Last review": ["10/23/2026", "03/04/2026"]}
    clients = read(columns, engine)
    assert days(clients, "last_contact") == ["2026-10-23", "2026-04-03"]
    assert days(clients, "last_review") == ["2026-10-23", "2026-03-04"]
    assert clients.issues == []


def test_where_a_column_does_not_tell_the_others_of_the_file_do():
    clients = read({"Last contact": ["03/04/2026", "05/06/2026"], "Last review": ["23.10.2026", "2026-01-02"]})
    assert days(clients, "last_contact") == ["2026-04-03", "2026-06-05"]


def test_the_majority_of_a_column_decides_and_other_days_are_reported():
    clients = read({"Last contact": ["23/10/2026", "24/10/2026", "10/25/2026", "03/04/2026"]})
    assert days(clients, "last_contact") == ["2026-10-23", "2026-10-24", None, "2026-04-03"]
    assert reported(clients) == [(4, "Last contact", "10/25/2026")]


UNDECIDED = [["03/04/2026", "05/06/2026"], ["23/10/2026", "10/23/2026"]]


@pytest.mark.parametrize("written", UNDECIDED, ids=str)
def test_where_the_order_cannot_be_known_it_is_one_cause_that_names_the_option(written: list[str]):
    clients = read({"Last contact": written})
    assert days(clients, "last_contact") == [None, None]
    (cause,) = by_cause(clients.issues)
    assert str(cause).startswith(f'2 x Last contact, first row 2, a: "{written[0]}" can be read day first and month')
    assert "--dates day-first or --dates month-first" in str(cause)


def test_the_policy_says_the_order():
    written = {"Last contact": ["03/04/2026", "10/10/26"]}
    assert days(read(written, day_order="day first"), "last_contact") == ["2026-04-03", "2026-10-10"]
    assert days(read(written, day_order="month first"), "last_contact") == ["2026-03-04", "2026-10-10"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("field", ["Last contact", "Last review", "Client since"])
def test_nobody_was_met_after_the_day_of_the_grading(field: str, engine: str):
    late = [datetime(2026, 11, 23), datetime(2026, 11, 22, 12)]
    clients = read({field: late}, engine)
    assert days(clients, field.lower().replace(" ", "_")) == [None, "2026-11-22"]
    assert [(issue.row, issue.message) for issue in clients.issues] == [
        (2, "is after 22 Nov 2026, the day of this grading: it is not used")
    ]


@st.composite
def written_days(draw: st.DrawFn) -> tuple[list[str], list[date]]:
    """A column of dates in one dialect, one of which tells the order of day and month; and what they are."""
    dialect = draw(
        st.sampled_from(
            ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%m-%d-%Y", "%d/%m/%y",
             "%d %b %Y", "%b %d, %Y", "%d-%b-%y", "%d. %B %Y", "%d of %B %Y", "%A, %d %B %Y", "%Y %b %d"]
        )
    )  # fmt: skip
    clock = draw(st.sampled_from(["", " %H:%M", " %H:%M:%S", " %I:%M %p"]))
    first = date(2000, 1, 1)
    numbers = draw(st.lists(st.integers(0, (AS_OF - first).days), max_size=8))
    chosen = [date(2026, 10, 23), *(first + timedelta(number) for number in numbers)]
    moments = [datetime(day.year, day.month, day.day, 14, 5) for day in chosen]
    return [f"{moment:{dialect}{clock}}" for moment in moments], chosen


@pytest.mark.hypothesis
@settings(deadline=None)
@given(written_days())
def test_dates_in_any_one_dialect_are_read_back(column: tuple[list[str], list[date]]):
    texts, chosen = column
    clients = read({"Last review": texts})
    assert days(clients, "last_review") == [f"{day:%Y-%m-%d}" for day in chosen]
    assert clients.issues == []


# --- Levels -----------------------------------------------------------------------------------------------------------


def test_satisfaction_is_from_0_to_10_where_any_number_is_above_3():
    clients = read({"Satisfaction": ["9,5", "7", "6.9", "3", "0", "high", "11", "-1"]})
    assert values(clients, "satisfaction") == [HIGH, MEDIUM, LOW, LOW, LOW, HIGH, NOT_RATED, NOT_RATED]
    assert reported(clients) == [(8, "Satisfaction", "11"), (9, "Satisfaction", "-1")]


def test_satisfaction_without_a_number_above_5_may_be_of_stars_which_is_said():
    (assumption,) = [issue for issue in read({"Satisfaction": ["5", "4", "3"]}).issues if issue.assumed]
    assert assumption.column == "Satisfaction"
    assert assumption.message.endswith("if 5 is the best, double the numbers")
    assert not [issue for issue in read({"Satisfaction": ["6", "4", "3"]}).issues if issue.assumed]


def test_beside_a_number_from_4_to_10_no_number_is_a_level():
    clients = read({"Retention risk": ["5", "3", "1", "High"], "Opportunity": ["0", "4", "2", "No"]})
    assert values(clients, "retention_risk") == [NOT_RATED, NOT_RATED, NOT_RATED, HIGH]
    assert values(clients, "opportunity") == [NOT_RATED, NOT_RATED, NOT_RATED, LOW]
    (message,) = {issue.message for issue in clients.issues}
    assert message == "is on a scale that goes beyond 3: write High, Medium or Low"


def test_an_x_is_yes_in_a_column_of_marks_and_not_known_beside_a_tick():
    clients = read({"Marquee": ["x", None, "X", "no"], "Challenging": ["x", "✓", None, "no"]})
    assert values(clients, "marquee") == [YES, NO, YES, NO]
    assert values(clients, "challenging") == [NOT_KNOWN, YES, NOT_KNOWN, NO]
    assert reported(clients) == [(2, "Challenging", "x")]


def test_an_x_is_high_in_a_column_of_marks_and_not_rated_beside_a_level():
    clients = read({"Strategic value": ["x", None, "X", "none"], "Opportunity": ["x", "Medium", None, "no"]})
    assert values(clients, "strategic_value") == [HIGH, NOT_RATED, HIGH, LOW]
    assert values(clients, "opportunity") == [NOT_RATED, MEDIUM, NOT_RATED, LOW]
    assert reported(clients) == [(2, "Opportunity", "x")]
    assert reported(read({"Retention risk": ["x", None]})) == [(2, "Retention risk", "x")]


def test_satisfaction_is_a_level_otherwise():
    assert values(read({"Satisfaction": ["3", "2", "1", "élevée"]}), "satisfaction") == [HIGH, MEDIUM, LOW, HIGH]


def test_a_rhythm_is_a_number_from_0_upwards():
    clients = read({"Contacts a year": ["12", "0.5", "0", "weekly", "-1"]})
    assert values(clients, "contacts_a_year") == [12, 0.5, 0, None, None]
    assert reported(clients) == [(5, "Contacts a year", "weekly"), (6, "Contacts a year", "-1")]


@pytest.mark.parametrize("field", ["Opportunity", "Strategic value"])
def test_no_opportunity_and_no_strategic_value_are_low(field: str):
    clients = read({field: ["None", "no", "0"], "Retention risk": ["low", "low", "no"]})
    assert values(clients, field.lower().replace(" ", "_")) == [LOW, LOW, LOW]
    assert reported(clients) == [(4, "Retention risk", "no")]
