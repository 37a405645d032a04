"""How headers are recognised, and where the graded columns stand."""

import pytest

from tierxl.method.issues import CannotGrade
from tierxl.method.table.columns import COLUMNS, GRADED_COLUMNS
from tierxl.method.table.headers import Headers

NAMES = [(name, column.name) for column in COLUMNS for name in (column.name, *column.aliases)]


@pytest.mark.parametrize(("header", "column"), NAMES)
def test_names_and_aliases_are_recognised_in_any_spelling(header: str, column: str):
    spellings = [
        header,
        header.upper(),
        header.title(),
        f"  {header} ",
        header.replace(" ", "_"),
        header.replace(" ", "-"),
    ]
    assert [found.name for found in Headers.of(spellings).columns.values()] == [column] * len(spellings)


def test_no_name_means_two_columns():
    spellings = [name.casefold() for name, _ in NAMES]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize("header", ["Golf handicap", "Revenues", "Client, name", "", None, 2026])
def test_other_headers_are_the_users_own(header: object):
    assert Headers.of([header]).columns == {}


def test_columns_are_found_wherever_they_stand():
    assert Headers.of(["Notes", "TURNOVER", None, "Customer", "churn-risk"]).position_of == {
        "revenue": 1,
        "client": 3,
        "retention_risk": 4,
    }


@pytest.mark.parametrize(
    ("headers", "missing"),
    [
        (["Revenue"], "There is no Client column: give one column the header Client (or client name, customer"),
        (["Client"], "There is no Revenue column: give one column the header Revenue (or recognised revenue"),
    ],
)
def test_a_missing_column_stops_and_says_what_to_call_it(headers: list[str], missing: str):
    with pytest.raises(CannotGrade) as stopped:
        _ = Headers.of(headers).position_of
    assert str(stopped.value).startswith(missing)


def test_two_columns_that_mean_the_same_stop_and_are_both_named():
    with pytest.raises(CannotGrade, match='The columns "Sales" and "revenue" both mean Revenue: rename one'):
        _ = Headers.of(["Client", "Sales", "revenue"]).position_of


OWN = ["Client", "Revenue", "Notes"]


def graded_from(start: int) -> dict[str, int]:
    return {name: at for at, name in enumerate(GRADED_COLUMNS, start)}


def test_the_graded_columns_of_an_earlier_grading_are_found():
    headers = Headers.of([*OWN, *GRADED_COLUMNS])
    assert headers.graded == graded_from(3)
    assert list(headers) == OWN


def test_positions_are_those_among_the_users_own_headers():
    headers = Headers.of(["Client", *GRADED_COLUMNS, "Notes", "Revenue"])
    assert headers.position_of == {"client": 0, "revenue": 2}
    assert headers.places == (0, 16, 17)


def test_only_the_cells_of_the_list_are_headers():
    headers = Headers.of(["Client", "Client", None, "Revenue"], among=[1, 3])
    assert headers.position_of == {"client": 0, "revenue": 1}
    assert headers.places == (1, 3)


def test_a_lone_score_or_action_is_the_users_own():
    assert Headers.of([*OWN, "Score", "Action", "Upside"]).graded == {}


def test_a_table_with_only_half_of_the_columns_that_every_grading_writes_was_not_graded_before():
    assert Headers.of([*OWN, "Tier", "Action", "Reason", "Score", "Upside", "Why"]).graded == {}
    assert Headers.of([*OWN, "Tier", "Action", "Reason", "Score", "Upside", "Why", "Starting tier"]).graded != {}


def test_a_list_graded_on_revenue_alone_is_known_though_the_user_deletes_some_of_its_graded_columns():
    left = ["Tier", "Action", "Reason", "Provisional", "Borderline", "What would lift it", "Why"]
    assert set(Headers.of(["Client", *left[:3], "Revenue", *left[3:]]).graded) == set(left)


def test_beside_a_column_of_ours_the_plain_name_is_the_users():
    ours = [name if name != "Score" else "Score (tierxl)" for name in GRADED_COLUMNS]
    assert Headers.of(["Client", "Score", "Revenue", *ours]).graded == graded_from(3)


def test_a_graded_column_takes_its_plain_name_where_the_user_has_none_like_it():
    assert Headers.of(OWN).of_graded_columns == {name: name for name in GRADED_COLUMNS}


def test_a_graded_column_is_marked_where_the_user_has_one_of_that_name():
    headers = Headers.of([*OWN, " score ", "Action"]).of_graded_columns
    marked = {name for name, header in headers.items() if header != name}
    assert marked == {"Score", "Action"}
    assert headers["Score"] == "Score (tierxl)"


@pytest.mark.parametrize("own", [OWN, [*OWN, "Score", "Tier", "Why"], [*OWN, *GRADED_COLUMNS[:5]]])
def test_what_was_graded_once_is_recognised_the_next_time(own: list[str]):
    headers = [*own, *Headers.of(own).of_graded_columns.values()]
    assert Headers.of(headers).graded == graded_from(len(own))


@pytest.mark.parametrize(
    "header",
    ["sales_usd", "net_revenue_eur", "REVENUE_FY26", "annual_revenue_2025", "umsatz_teur", "revenueUSD", "Sales-EUR"],
)
def test_underscores_hyphens_and_camel_case_part_what_qualifies_a_header_as_spaces_do(header: str):
    assert Headers.of(["client", header]).position_of == {"client": 0, "revenue": 1}


@pytest.mark.parametrize(
    "header", ["Revenue excl. VAT", "Sales ex VAT", "Omzet excl. btw", "Umsatz zzgl. MwSt.", "Ventas sin IVA"]
)
def test_revenue_without_tax_is_revenue_and_a_tax_is_not(header: str):
    assert Headers.of(["Client", header, "VAT"]).position_of == {"client": 0, "revenue": 1}


@pytest.mark.parametrize("header", ["Revenue budget", "Net sales plan", "Total revenue forecast", "VAT on sales"])
def test_a_plan_is_no_revenue(header: str):
    assert not Headers.of(["Client", header]).are_of_clients


NEARLY = [
    ("Revenues", "Revenue"),
    ("Reveneu", "Revenue"),
    ("Strategc value", "Strategic value"),
    ("Last contct", "Last contact"),
    ("Last_Contacts", "Last contact"),
    ("Retentoin risk", "Retention risk"),
    ("Chrun risk", "Retention risk"),
    ("Owners", "Account manager"),
]


@pytest.mark.parametrize(("header", "meant"), NEARLY)
def test_a_header_with_a_slip_in_it_is_suggested(header: str, meant: str):
    assert [column.name for column in Headers.of(["Notes", header]).likely_misspelt.values()] == [meant]


ORDINARY = """Notes; City; Revenue 2024; Revenue 2025; Country; County; Phone; Website; Region; Rating; Type
Status; Score; Account type; Account site; Account Owner ID; Customer size; Customer type; Client no; Last name
First name; End date; Due date; Profile; Discount; Count; Amount; Market; Gold fit; Hosts; Postcode; Email
Street; Contact; Contract; Paid; Total revenue; Total budgets 2024; Next contact; Next review; Price; Rap; Ids
In; Department; Employees; Custom; Wall; Renewal risk; Tier; Action; Why; Currency; Description; Parent account
Fax; Opportunities; Assignment; Sales region; Wales"""


@pytest.mark.parametrize("header", [header for line in ORDINARY.splitlines() for header in line.split("; ")])
def test_ordinary_columns_of_the_users_are_not_taken_for_slips(header: str):
    assert Headers.of([header]).likely_misspelt == {}


def test_a_slip_is_not_suggested_where_the_column_is_there():
    assert Headers.of(["Client", "Revenue", "Revenu"]).likely_misspelt == {}


def test_a_missing_column_with_a_slip_in_its_header_is_asked_about():
    with pytest.raises(CannotGrade) as stopped:
        _ = Headers.of(["Client", "Notes", "City", "Reveneu"], letter_of=lambda at: "ABCD"[at]).position_of
    assert str(stopped.value) == (
        "There is no Revenue column. The headers: Client, Notes, City and Reveneu. "
        'Did you mean "Reveneu" (column D)? Give that column the header Revenue.'
    )
