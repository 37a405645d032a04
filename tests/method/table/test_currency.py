"""The currency of a list: where it is found, how it is written, and that it is found again."""

from typing import Any

import pytest

from tests.method.frames import frame, graded
from tierxl.method.issues import CannotGrade
from tierxl.method.money import in_short, money_text
from tierxl.method.plan.portfolio import portfolio
from tierxl.method.plan.service import engagement_plan
from tierxl.method.plan.summary import summary
from tierxl.method.policy import Policy
from tierxl.method.table.amounts import currency_in, currency_of, money
from tierxl.method.table.clients import read_clients
from tierxl.method.table.vocabulary import currencies, written_words
from tierxl.sheets.currency import number_format_in
from tierxl.sheets.graded_workbook import own_sheets
from tierxl.sheets.styles import STYLES
from tierxl.sheets.texts import texts_of

KNOWN = {currencies().get(word.casefold(), word) for word in (*currencies().values(), *written_words("currency_codes"))}
"""Every currency, as we write it."""
NB = "\N{NO-BREAK SPACE}"


def currency(cells: dict[str, list[Any]], **settings: str) -> str:
    clients = frame({"Client": ["Ashdown", "Bellwether"]} | cells)
    return read_clients(clients, Policy.with_settings({"reading": settings})).currency


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Revenue (£)", "£"), ("Umsatz in EUR", "€"), ("Umsatz (k€)", "€"), ("Umsatz TEUR", "€"), ("Sales US$", "$"),
        ("REVENUE USD", "$"), ("Omzet in euro", "€"), ("Billings FY26 (£'000)", "£"), ("Revenue (CHF)", "CHF"),
        ("Revenue ($m)", "$"), ("Revenue A$", "A$"), ("Revenue_USD", "$"), ("Omsättning (kr)", "kr"),
        ("Revenue", ""), ("ALL SALES", ""), ("Revenue (won)", ""), ("Revenue (real)", ""), ("Euro revenue", ""),
    ],
)  # fmt: skip
def test_a_header_names_the_currency(header: str, found: str):
    assert currency_in(header) == found


def test_the_cells_tell_it_also_where_only_some_do():
    assert currency({"Revenue": ["£412,000", "12,000"]}) == "£"
    assert currency({"Revenue": ["CHF 1'200", "Fr. 900"]}) == "CHF"


def test_a_column_of_currencies_tells_it():
    assert currency({"Revenue": [5, 7], "Currency": ["PLN", "zł"]}) == "zł"


def test_cells_go_before_the_header_and_the_setting_before_all():
    assert currency({"Revenue (€)": [5, 7]}) == "€"
    assert currency({"Revenue (€)": ["$5", "7"]}) == "$"
    assert currency({"Revenue (€)": ["$5", "7"]}, currency="GBP") == "£"


def test_another_currency_than_that_of_the_list_is_named_as_nothing_is_converted():
    def assumed(cell: str) -> list[str]:
        policy = Policy.with_settings({"reading": {"currency": "EUR"}})
        return list(map(str, read_clients(frame({"Client": ["Abel"], "Revenue": [cell]}), policy).issues))

    assert assumed("€5") == assumed("5") == []
    (issue,) = assumed("£5")
    assert issue.startswith("Revenue: the list is in £; amounts are shown in €, as it is set, and not converted")


@pytest.mark.parametrize("text", ['"', "CHF 5", "a currency", "[$]"])
def test_a_setting_that_is_no_sign_or_code_is_refused(text: str):
    with pytest.raises(CannotGrade, match="such as £ or CHF"):
        Policy.with_settings({"reading": {"currency": text}})


def test_where_nothing_tells_it_there_is_none():
    assert currency({"Revenue": [5, 7]}) == ""


def test_each_currency_is_found_again_in_the_formats_that_we_write():
    wrong = {
        sign: style
        for sign in KNOWN
        for style in ("money", "tile-amount")
        if currency_of(1.0, number_format_in(STYLES[style].number_format, sign))
        != currencies().get(sign.casefold(), sign)
    }
    assert wrong == {}


def test_a_sign_stands_at_the_digits_and_a_code_before_a_space_that_does_not_break_with_a_minus_before_both():
    assert [money_text(-1234.5, sign) for sign in ("£", "R$", "CHF", "")] == [
        "-£1,234", "-R$1,234", f"-CHF{NB}1,234", "-1,234"
    ]  # fmt: skip
    assert [in_short(amount, "kr") for amount in (3_141_592, -86_700)] == [f"kr{NB}3.14 m", f"-kr{NB}87 k"]


def test_an_amount_that_we_write_is_read_as_the_same():
    written = {(sign, amount): money_text(amount, sign) for sign in KNOWN for amount in (0, -7, 1234, -1_234_567)}
    read = {text: money(text) for text in written.values()}
    assert {key: read[text] for key, text in written.items() if read[text] != (key[1], key[0])} == {}


GROWING = [{"Revenue": f"€{1000 * number}", "Total spend": 9000 * number, "Opportunity": "High"} for number in (1, 2)]


@pytest.mark.long
def test_sentences_have_it():
    grading = graded(GROWING)
    page = summary(grading, portfolio(grading))
    assert "€3,000" in page.headline
    assert "Win €16,000 of upside" in page.next_steps["next_step"].to_list()
    assert "Win €16,000 of upside" in engagement_plan(grading)["next_step"].to_list()


def test_the_why_has_it_where_amounts_decide():
    by_amount = {"revenue": {"by": "amount", "high_amount": 1500, "medium_amount": 500.5}}
    clients = [{"Revenue": "£2,000.00"}, {"Revenue": "-£100"}]
    why = graded(clients, by_amount).columns["Why"].to_list()
    assert "£2,000 against £1,500 and £500.5" in why[0]
    assert "-£100 against £1,500 and £500.5" in why[1]


@pytest.mark.long
def test_all_amounts_on_our_sheets_have_it_and_their_texts_too():
    grading = graded(GROWING)
    sheets = own_sheets(grading, portfolio(grading), ())
    used = {column.style for sheet in sheets for table in sheet.tables for column in table.columns}
    used |= {cell.style for sheet in sheets for cell in sheet.cells}
    assert {style for style in used if style.startswith(("money", "tile-a", "level-money"))} == {
        "money €", "level-money €", "tile-amount €", "tile-about"
    }  # fmt: skip
    tiers = next(table for table in sheets[0].tables if table.title == "Tiers")
    assert [texts[2] for texts in texts_of(tiers)][-1] == "€3,000"
