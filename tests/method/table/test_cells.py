"""What is written in a cell, and what it is read as."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from tierxl.method.levels import HIGH, LOW, MEDIUM, NO, YES, A, B, C
from tierxl.method.table import cells

THIN, NARROW, NO_BREAK, MINUS = "\u2009", "\u202f", "\u00a0", "\u2212"

AMOUNTS = [
    (1200, 1200),
    (1200.5, 1200.5),
    (np.int64(1200), 1200),
    (np.float64(-0.5), -0.5),
    ("1200", 1200),
    (" 1200 ", 1200),
    ("0", 0),
    ("-500", -500),
    (f"{MINUS}500", -500),
    ("+500", 500),
    ("(500)", -500),
    ("( 500 )", -500),
    (".5", 0.5),
    ("1200.50", 1200.5),
    ("1,5", 1.5),
    ("12,50", 12.5),
    ("0.500", 0.5),
    ("0,500", 0.5),
    ("1200.500", 1200.5),
    ("1,200.50", 1200.5),
    ("1.200,50", 1200.5),
    ("1,200,500", 1_200_500),
    ("1.200.500", 1_200_500),
    ("1 200", 1200),
    ("1 200 500,75", 1_200_500.75),
    (f"1{THIN}200", 1200),
    (f"1{NARROW}200{NARROW}500", 1_200_500),
    (f"1{NO_BREAK}200.5", 1200.5),
    ("1e3", 1000),
    ("1.5E-2", 0.015),
]


@pytest.mark.parametrize(("written", "amount"), AMOUNTS)
def test_money_is_read_as_people_write_it(written: object, amount: float):
    assert cells.money(written) == (amount, "")


CURRENCIES = [
    ("$1,200.50", 1200.5, "$"),
    ("$ 1200", 1200, "$"),
    ("1200 €", 1200, "€"),
    ("1200€", 1200, "€"),
    ("-£500", -500, "£"),
    ("£-500", -500, "£"),
    ("($1,200.50)", -1200.5, "$"),
    ("$(500)", -500, "$"),
    ("EUR 1200", 1200, "€"),
    ("1200 USD", 1200, "$"),
    ("1200 CHF", 1200, "CHF"),
    ("USD 1,200.00", 1200, "$"),
    ("1.200,00 €", 1200, "€"),
    ("GBP1200", 1200, "£"),
    ("-GBP1200.50", -1200.5, "£"),
    ("CHF-1200", -1200, "CHF"),
    ("1200SEK", 1200, "SEK"),
    ("US$1,200.00", 1200, "$"),
    ("CA$ 1200", 1200, "CA$"),
]


@pytest.mark.parametrize(("written", "amount", "currency"), CURRENCIES)
def test_money_keeps_its_currency(written: str, amount: float, currency: str):
    assert cells.money(written) == (amount, currency)


NO_AMOUNTS = [
    "about fifty", "n/a", "12 apples", "--", "500-", "12 50", "1,2,3", "1,20,300", "1 2000", "$$5", "$5€", "1'200",
    "5 %", "ABC1200", "FY2026", "1e999", "9" * 400, "٣", True, np.True_, date(2026, 11, 22),
]  # fmt: skip


@pytest.mark.parametrize("written", NO_AMOUNTS, ids=lambda written: str(written)[:20])
def test_what_is_no_money_is_refused(written: object):
    with pytest.raises(ValueError, match=r"is not an amount of money: write a number such as 1200\.50"):
        cells.money(written)


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), 1.7e308])
def test_an_infinite_amount_is_refused(number: float):
    with pytest.raises(ValueError, match="is not a finite number"):
        cells.money(number)


TWO_READINGS = [("1.200", 1.2, 1200), ("1,200", 1200, 1.2), ("$12.345", 12.345, 12345), ("-1.200", -1.2, -1200)]


@pytest.mark.parametrize(("written", "with_point", "with_comma"), TWO_READINGS)
def test_money_with_two_readings_is_left_to_the_decimal_mark(written: str, with_point: float, with_comma: float):
    with pytest.raises(ValueError, match=r"could be .+ or .+: write it without a thousands mark"):
        cells.money(written)
    assert cells.money(written, ".").amount == with_point
    assert cells.money(written, ",").amount == with_comma


def test_both_readings_are_named():
    with pytest.raises(ValueError, match=r"could be 1\.2 or 1,200"):
        cells.money("1.200")


@pytest.mark.parametrize("mark", ["auto", ".", ","])
def test_money_with_one_reading_needs_no_decimal_mark(mark: cells.DecimalMark):
    assert cells.money("12,5", mark).amount == 12.5
    assert cells.money("1.200.500", mark).amount == 1_200_500


PERCENTAGES = [
    (0.8, 0.8, False),
    (80, 80, False),
    ("80", 80, False),
    ("0.8", 0.8, False),
    ("0,8", 0.8, False),
    ("-12", -12, False),
    ("80%", 0.8, True),
    ("80 %", 0.8, True),
    (f"80{NARROW}%", 0.8, True),
    ("% 80", 0.8, True),
    ("12.5 %", 0.125, True),
    ("12,5 %", 0.125, True),
    ("-5 %", -0.05, True),
    ("0.8 %", 0.008, True),
    ("140 %", 1.4, True),
]


@pytest.mark.parametrize(("written", "value", "signed"), PERCENTAGES)
def test_percentages_are_read_with_and_without_a_sign(written: object, value: float, signed: bool):
    found = cells.percent(written)
    assert found.value == pytest.approx(value, rel=1e-15)
    assert found.signed == signed


def test_a_percentage_with_three_decimals_is_no_question_of_thousands():
    assert cells.percent("12.345 %").value == pytest.approx(0.12345)
    assert cells.percent("12,345 %").value == pytest.approx(0.12345)


@pytest.mark.parametrize("written", ["about half", "%", "x %", "$5", "50 % 3", True, date(2026, 11, 22)])
def test_what_is_no_percentage_is_refused(written: object):
    with pytest.raises(ValueError, match=r"is not a percentage: write a number such as 45 % or 0\.45"):
        cells.percent(written)


LEVELS = {
    HIGH: ["High", "high", "HIGH", "H", "h", "3", 3, 3.0, " High "],
    MEDIUM: ["Medium", "medium", "Med", "med", "M", "m", "2", 2, 2.0],
    LOW: ["Low", "low", "L", "l", "1", 1, 1.0, np.int64(1)],
}


@pytest.mark.parametrize(("written", "level"), [(text, level) for level, texts in LEVELS.items() for text in texts])
def test_levels_are_words_letters_or_digits(written: object, level: int):
    assert cells.level(written) == level


@pytest.mark.parametrize("written", ["Very high", "Hi", "4", "0", 0, 2.5, True, "?"])
def test_what_is_no_level_is_refused(written: object):
    with pytest.raises(ValueError, match="is not a level: write High, Medium or Low"):
        cells.level(written)


ANSWERS = {
    YES: ["Yes", "yes", "YES", "Y", "y", "true", "TRUE", True, 1, 1.0, "1", "✓", "✔", " yes"],
    NO: ["No", "no", "N", "n", "false", "False", False, 0, 0.0, "0", "✗", "✘"],
}


@pytest.mark.parametrize(("written", "answer"), [(text, answer) for answer, texts in ANSWERS.items() for text in texts])
def test_answers_are_read_in_many_ways(written: object, answer: int):
    assert cells.yes_no(written) == answer


@pytest.mark.parametrize("written", ["maybe", "yes and no", 2, "t", -1])
def test_what_is_no_answer_is_refused(written: object):
    with pytest.raises(ValueError, match="is not an answer: write Yes or No"):
        cells.yes_no(written)


@pytest.mark.parametrize(("written", "tier"), [("A", A), ("a", A), (" B ", B), ("c", C)])
def test_tiers_are_letters(written: str, tier: int):
    assert cells.tier(written) == tier


@pytest.mark.parametrize("written", ["D", "AA", "Gold", "1", 1, "Tier A", "Not graded"])
def test_what_is_no_tier_is_refused(written: object):
    with pytest.raises(ValueError, match="is not a tier: write A, B or C"):
        cells.tier(written)


DAY = datetime(2026, 11, 22)
DAYS = [
    date(2026, 11, 22),
    DAY,
    datetime(2026, 11, 22, 17, 45),
    pd.Timestamp("2026-11-22 09:00"),
    "2026-11-22",
    " 2026-11-22 ",
    "2026-11-22T10:00:00",
    "2026-11-22 00:00:00",
    46348,
    46348.75,
]


@pytest.mark.parametrize("written", DAYS, ids=repr)
@pytest.mark.parametrize("order", ["iso", "day first", "month first"])
def test_spreadsheet_dates_and_texts_that_start_with_the_year_are_days_in_any_order(
    written: object, order: cells.DayOrder
):
    assert cells.day(written, order) == DAY


@pytest.mark.parametrize(
    "written", ["3/4/2026", "03/04/2026", "3.4.2026", "3-4-2026", "3/4/2026 2:05 PM", "03/04/2026, 14:05"]
)
def test_the_day_order_says_how_to_read_other_dates(written: str):
    assert cells.day(written, "day first") == datetime(2026, 4, 3)
    assert cells.day(written, "month first") == datetime(2026, 3, 4)
    with pytest.raises(ValueError, match="is not a date: write it as 2026-11-22, or set the day order"):
        cells.day(written)


@pytest.mark.parametrize(
    ("written", "order"),
    [("2026-02-30", "iso"), ("2026-13-01", "iso"), ("13/11/2026", "month first"), ("11/13/2026", "day first")],
)
def test_a_day_that_does_not_exist_is_refused(written: str, order: cells.DayOrder):
    with pytest.raises(ValueError, match="is not a day of the calendar"):
        cells.day(written, order)


@pytest.mark.parametrize(
    "written", ["last spring", "22 November 2026", "20261122", "2026-1-5", "3/4/26", "3/4/2026 noon", 0, -5, 3e6, True]
)
def test_what_is_no_date_is_refused(written: object):
    with pytest.raises(ValueError, match="is not a date"):
        cells.day(written, "day first")


@pytest.mark.parametrize("cell", [None, "", "   ", f"{NO_BREAK}{THIN}", float("nan"), pd.NaT, pd.NA])
def test_nothing_white_space_and_marks_for_missing_are_blank(cell: object):
    assert cells.is_blank(cell)
    assert cells.shown(cell) == ""


@pytest.mark.parametrize("cell", [0, 0.0, False, "0", "-", "n/a"])
def test_nought_and_dashes_are_not_blank(cell: object):
    assert not cells.is_blank(cell)


TEXTS = [
    ("00159", "00159"),
    (159, "159"),
    (159.0, "159"),
    (15.9, "15.9"),
    ("  Ashdown & Co ", "Ashdown & Co"),
    (datetime(2026, 11, 22), "2026-11-22"),
]


@pytest.mark.parametrize(("cell", "text"), TEXTS)
def test_a_name_or_number_is_the_text_that_a_user_sees(cell: object, text: str):
    assert cells.text(cell) == text
    assert cells.shown(cell) == text
