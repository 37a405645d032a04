"""What is written in a cell, and what it is read as."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from tierxl.method.levels import HIGH, LOW, MEDIUM, NO, YES, A, B, C
from tierxl.method.table import amounts, cells, choices, dates, percents

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
    assert amounts.money(written) == (amount, "")


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
    assert amounts.money(written) == (amount, currency)


NO_AMOUNTS = [
    "about fifty", "n/a", "12 apples", "--", "--5", "-(5)", "12 50", "1,2,3", "1 2000", "$$5", "$5€", "£1 USD",
    "5 %", "ABC1200", "FY2026", "1,200.00 Cr", "€ 500 CR", "1e999", "9" * 400, "٣", True, np.True_, date(2026, 11, 22),
]  # fmt: skip


@pytest.mark.parametrize("written", NO_AMOUNTS, ids=lambda written: str(written)[:20])
def test_what_is_no_money_is_refused(written: object):
    with pytest.raises(ValueError, match=r"is not an amount of money: write a number such as 1200\.50"):
        amounts.money(written)


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), 1.7e308])
def test_an_infinite_amount_is_refused(number: float):
    with pytest.raises(ValueError, match="is not a finite number"):
        amounts.money(number)


TWO_READINGS = [("1.200", 1.2, 1200), ("1,200", 1200, 1.2), ("$12.345", 12.345, 12345), ("-1.200", -1.2, -1200)]


@pytest.mark.parametrize(("written", "with_point", "with_comma"), TWO_READINGS)
def test_money_with_two_readings_is_left_to_the_decimal_mark(written: str, with_point: float, with_comma: float):
    assert amounts.money(written, ".").amount == with_point
    assert amounts.money(written, ",").amount == with_comma


@pytest.mark.parametrize(("written", "with_point", "with_comma"), TWO_READINGS)
def test_where_nothing_tells_a_mark_before_three_digits_separates_thousands(
    written: str, with_point: float, with_comma: float
):
    assert amounts.money(written).amount == max(with_point, with_comma, key=abs)


@pytest.mark.parametrize(("written", "mark"), [("12,5", "."), ("1.200.500", "."), ("12.5", ","), ("1,200.50", ",")])
def test_money_that_proves_another_mark_than_its_column_has_is_refused(written: str, mark: amounts.DecimalMark):
    with pytest.raises(ValueError, match=r"has another decimal mark than its column, where a (point|comma) separates"):
        amounts.money(written, mark)


SHORT_FORMS = [
    ("$1.2M", 1_200_000, "$"),
    ("$450K", 450_000, "$"),
    ("64k", 64_000, ""),
    ("2.4bn", 2_400_000_000, ""),
    ("1,2 Mio. €", 1_200_000, "€"),
    ("85 Tsd. Euro", 85_000, "€"),
    ("5 k€", 5000, "€"),
    ("5kEUR", 5000, "€"),
    ("12 T€", 12_000, "€"),
    ("₹5 lakh", 500_000, "₹"),
    ("₹ 1.5 Cr", 15_000_000, "₹"),
    ("1.200,-", 1200, ""),
    ("1'200.-", 1200, ""),
    ("CHF 1’234.50", 1234.5, "CHF"),
    ("₹1,20,000.00", 120_000, "₹"),
    ("Rs. 20,70,000", 2_070_000, "₹"),
    ("500-", -500, ""),
    ("$33,200 USD", 33_200, "$"),
    ("88 400,50 kr", 88_400.5, "kr"),
    ("412 000 kr.", 412_000, "kr"),
    ("1 200,75 zł", 1200.75, "zł"),
    (" $ -   ", 0, "$"),
]


@pytest.mark.parametrize(("written", "amount", "currency"), SHORT_FORMS)
def test_money_is_read_as_ledgers_and_short_forms_have_it(written: str, amount: float, currency: str):
    assert amounts.money(written) == (amount, currency)


@pytest.mark.parametrize("dash", ["-", " – ", "—"])
def test_a_lone_dash_says_that_there_is_no_amount(dash: str):
    assert amounts.amount(dash) is percents.percent(dash) is amounts.number(dash) is None


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
    found = percents.percent(written)
    assert found.value == pytest.approx(value, rel=1e-15)
    assert found.signed == signed


def test_a_percentage_with_three_decimals_is_no_question_of_thousands():
    assert percents.percent("12.345 %").value == pytest.approx(0.12345)
    assert percents.percent("12,345 %").value == pytest.approx(0.12345)


@pytest.mark.parametrize("written", ["about half", "%", "x %", "$5", "50 % 3", True, date(2026, 11, 22)])
def test_what_is_no_percentage_is_refused(written: object):
    with pytest.raises(ValueError, match=r"is not a percentage: write a number such as 45 % or 0\.45"):
        percents.percent(written)


LEVELS = {
    HIGH: ["High", "high", "HIGH", "H", "h", "3", 3, 3.0, " High "],
    MEDIUM: ["Medium", "medium", "Med", "med", "M", "m", "2", 2, 2.0],
    LOW: ["Low", "low", "L", "l", "1", 1, 1.0, np.int64(1)],
}


@pytest.mark.parametrize(("written", "level"), [(text, level) for level, texts in LEVELS.items() for text in texts])
def test_levels_are_words_letters_or_digits(written: object, level: int):
    assert choices.level(written) == level


@pytest.mark.parametrize(
    ("written", "level"),
    [("hoch", HIGH), ("élevée", HIGH), ("ALTA", HIGH), ("gemiddeld", MEDIUM), ("média", MEDIUM), ("gering", LOW)],
)
def test_levels_are_words_of_six_languages(written: str, level: int):
    assert choices.level(written) == level


@pytest.mark.parametrize("written", ["None", "no", "0", 0, "keine", "aucun"])
def test_nothing_is_low_where_nothing_of_a_kind_is_a_level_of_its_own(written: object):
    assert choices.level_or_none(written) == LOW
    with pytest.raises(ValueError, match="is not a level"):
        choices.level(written)


@pytest.mark.parametrize("written", ["Yes", "ja", "✓", True])
def test_yes_is_high_where_no_is_low(written: object):
    assert choices.level_or_none(written) == HIGH
    with pytest.raises(ValueError, match="is not a level"):
        choices.level(written)


@pytest.mark.parametrize("written", ["Very high", "Hi", "4", "0", 0, 2.5, True, "?"])
def test_what_is_no_level_is_refused(written: object):
    with pytest.raises(ValueError, match="is not a level: write High, Medium or Low"):
        choices.level(written)


ANSWERS = {
    YES: [
        "Ja",
        "oui",
        "sí",
        "sim",
        "Yes",
        "yes",
        "YES",
        "Y",
        "y",
        "true",
        "TRUE",
        True,
        1,
        1.0,
        "1",
        "✓",
        "✔",
        "✔️",
        "✅",
        " yes",
    ],
    NO: ["Nein", "não", "No", "no", "N", "n", "false", "False", False, 0, 0.0, "0", "✗", "✘", "❌"],
}


@pytest.mark.parametrize(("written", "answer"), [(text, answer) for answer, texts in ANSWERS.items() for text in texts])
def test_answers_are_read_in_many_ways(written: object, answer: int):
    assert choices.yes_no(written) == answer


@pytest.mark.parametrize("written", ["maybe", "yes and no", 2, "t", -1])
def test_what_is_no_answer_is_refused(written: object):
    with pytest.raises(ValueError, match="is not an answer: write Yes or No"):
        choices.yes_no(written)


@pytest.mark.parametrize(("written", "tier"), [("A", A), ("a", A), (" B ", B), ("c", C)])
def test_tiers_are_letters(written: str, tier: int):
    assert choices.tier(written) == tier


@pytest.mark.parametrize("written", ["D", "AA", "Gold", "1", 1, "Tier A", "Not graded"])
def test_what_is_no_tier_is_refused(written: object):
    with pytest.raises(ValueError, match="is not a tier: write A, B or C"):
        choices.tier(written)


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
@pytest.mark.parametrize("order", ["auto", "day first", "month first"])
def test_spreadsheet_dates_and_texts_that_start_with_the_year_are_days_in_any_order(
    written: object, order: dates.DayOrder
):
    assert dates.day(written, order) == DAY


ORDERED = ["3/4/2026", "03/04/2026", "3.4.2026", "3-4-2026", "3/4/26", "3/4/2026 2:05 PM", "03/04/2026, 14:05"]


@pytest.mark.parametrize("written", ORDERED)
def test_the_day_order_says_how_to_read_other_dates(written: str):
    assert dates.day(written, "day first") == datetime(2026, 4, 3)
    assert dates.day(written, "month first") == datetime(2026, 3, 4)
    with pytest.raises(ValueError, match="can be read day first and month first: give --dates day-first or"):
        dates.day(written)


@pytest.mark.parametrize("written", ["23/10/2026", "10/23/2026", "23.10.26 08:00"])
def test_a_day_that_fits_one_order_only_needs_no_other_to_tell(written: str):
    assert dates.day(written) == datetime(2026, 10, 23)


IN_WORDS = [
    "15 Aug 2026", "Aug 15, 2026", "15-Aug-26", "15. August 2026", "15 août 2026", "15 de agosto de 2026",
    "15 agosto 2026", "15 augustus 2026", "Saturday, 15th of August 2026", "Samstag, 15. August 2026", "2026-Aug-15",
    "2026/8/15", "2026.08.15", "20260815", "2026-8-15 09:30",
]  # fmt: skip


@pytest.mark.parametrize("written", IN_WORDS)
@pytest.mark.parametrize("order", ["auto", "day first", "month first"])
def test_months_in_words_and_years_in_front_need_no_order(written: str, order: dates.DayOrder):
    assert dates.day(written, order) == datetime(2026, 8, 15)


@pytest.mark.parametrize(
    ("written", "order", "message"),
    [
        ("2026-02-30", "auto", "is not a day of the calendar"),
        ("2026-13-01", "auto", "is not a day of the calendar"),
        ("31 June 2026", "auto", "is not a day of the calendar"),
        ("13/11/2026", "month first", "is not a day when it is read month first"),
        ("11/13/2026", "day first", "is not a day when it is read day first"),
    ],
)
def test_a_day_that_does_not_exist_is_refused(written: str, order: dates.DayOrder, message: str):
    with pytest.raises(ValueError, match=message):
        dates.day(written, order)


@pytest.mark.parametrize("written", ["last spring", "May 2026", "Nov-26", "3/4/2026 noon", "2026", 0, -5, 3e6, True])
def test_what_is_no_date_is_refused(written: object):
    with pytest.raises(ValueError, match="is not a date"):
        dates.day(written, "day first")


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
