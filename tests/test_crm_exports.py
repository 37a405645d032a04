"""Exports of accounts from CRM systems, graded as they come: invented clients in the shape of real exports."""

from datetime import date
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest

from tests.files import AS_OF, csv_file, csv_records, grade, workbook
from tests.method.frames import frame
from tierxl.engines import opened
from tierxl.method.issues import CannotGrade
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.grading import grade as grade_frame
from tierxl.method.table.crm import EXPORTS, export_of
from tierxl.method.table.headers import Headers
from tierxl.method.table.rows import rows_without_client
from tierxl.method.table.vocabulary import normal
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.graded import GradedFile
from tierxl.use_cases.large import grade_large
from tierxl.use_cases.reading import Request
from tierxl.workbooks.csv_parquet import read_csv

pytestmark = pytest.mark.long

FOLDER = Path(__file__).parent / "crm"
MONTH_FIRST = {"reading": {"day_order": "month first"}}


def checked(name: str) -> GradedFile:
    return check_file(Request(FOLDER / name, AS_OF))


READ = [
    (
        "salesforce-report.csv",
        {"client_id": "Account ID", "account_manager": "Account Owner", "revenue": "Annual Revenue (converted)"},
        [312500, 120400.5, 97200, 48000],
    ),
    (
        "salesforce-data-loader.csv",
        {"client": "NAME", "client_id": "ID", "account_manager": "OWNERID", "last_contact": "LASTACTIVITYDATE"},
        [250000, 120400.5, 48000],
    ),
    (
        "hubspot-companies.csv",
        {"client_id": "Record ID", "account_manager": "Company owner", "last_contact": "Last Contacted"},
        [250000, 120400.5, 90000, 48000],
    ),
    (
        "dynamics-accounts.csv",
        {"client_id": "Account Number", "account_manager": "Owner", "revenue": "Annual Revenue (Base)"},
        [312500, 120400.5, 52000],
    ),
]


@pytest.mark.parametrize(("name", "headers", "revenues"), READ, ids=[name for name, _, _ in READ])
def test_an_export_is_read_without_hand_work(name: str, headers: dict[str, str], revenues: list[float]):
    clients = checked(name).grading.clients
    assert clients.headers | headers == clients.headers
    assert clients.table["revenue"].to_list() == revenues


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name, _, _ in READ])
def test_an_export_is_graded_without_an_option(name: str, tmp_path: Path):
    grade(FOLDER / name, tmp_path / "graded.csv")
    assert {record["Tier"] for record in csv_records(tmp_path / "graded.csv")} <= {"A", "B", "C"}
    grade(FOLDER / name, tmp_path / "graded.xlsx")
    assert (tmp_path / "graded.xlsx").exists()


DAYS = [
    ("salesforce-data-loader.csv", [date(2026, 11, 2), date(2026, 10, 30), None]),
    ("hubspot-companies.csv", [date(2026, 11, 2), date(2026, 10, 30), None, date(2024, 5, 3)]),
]


@pytest.mark.parametrize(("name", "days"), DAYS, ids=[name for name, _ in DAYS])
def test_days_with_their_hours_are_read(name: str, days: list[date | None]):
    found = checked(name).grading.clients.table["last_contact"].to_list()
    assert [day and day.date() for day in found] == days


def test_days_as_americans_write_them_are_read_where_the_month_is_said_to_come_first():
    table = read_csv(FOLDER / "salesforce-report.csv")
    columns = {header: table.cells[:, at].to_list() for at, header in enumerate(table.headers)}
    grading = grade_frame(frame(columns, "polars"), Policy.with_settings(MONTH_FIRST), AS_OF)
    assert str(grading.clients.table["last_contact"][0]) == "2026-11-02 00:00:00"
    assert [issue for issue in grading.issues if issue.row] == []


def with_contacts(*days: str) -> Grading:
    """Two accounts or more as Salesforce reports them, with the days of their last activity."""
    columns = {
        "Account Owner": ["Jane"] * len(days),
        "Account Name": [f"Account {at}" for at in range(len(days))],
        "Annual Revenue": [100.0] * len(days),
        "Last Activity": list(days),
    }
    return grade_frame(frame(columns, "polars"), Policy(), AS_OF)


def days_read(grading: Grading) -> list[date | None]:
    return [day and day.date() for day in grading.clients.table["last_contact"].to_list()]


def test_an_export_tells_the_order_of_its_dates_where_they_can_be_read_in_no_other():
    american, european = with_contacts("11/2/2026", "10/21/2026"), with_contacts("2.11.2026", "21.10.2026")
    assert days_read(american) == days_read(european) == [date(2026, 11, 2), date(2026, 10, 21)]
    assert [issue for issue in (*american.issues, *european.issues) if issue.row] == []


@pytest.mark.parametrize("days", [("11/2/2026", "10/1/2026"), ("10/21/2026", "21/10/2026")])
def test_dates_that_two_orders_fit_or_none_stay_issues(days: tuple[str, ...]):
    grading = with_contacts(*days)
    assert days_read(grading) == [None, None]
    assert len([issue for issue in grading.issues if issue.row]) == 2


def test_the_lines_below_a_report_are_no_clients_but_a_client_called_total_is():
    assert checked("salesforce-report.csv").grading.clients.table["client"].to_list() == [
        "Ashdown Brewing Ltd",
        "Bramley & Sons Joinery",
        "Łódzkie Młyny S.A.",
        "Total",
    ]


def test_the_lines_below_a_report_stay_in_its_workbook(tmp_path: Path):
    headers = ("Account Name", "Account Owner", "Annual Revenue", "Last Activity")
    rows = [headers, ("Ashdown", "Priya Nair", 10, None), ("Grand Totals (1 records)", None, 10, None)]
    rows += [("Copyright © 2000-2026 salesforce.com, inc. All rights reserved.", None, None, None)]
    result = grade(workbook(tmp_path / "accounts.xlsx", rows), tmp_path / "graded.xlsx")
    assert list(result.grading.clients.rows) == [2]


def test_a_last_client_called_total_has_an_account_owner_and_a_total_has_none():
    headers = ["Account Name", "Account Owner", "Annual Revenue", "Last Activity"]
    for owner, expected in (("Priya Nair", 0), (None, 1)):
        lines = [("Ashdown", "Tom Hale", 10, None), ("Total", owner, 30, None)]
        frame_of_lines = nw.from_native(pl.DataFrame(lines, headers, orient="row"))
        assert len(rows_without_client(frame_of_lines, Headers.of(headers), [2, 3])) == expected


def test_ids_that_differ_in_capitals_alone_are_two_accounts():
    assert not [issue for issue in checked("salesforce-report.csv").issues if "more than one row" in issue.message]


@pytest.mark.parametrize("name", [name for name, _, _ in READ])
def test_the_issues_ask_whether_annual_revenue_is_what_the_client_pays(name: str):
    asked = [str(issue) for issue in checked(name).issues if issue.row is None]
    assert [text.split(":")[0].lower().replace(" ", "")[:13] for text in asked if "turnover" in text] == [
        "annualrevenue"
    ]


def test_a_list_that_is_no_export_is_not_asked():
    grading = grade_frame(frame({"Client": ["a"], "Annual revenue": [1]}, "polars"), Policy(), AS_OF)
    assert grading.issues == []


OWN = [
    pytest.param(["Client", "Revenue", "Created On", "Create Date", "Total Revenue"], id="no export"),
    pytest.param(["Account Name", "Revenue", "Created On"], id="one mark is a coincidence"),
]


@pytest.mark.parametrize("headers", OWN)
def test_the_names_of_an_export_are_the_users_own_in_other_lists(headers: list[str]):
    assert {headers[at] for at in Headers.of(headers).columns} <= {"Client", "Account Name", "Revenue"}


PREFERRED = [
    ("Salesforce", ["Account ID (18)", "Account ID", "Account Owner", "Created Date"], "client_id", "Account ID (18)"),
    ("Salesforce", ["Annual Revenue (converted)", "Revenue", "Account Owner"], "revenue", "Revenue"),
    ("HubSpot", ["Record ID", "Last Activity Date", "Last Contacted"], "last_contact", "Last Contacted"),
    ("HubSpot", ["Record ID", "Company owner", "Last Activity Date"], "last_contact", "Last Activity Date"),
    ("HubSpot", ["Record ID", "Create Date", "Close Date"], "client_since", "Close Date"),
    ("Dynamics 365", ["Main Phone", "Annual Revenue", "Annual Revenue (Base)"], "revenue", "Annual Revenue (Base)"),
    ("Dynamics 365", ["(Do Not Modify) Account", "Account Number", "Main Phone"], "client_id", "Account Number"),
]


@pytest.mark.parametrize(("system", "headers", "field", "taken"), PREFERRED)
def test_where_two_columns_of_an_export_mean_one_the_better_is_taken(
    system: str, headers: list[str], field: str, taken: str
):
    export = export_of(list(map(normal, headers)))
    assert export is not None
    assert export.system == system
    assert [headers[at] for at, column in Headers.of(headers).columns.items() if column.field == field] == [taken]


def test_two_names_that_every_list_may_use_still_stop_an_export():
    headers = ["Account Name", "Account Owner", "Last Activity", "Annual Revenue", "Revenue"]
    with pytest.raises(CannotGrade, match='"Annual Revenue" and "Revenue" both mean Revenue'):
        _ = Headers.of(headers).position_of


def test_the_names_of_exports_are_written_as_headers_are_compared():
    for export in EXPORTS:
        names = {*export.marks, *export.doubts, *(name for names in export.names.values() for name in names)}
        assert [name for name in names if name != " ".join(name.casefold().replace("_", " ").split())] == []


CURRENCIES = [
    pytest.param("Currency", ["USD", "EUR"], "", id="in any list"),
    pytest.param("Currency", ["usd", "$"], None, id="one currency in two spellings"),
    pytest.param("Currency", ["USD", None], None, id="a blank one"),
    pytest.param("Revenue currency", ["GBP", "EUR"], "", id="of the revenue"),
    pytest.param("Budget currency", ["GBP", "EUR"], None, id="of other amounts"),
]


@pytest.mark.parametrize(("header", "named", "stops"), CURRENCIES)
def test_revenue_in_two_currencies_stops_though_another_column_says_so(
    header: str, named: list[str | None], stops: str | None, tmp_path: Path
):
    columns = {"Client": ["a", "b"], "Revenue": [1.0, 2.0], header: named}
    pl.DataFrame(columns).write_parquet(tmp_path / "clients.parquet")
    if stops is None:
        assert len(grade_frame(frame(columns, "polars"), Policy(), AS_OF).columns) == 2
        return
    with pytest.raises(CannotGrade, match=f'The column "{header}" mixes currencies'):
        grade_frame(frame(columns, "pandas"), Policy(), AS_OF)
    with pytest.raises(CannotGrade, match="mixes currencies"), opened("polars") as engine:
        grade_large(str(tmp_path / "clients.parquet"), str(tmp_path / "out"), engine, Policy(), AS_OF, lambda *_: None)


def test_the_currency_of_a_client_without_revenue_does_not_matter():
    columns = {"Client": ["a", "b"], "Revenue": [1.0, None], "Currency": ["USD", "EUR"]}
    assert len(grade_frame(frame(columns, "polars"), Policy(), AS_OF).columns) == 2


def test_a_line_about_the_report_is_looked_for_at_its_end_only(tmp_path: Path):
    text = "Account Name,Account Owner,Last Activity,Annual Revenue\nSum of Parts,,,1\nAshdown,Priya,,2\n"
    assert len(read_csv(csv_file(tmp_path, text)).rows) == 2
