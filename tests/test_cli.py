"""The command as a person uses it: what it prints, where, and how it ends."""

import csv
import json
import os
import shlex
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.main import get_command
from typer.testing import CliRunner, Result

from tests import files
from tests.files import OURS, csv_file, csv_records, everything, grade, workbook
from tests.runs import first
from tierxl.cli import app
from tierxl.method.policy import Policy
from tierxl.method.table.columns import GRADED_COLUMNS

AS_OF = ("--as-of", "2026-11-22")
COMMAND = get_command(app)
VISIBLE = {name: command for name, command in COMMAND.commands.items() if not command.hidden}
CLIENTS = "Client,Client ID,Revenue,Profit,Opportunity\nAbel,007,300,60,High\nBaker,08,200,-5,soon\nCohen,,100,10,\n"


def tierxl(*arguments: str | Path) -> Result:
    """Run the command in this process."""
    result = CliRunner().invoke(app, list(map(str, arguments)))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(*arguments: str | Path) -> str:
    """Run a command that must be refused: the one sentence that it says."""
    result = tierxl(*arguments)
    (sentence,) = result.stderr.splitlines()
    output = json.dumps({"error": sentence}, indent=2) + "\n" if "--json" in arguments else ""
    assert (result.exit_code, result.stdout) == (2, output)
    assert sentence.endswith((".", "?", '"'))
    return sentence


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    return csv_file(tmp_path, CLIENTS)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# --- grade -----------------------------------------------------------------------------------------------------------


def test_without_a_name_for_the_output_a_graded_workbook_stands_beside_the_input(clients: Path):
    assert tierxl("grade", clients, *AS_OF).exit_code == 0
    assert names(clients.parent) == {"clients.csv", "clients-graded.xlsx"}
    sheets = load_workbook(clients.parent / "clients-graded.xlsx").sheetnames
    assert sheets == ["Summary", "Clients", *OURS[1:]]


@pytest.mark.parametrize("option", first(1, ["-o", "--output"]))
def test_the_ending_of_the_output_says_its_format(clients: Path, option: str):
    assert tierxl("grade", clients, option, clients.parent / "graded.csv", *AS_OF).exit_code == 0
    assert list(csv_records(clients.parent / "graded.csv")[0])[5:] == list(GRADED_COLUMNS)


def test_in_place_writes_into_the_input_itself(clients: Path):
    assert tierxl("grade", clients, "--in-place", *AS_OF).exit_code == 0
    assert names(clients.parent) == {"clients.csv"}
    assert [record["Tier"] for record in csv_records(clients)] == ["A", "C", "C"]


def test_overwrite_replaces_an_output_that_exists(clients: Path):
    (clients.parent / "graded.csv").write_text("old")
    assert tierxl("grade", clients, "-o", clients.parent / "graded.csv", "--overwrite", *AS_OF).exit_code == 0
    assert (clients.parent / "graded.csv").read_text() != "old"


def test_data_issues_do_not_stop_the_grading_and_are_counted_on_stderr(clients: Path):
    result = tierxl("grade", clients, "-o", clients.parent / "graded.csv", *AS_OF)
    assert result.exit_code == 0
    first, *others = result.stderr.splitlines()
    assert first == "1 data issue:"
    assert others == ['  row 3, Baker, Opportunity: "soon" is not a level: write High, Medium or Low']


@pytest.mark.long
def test_data_issues_of_one_cause_are_one_line_with_their_count_and_the_first(tmp_path: Path):
    lines = [f"C{number},{number},soon" for number in range(1, 1_051)]
    source = csv_file(tmp_path, "\n".join(["Client,Revenue,Opportunity", *lines]))
    result = tierxl("grade", source, "-o", tmp_path / "graded.csv", *AS_OF)
    assert result.stderr.splitlines() == [
        "1,050 data issues:",
        '  1,050 x Opportunity, first row 2, C1: "soon" is not a level: write High, Medium or Low',
    ]


def test_assumptions_are_told_apart_from_data_issues(tmp_path: Path):
    source = csv_file(tmp_path, 'Client,Revenue,Opportunity\nAbel,"£412,000",soon\nBaker,"£19,800",\n')
    result = tierxl("grade", source, "-o", tmp_path / "graded.csv", *AS_OF)
    assert result.stderr.splitlines() == [
        "1 data issue:",
        '  row 2, Abel, Opportunity: "soon" is not a level: write High, Medium or Low',
        "1 assumption:",
        "  Revenue: 2 amounts such as £19,800 read as thousands: if they are not, set it: --decimal-mark, or Settings",
    ]
    assert "Assumptions: 1" in tierxl("check", source, *AS_OF).stdout


def test_without_issues_stderr_is_silent(tmp_path: Path):
    result = tierxl("grade", csv_file(tmp_path, "Client,Revenue\nAbel,1\n"), "-o", tmp_path / "graded.csv", *AS_OF)
    assert result.stderr == ""
    assert result.stdout


def test_the_summary_has_tiers_with_revenue_the_shed_list_and_the_verdict(clients: Path):
    summary = tierxl("grade", clients, "-o", clients.parent / "graded.xlsx", *AS_OF).stdout
    words = [line.split() for line in summary.splitlines()]
    assert "3 clients graded" in summary
    assert ["A", "1", "300", "50.0%"] in [[word for word in line if word not in "│┃|"] for line in words]
    assert ["C", "2", "300", "50.0%"] in [[word for word in line if word not in "│┃|"] for line in words]
    assert ["To", "shed:", "1", "client"] in words
    assert "Should you tier? Tier, with care" in " ".join(summary.split())
    assert f"Written:          {clients.parent / 'graded.xlsx'}" in summary


@pytest.mark.parametrize(
    ("output", "where"),
    first(1, [("graded.csv", "in tierxl check "), ("graded.xlsx", "on the sheet Checks")]),
)
def test_results_come_first_and_then_three_issues_and_where_the_others_are(tmp_path: Path, output: str, where: str):
    columns = ("Opportunity", "Retention risk", "Strategic value", "Pain factor", "Appetite for change")
    lines = "".join(f"C{at},{at}{',' * at}soon{',' * (5 - at)}\n" for at in range(1, 6))
    source = csv_file(tmp_path, f"Client,Revenue,{','.join(columns)}\n{lines}")
    result = tierxl("grade", source, "-o", tmp_path / output, *AS_OF)
    assert [line.split()[0] for line in result.stderr.splitlines()] == ["5", "row", "row", "row", "2"]
    assert f"  2 more {where}" in result.stderr
    assert result.output.index("5 clients graded") < result.output.index("Used:") < result.output.index("5 data issues")
    assert "row 5, C4, Pain factor" in tierxl("check", source, *AS_OF).stdout


@pytest.mark.long
def test_each_command_ends_with_the_one_to_run_next_ready_to_paste(tmp_path: Path):
    source = tmp_path / "my clients.csv"
    source.write_text("Kunde,Umsatz 1,Account manager\nAbel & Co,300,Priya\nBaker,20,Priya\n")
    team = csv_file(tmp_path, "Account manager,Hours per year\nPriya,400\n", name="team.csv")
    command = ["tierxl", "check", str(source), "--column", "Revenue=Umsatz 1", *AS_OF, "--managers", str(team)]
    seen = []
    while command[1] not in seen:
        seen.append(command[1])
        result = tierxl(*command[1:])
        assert result.exit_code == 0
        command = shlex.split(result.stdout.splitlines()[-1].removeprefix("Next:"))
    assert seen == ["check", "grade", "report", "calendar", "whatif"]


def test_the_next_command_has_the_options_that_were_given(clients: Path):
    last = tierxl("check", clients, "--dates", "day-first", "--column", "Revenue=Revenue", "--clients", *AS_OF).stdout
    assert last.splitlines()[-1].split() == [
        "Next:", "tierxl", "grade", str(clients), "--column", "Revenue=Revenue", "--dates", "day-first", "--clients",
        *AS_OF,
    ]  # fmt: skip


def test_a_summary_of_one_client_counts_one_client(tmp_path: Path):
    summary = tierxl("grade", csv_file(tmp_path, "Client,Revenue\nAbel,1\n"), "-o", tmp_path / "g.csv", *AS_OF).stdout
    assert summary.startswith("1 client graded")


def test_a_table_of_the_workbook_can_be_named(tmp_path: Path):
    def change(book: Any, _: Any) -> None:
        files.put(book.create_sheet("Second"), [("Client", "Revenue"), ("Zora", 5)])

    path = workbook(tmp_path / "a.xlsx", change=change)
    assert tierxl("grade", path, "--table", "Second", "-o", tmp_path / "graded.csv", *AS_OF).exit_code == 0
    assert [record["Client"] for record in csv_records(tmp_path / "graded.csv")] == ["Zora"]


def test_the_method_and_the_policy_can_be_chosen(clients: Path):
    policy = clients.parent / "policy.toml"
    policy.write_text("[moves]\nopportunity = 'off'\n")
    target = clients.parent / "graded.csv"
    tierxl("grade", clients, "-o", target, "--policy", policy, "--method", "revenue", *AS_OF)
    reasons = [record["Why"] for record in csv_records(target)]
    assert reasons[0].startswith("Starts at A by revenue alone: High")
    assert "opportunity" not in reasons[0]


def test_without_a_day_it_is_today(clients: Path):
    clients.write_text(
        CLIENTS.replace("Opportunity\n", "Opportunity,Override tier,Override expires\n").replace(
            "High\n", f"High,C,{date.today()}\n"
        )
    )
    tierxl("grade", clients, "-o", clients.parent / "graded.csv")
    assert csv_records(clients.parent / "graded.csv")[0]["Tier"] == "C"


# --- Refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Revenue\n1\n", "There is no Client column: give one column the header Client"),
        ("Client\nAbel\n", "There is no Revenue column: give one column the header Revenue"),
        (
            "Client,Sales,Turnover\nAbel,1,2\n",
            'The columns "Sales" (column B) and "Turnover" (column C) both mean Revenue',
        ),
        ("Client,Revenue\n", "There are no clients"),
        ("Client,Revenue\nAbel,$1\nBaker,€2\n", 'The column "Revenue" mixes currencies ($, €)'),
        ("", "clients.csv is empty"),
        ("\0\0\0\0", "is not a text file"),
    ],
    ids=["no Client", "no Revenue", "two alike", "no clients", "currencies", "empty", "no text"],
)
@pytest.mark.parametrize("command", [["grade"], ["check"], ["check", "--json"], ["calendar"], ["explain"]])
def test_clients_that_cannot_be_graded_are_refused_by_every_command(
    tmp_path: Path, command: list[str], text: str, says: str
):
    source = csv_file(tmp_path, text)
    last = ["Abel"] if command == ["explain"] else []
    assert says in refused(*command, source, *last)
    assert names(tmp_path) == {"clients.csv"}


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    missing = tmp_path / "nosuch.csv"
    for command in (["grade"], ["grade", "--in-place"], ["check"], ["calendar"], ["explain"]):
        last = ["Abel"] if command == ["explain"] else []
        assert refused(*command, missing, *last) == f"There is no file {missing}."
    existing = csv_file(tmp_path, "old", name="existing.csv")
    assert refused("grade", missing, "-o", existing, "--overwrite") == f"There is no file {missing}."
    assert existing.read_text() == "old"
    assert names(tmp_path) == {"existing.csv"}


@pytest.mark.parametrize("source", [".", "..", "/", "folder", "folder.csv"])
def test_a_folder_is_no_file_of_clients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.csv").mkdir()
    assert source in refused("grade", source)


@pytest.mark.parametrize("name", ["clients.txt", "clients", "clients.numbers", "clients.pdf", ".csv"])
def test_an_unknown_ending_of_the_input_is_refused(tmp_path: Path, name: str):
    source = csv_file(tmp_path, CLIENTS, name=name)
    output = refused("grade", source)
    assert "use .xlsx, .xlsm, .ods, .xls, .xlsb, .csv, .parquet" in output
    assert ("ends in .csv" in output) == name.endswith(".txt")
    assert names(tmp_path) == {name}


@pytest.mark.parametrize("name", ["graded.pdf", "graded", "graded.numbers"])
def test_an_unknown_ending_of_the_output_is_refused(clients: Path, name: str):
    assert f"{name} is of no kind that can be graded" in refused("grade", clients, "-o", clients.parent / name)
    assert names(clients.parent) == {"clients.csv"}


def test_an_output_that_exists_is_refused_without_overwrite(clients: Path):
    target = clients.parent / "clients-graded.xlsx"
    target.write_text("mine")
    says = f"{target} exists already: give --overwrite to replace it, or -o with another name."
    assert refused("grade", clients) == says
    assert refused("grade", clients, "-o", target) == says
    assert target.read_text() == "mine"


def test_in_place_and_an_output_exclude_each_other(clients: Path):
    before = clients.read_bytes()
    assert "--in-place" in refused("grade", clients, "--in-place", "-o", clients.parent / "graded.csv")
    assert clients.read_bytes() == before
    assert names(clients.parent) == {"clients.csv"}


def test_a_table_that_is_not_there_is_refused(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    assert refused("grade", path, "--table", "Nope") == 'a.xlsx has no table or sheet "Nope": it has Clients.'


def test_a_table_of_a_file_without_tables_is_refused(clients: Path):
    assert "clients.csv" in refused("grade", clients, "--table", "Clients")


POLICIES = {
    "unknown section": ("[foo]\nbar = 1\n", "foo: there is no such setting"),
    "unknown setting": ("[weights]\nreveneu = 1\n", "weights.reveneu"),
    "wrong type": ("[weights]\nrevenue = 'x'\n", "weights.revenue = 'x'"),
    "out of range": ("[revenue]\nhigh_top = 10\n", "revenue.high_top = 10"),
    "not in order": ("[tiers]\na_from = 10\nb_from = 20\n", "tiers"),
    "no section": ("weights = 3\n", "weights"),
    "no section of what options say": ("reading = 3\n", "reading = 3"),
    "half a service": ("[services.Golf]\nA = 'x'\n", "services.Golf.B: is missing"),
    "no TOML": ("[weights\n", "not valid TOML"),
    "twice": ("[tiers]\na_from = 1\na_from = 2\n", "not valid TOML"),
    "deep": ("a = " + "[" * 5000, "not valid TOML"),
    "long": ("a = " + "9" * 5000, "not valid TOML"),
}


@pytest.mark.parametrize("kind", POLICIES)
def test_a_bad_policy_file_is_refused(clients: Path, kind: str):
    text, says = POLICIES[kind]
    (clients.parent / "policy.toml").write_text(text)
    assert says in refused("grade", clients, "--policy", clients.parent / "policy.toml")
    assert names(clients.parent) == {"clients.csv", "policy.toml"}


def test_a_policy_file_that_cannot_be_read_is_refused(clients: Path):
    assert "nosuch.toml cannot be read" in refused("grade", clients, "--policy", clients.parent / "nosuch.toml")
    assert "cannot be read" in refused("grade", clients, "--policy", clients.parent)
    (clients.parent / "latin.toml").write_bytes(b"# \xe9\n")
    assert "latin.toml cannot be read" in refused("grade", clients, "--policy", clients.parent / "latin.toml")


@pytest.mark.parametrize("day", ["tomorrow", "22.11.2026", "2026-02-30", "2026-11-22T10:00", ""])
def test_a_wrong_day_is_refused_and_named(clients: Path, day: str):
    result = tierxl("grade", clients, "--as-of", day)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--as-of" in result.stderr
    assert f'"{day}" is not a date that can be read: write it as in 2026-11-30.' in result.stderr
    assert names(clients.parent) == {"clients.csv"}


def test_an_unknown_method_is_refused_and_the_known_ones_named(clients: Path):
    result = tierxl("grade", clients, "--method", "feeling")
    assert result.exit_code == 2
    assert "five-factor" in result.stderr
    assert names(clients.parent) == {"clients.csv"}


# --- explain ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("client", first(2, ["Baker", "08", "baker"]))
def test_a_client_is_explained_by_name_or_id(clients: Path, client: str):
    result = tierxl("explain", clients, client, *AS_OF)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Baker (row 3): tier C, Shed\n")
    for words in ("Why: Starts at C", "The score, factor by factor:", "The rules that apply:", "What would change it"):
        assert words in result.stdout
    assert names(clients.parent) == {"clients.csv"}


def test_all_clients_of_a_name_are_explained(tmp_path: Path):
    source = csv_file(tmp_path, "Client,Revenue\nAbel,1\nBaker,2\nabel,3\n")
    explained = tierxl("explain", source, "Abel", *AS_OF).stdout
    assert "Abel (row 2)" in explained
    assert "abel (row 4)" in explained


def test_an_unknown_client_is_refused_with_a_suggestion(clients: Path):
    assert refused("explain", clients, "Backer") == 'There is no client "Backer". Did you mean Baker?'


@pytest.mark.long
def test_a_part_of_a_name_will_do_where_one_client_has_it(tmp_path: Path):
    source = csv_file(tmp_path, 'Client,Revenue\n"Hartnell, Voss & Co",1\nHart Ltd,2\nBaker Ltd,3\nCole Ltd,4\n')
    assert tierxl("explain", source, "hartnell", *AS_OF).stdout.startswith("Hartnell, Voss & Co (row 2)")
    assert refused("explain", source, "ltd") == (
        '"ltd" is part of 3 names: Hart Ltd, Baker Ltd and Cole Ltd. Type more of the one you mean.'
    )
    assert refused("explain", source, "hertnall") == 'There is no client "hertnall". Did you mean Hartnell, Voss & Co?'


def test_an_explanation_follows_the_method_the_policy_and_the_day(clients: Path):
    assert "by revenue alone" in tierxl("explain", clients, "Abel", "--method", "revenue", *AS_OF).stdout


# --- check -----------------------------------------------------------------------------------------------------------


def test_check_lists_issues_signals_and_levels_and_writes_nothing(clients: Path):
    result = tierxl("check", clients, *AS_OF)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Data issues: 1\n" in result.stdout
    assert 'row 3, Baker, Opportunity: "soon" is not a level' in result.stdout
    assert "Should you tier? Tier, with care." in result.stdout
    for signal in (
        "Homogeneous clients",
        "Small portfolio",
        "Highly reactive industry",
        "Equal revenue",
        "High resource",
    ):
        assert signal in result.stdout
    assert "against Small portfolio: 3 clients." in result.stdout
    assert "Tiers A and B differ in 9 of 10 services: distinct. The same in both: Open events." in result.stdout
    assert names(clients.parent) == {"clients.csv"}


def test_check_as_json_is_for_programs(clients: Path):
    result = tierxl("check", clients, "--json", *AS_OF)
    found = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (found["clients"], found["verdict"]) == (3, "Tier, with care")
    assert found["issues"] == [
        {"message": "is not a level: write High, Medium or Low", "row": 3, "client": "Baker",
         "column": "Opportunity", "value": "soon", "cell": "", "assumed": False},
    ]  # fmt: skip
    assert [signal["name"] for signal in found["signals"] if signal["against"]] == ["Small portfolio"]
    assert [(pair["upper"], pair["lower"], pair["enough"]) for pair in found["distinct_levels"]] == [
        ("A", "B", True), ("B", "C", True),
    ]  # fmt: skip


# --- Account managers ------------------------------------------------------------------------------------------------

TEAM = "Name,Level,Hours\nPriya Raman,Senior,40\nBo Lund,Standard,60\n"
SERVED = "Client,Revenue,Account manager\nAbel,300,Priya Raman\nBaker,200,Bo Lund\nCohen,100,Bo Lund\nDean,90,\n"


def test_check_says_how_busy_the_team_is_and_what_does_not_fit(tmp_path: Path):
    team = csv_file(tmp_path, TEAM, name="team.csv")
    output = tierxl("check", csv_file(tmp_path, SERVED), "--managers", team, *AS_OF).stdout
    assert "Your clients need 55 hours a year, and your team has 100 (55%)." in output
    assert "The clients of Priya Raman need 52 hours a year, and Priya Raman has only 40 (129%)." in output
    assert "1 client has no account manager: Dean. It needs 1 hour a year." in output


@pytest.mark.long
def test_grade_says_how_busy_the_team_is_and_where_to_look_for_what_does_not_fit(tmp_path: Path):
    team, served = csv_file(tmp_path, TEAM, name="team.csv"), csv_file(tmp_path, SERVED)
    output = tierxl("grade", served, "--managers", team, *AS_OF).stdout
    assert "Your clients need 55 hours a year, and your team has 100 (55%)." in output
    assert "Over capacity, No account manager: see the sheet Capacity." in output
    output = tierxl("grade", served, "--managers", team, "-o", tmp_path / "graded.csv", *AS_OF).stdout
    assert "Over capacity, No account manager: see tierxl check." in output


@pytest.mark.long
def test_a_sheet_that_is_not_there_is_not_named(tmp_path: Path):
    output = tierxl("grade", csv_file(tmp_path, SERVED), *AS_OF).stdout
    assert "Capacity" not in load_workbook(tmp_path / "clients-graded.xlsx").sheetnames
    assert "No account manager: see tierxl check." in output


def test_check_as_json_gives_the_hours(tmp_path: Path):
    team = csv_file(tmp_path, TEAM, name="team.csv")
    found = json.loads(tierxl("check", csv_file(tmp_path, SERVED), "--json", "--managers", team, *AS_OF).stdout)
    capacity = found["capacity"]
    assert (capacity["team"]["hours"], round(capacity["team"]["utilisation"], 2)) == (100, 0.55)
    assert [(each["name"], round(each["needed"], 2)) for each in capacity["managers"]] == [
        ("Priya Raman", 51.75),
        ("Bo Lund", 2.33),
    ]
    assert round(capacity["unassigned"]["needed"], 2) == 1.17
    assert [flag["kind"] for flag in capacity["flags"]] == ["Over capacity", "No account manager"]


def test_account_managers_are_not_for_an_engine(tmp_path: Path):
    output = refused("grade", tmp_path, "--engine", "polars", "-o", "out", "--managers", "team.csv")
    assert "--managers" in output


@pytest.mark.long
def test_check_says_how_many_clients_are_neglected(tmp_path: Path):
    source = csv_file(tmp_path, "Client,Revenue,Last contact\nAbel,300,2020-01-01\nBaker,200,\nCohen,100,2026-11-20\n")
    output = tierxl("check", source, *AS_OF).stdout.splitlines()
    assert output[-2] == "1 client is neglected: personal contact is overdue; 1 client has no contact recorded."
    found = json.loads(tierxl("check", source, "--json", *AS_OF).stdout)
    assert (found["neglected"], found["never_contacted"]) == (1, 1)
    assert found["concentration_warnings"] == [
        "Abel brings 50% of the revenue: more than 25% depends on one client.",
        "Baker brings 33% of the revenue: more than 25% depends on one client.",
    ]
    assert f"  {found['concentration_warnings'][0]}" in output


def test_check_shows_the_next_steps_with_the_first_clients_of_the_plan(tmp_path: Path):
    lines = [f"Client {at},{900 - at},A,x,2026-10-01,2026-11-20" for at in range(7)]
    source = csv_file(
        tmp_path, "Client,Revenue,Override tier,Override reason,Last contact,Last review\n" + "\n".join(lines)
    )
    output = tierxl("check", source, *AS_OF).stdout
    assert output.count("Call: 21 days overdue") == 5
    assert "Client 4" in output
    assert "Client 5" not in output


def test_a_command_that_names_a_column_keeps_the_other_options(tmp_path: Path):
    source = csv_file(tmp_path, "Client;Turnover A;Turnover B\nAbel;1,200;3,400\nBaker;2,300;1,100\n")
    output = refused("grade", source, "--decimal-mark", ",", "--currency", "CHF")
    _, *arguments = shlex.split(output.partition("Try: ")[2])
    assert tierxl(*arguments, "-o", tmp_path / "graded.csv").exit_code == 0
    revenues = [row["Turnover A"] for row in csv_records(tmp_path / "graded.csv")]
    assert revenues == ["1,200", "2,300"]
    assert arguments == [
        "grade",
        str(source),
        "--decimal-mark",
        ",",
        "--currency",
        "CHF",
        "--column",
        "Revenue=Turnover A",
    ]


def test_check_of_a_graded_workbook_leads_to_grading_it_in_place(clients: Path):
    graded = clients.with_name("graded.xlsx")
    tierxl("grade", clients, "-o", graded, *AS_OF)
    last = [tierxl("check", source, *AS_OF).stdout.split()[-6:] for source in (graded, clients)]
    assert last[0] == ["tierxl", "grade", str(graded), "--in-place", *AS_OF]
    assert last[1][1:] == ["tierxl", "grade", str(clients), *AS_OF]


# --- calendar --------------------------------------------------------------------------------------------------------

BOOK = """Client,Revenue,Account manager,Last contact,Last review,Override tier,Override reason
Abel,300,Priya Raman,2026-11-02,2026-11-02,A,x
Baker,200,Daniel Okafor,2026-11-02,2026-11-02,B,x
"""


def test_the_calendar_stands_beside_the_input_and_the_command_says_what_is_in_it(tmp_path: Path):
    result = tierxl("calendar", csv_file(tmp_path, BOOK), *AS_OF)
    assert (result.exit_code, result.stderr) == (0, "")
    assert names(tmp_path) == {"clients.csv", "clients-plan.ics"}
    assert result.stdout.splitlines() == [
        "Review meetings:  6",
        "Personal contacts: 16",
        "Days:             2 Dec 2026 to 2 Nov 2027, Monday to Friday; public holidays are not left out",
        f"Written:          {tmp_path / 'clients-plan.ics'}",
        f"Open:             {tmp_path / 'clients-plan.ics'}, in Outlook, Google Calendar or Apple Calendar",
        f"Next:             tierxl whatif {tmp_path / 'clients.csv'} {' '.join(AS_OF)}",
    ]


@pytest.mark.long
def test_a_calendar_can_be_of_one_account_manager(tmp_path: Path):
    source, target = csv_file(tmp_path, BOOK), tmp_path / "priya.ics"
    assert tierxl("calendar", source, "-o", target, "--manager", "priya raman", *AS_OF).exit_code == 0
    text = target.read_text(encoding="utf-8")
    assert "Abel" in text
    assert "Baker" not in text
    assert 'no account manager "Pria". Did you mean Priya Raman?' in refused("calendar", source, "--manager", "Pria")


@pytest.mark.long
def test_who_has_more_to_do_than_a_year_holds_is_named(tmp_path: Path):
    rows = [f"C{at},1,Priya,C,x" for at in range(900)]
    source = csv_file(tmp_path, "\n".join(["Client,Revenue,Account manager,Override tier,Override reason", *rows]))
    output = tierxl("calendar", source, *AS_OF).stdout
    assert "Busy:             Priya has 900 review meetings to do in twelve months, more than 3 a day" in output


@pytest.mark.long
def test_a_calendar_that_exists_is_refused_without_overwrite(tmp_path: Path):
    source, target = csv_file(tmp_path, BOOK), tmp_path / "plan.ics"
    target.write_text("mine")
    says = f"{target} exists already: give --overwrite to replace it, or -o with another name."
    assert refused("calendar", source, "-o", target) == says
    assert target.read_text() == "mine"
    assert tierxl("calendar", source, "-o", target, "--overwrite", *AS_OF).exit_code == 0
    assert target.read_text().startswith("BEGIN:VCALENDAR")


def test_a_calendar_of_another_ending_or_with_nothing_in_it_is_refused(tmp_path: Path):
    source = csv_file(tmp_path, BOOK)
    assert "plan.csv is no calendar" in refused("calendar", source, "-o", tmp_path / "plan.csv")
    shed = csv_file(tmp_path, "Client,Revenue,Profit\nAbel,5,-1\n", name="shed.csv")
    assert "nothing to plan" in refused("calendar", shed)
    assert names(tmp_path) == {"clients.csv", "shed.csv"}


# --- whatif ----------------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_whatif_says_who_would_change_tier_and_writes_nothing(clients: Path):
    result = tierxl("whatif", clients, "--cut", "B=20", *AS_OF)
    output = " ".join(result.stdout.split())
    assert result.exit_code == 0
    assert "1 client, with 100 of revenue, changes tier. It costs 13 team hours a year." in output
    assert "│ Cohen │ C │ B │" in output
    assert "Tiers: B from │ 40 │ 20" in output
    assert output.endswith("Next: tierxl policy > policy.toml, edit it, and grade with --policy policy.toml")
    assert names(clients.parent) == {"clients.csv"}


@pytest.mark.long
def test_whatif_without_a_trial_says_what_the_tiers_hang_on(clients: Path):
    output = tierxl("whatif", clients, *AS_OF).stdout
    assert output.startswith(("The tiers depend most on ", "No client changes tier"))
    assert "Side by side" not in output


@pytest.mark.long
def test_whatif_tries_a_weight_a_method_and_a_policy_file_together(clients: Path):
    other = clients.parent / "other.toml"
    other.write_text("[moves]\nopportunity = 'off'\n")
    output = tierxl(
        "whatif", clients, "--weight", "wallet upside=40", "--method", "revenue", "--try-policy", other, *AS_OF
    ).stdout
    for line in (
        "│ Grading: Method          │ five-factor │ revenue │",
        "│ Weights: Wallet upside   │ 20          │ 40      │",
        "│ Moves: Opportunity       │ on          │ off     │",
    ):
        assert " ".join(line.split()) in " ".join(output.split())
    next_command = ["tierxl", "grade", str(clients), "--policy", str(other), "--method", "revenue", *AS_OF]
    assert output.splitlines()[-1].split() == ["Next:", *next_command]


@pytest.mark.long
def test_whatif_compares_with_the_policy_that_is_in_force(clients: Path):
    force, other = clients.parent / "force.toml", clients.parent / "other.toml"
    force.write_text("[tiers]\na_from = 80\n")
    other.write_text("[tiers]\na_from = 85\n")
    output = " ".join(tierxl("whatif", clients, "--policy", force, "--try-policy", other, *AS_OF).stdout.split())
    assert "Tiers: A from │ 80 │ 85" in output


@pytest.mark.long
def test_whatif_writes_the_sheet_and_the_tiers_that_are_in_force(clients: Path):
    target, plain = clients.parent / "what-if.xlsx", clients.parent / "plain.xlsx"
    result = tierxl("whatif", clients, "--cut", "A=90", "-o", target, *AS_OF)
    tierxl("grade", clients, "-o", plain, *AS_OF)
    assert f"Written:          {target}, graded by the settings in force; see the sheet What if" in result.stdout
    written, without = everything(target), everything(plain)
    assert list(written) == [*without, "What if"]
    assert {title: written[title] for title in without} == without


def test_a_trial_that_the_policy_bars_is_one_sentence(clients: Path):
    assert refused("whatif", clients, "--cut", "A=170") == (
        "The policy cannot be used: tiers.a_from = 170: should be less than or equal to 100."
    )
    assert "did you mean revenue?" in refused("whatif", clients, "--weight", "revenu=40")


def test_a_sheet_needs_a_workbook(clients: Path):
    assert refused("whatif", clients, "-o", clients.parent / "what-if.csv") == (
        "what-if.csv has no sheets: write What if into .xlsx or .xlsm."
    )
    assert "has no sheets" in refused("whatif", clients, "--in-place")
    assert names(clients.parent) == {"clients.csv"}


@pytest.mark.long
def test_many_clients_that_change_tier_are_counted_and_the_first_are_named(tmp_path: Path):
    lines = [f"Client {number},{number}" for number in range(1, 251)]
    source = csv_file(tmp_path, "\n".join(["Client,Revenue", *lines]))
    output = tierxl("whatif", source, "--method", "revenue", "--cut", "revenue-high-top=0.2", *AS_OF).stdout
    assert "  and 5 more\n" in output


# --- assign ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def team(tmp_path: Path) -> Path:
    return csv_file(
        tmp_path, "Account manager,Seniority,Hours per year\nPriya,Senior,200\nDaniel,Standard,45\n", name="team.csv"
    )


@pytest.fixture
def served(tmp_path: Path) -> Path:
    lines = ["Client,Revenue,Account manager,Override tier", "Abel,300,Daniel,A", "Baker,200,,B"]
    return csv_file(tmp_path, "\n".join(lines))


def test_assign_says_who_should_serve_whom_and_changes_nothing(served: Path, team: Path):
    result = tierxl("assign", served, "--managers", team, *AS_OF)
    output = " ".join(result.stdout.split())
    assert "1 client should be handed over, and 1 client without a listed account manager gets one." in output
    assert "Abel (A): Daniel -> Priya. A tier A client needs a Senior, and Daniel is Standard." in output
    assert "Baker (B): nobody -> " in output
    assert "Handovers: 1, proved to be the least. Days of relationship lost: 0, proved to be the least." in output
    assert "Utilisation, before and after" in result.stdout
    assert "│ Daniel │ Standard │ 45 │ 115% │" in output
    assert "Changed: nothing yet: --apply writes the proposal into your list" in output
    page = load_workbook(served.parent / "clients-graded.xlsx")["Clients"]
    assert files.below(page, "Account manager") == ["Daniel", None]


def test_assign_with_apply_writes_the_account_managers(served: Path, team: Path):
    result = tierxl("assign", served, "--managers", team, "--apply", "-o", served.parent / "new.csv", *AS_OF)
    assert "Changed:          2 clients\n" in result.stdout
    assert csv_records(served.parent / "new.csv")[0]["Account manager"] == "Priya"


def test_assign_says_what_is_missing(served: Path, tmp_path: Path):
    short = csv_file(tmp_path, "Account manager,Seniority,Hours per year\nPriya,Senior,40\n", name="short.csv")
    output = tierxl("assign", served, "--managers", short, "-o", tmp_path / "new.csv", *AS_OF).stdout
    assert "  Tier A needs 12 Senior hours more.\n  The team needs 26 hours more than it has.\n" in output


def test_assign_names_the_first_moves_and_counts_the_others(tmp_path: Path, team: Path):
    lines = ["Client,Revenue,Override tier", *(f"Client {number},100,C" for number in range(25))]
    source = csv_file(tmp_path, "\n".join(lines))
    output = tierxl("assign", source, "--managers", team, "-o", tmp_path / "new.csv", *AS_OF).stdout
    assert "  and 5 more\n" in output


def test_assign_without_account_managers_is_one_sentence(served: Path):
    assert refused("assign", served, *AS_OF).startswith("There are no account managers to propose:")


# --- policy, demo, help ----------------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_printed_policy_is_the_default_one_and_can_be_given_back(clients: Path):
    shown = tierxl("policy")
    printed = shown.stdout
    assert shown.stderr.endswith("grade with --policy policy.toml\n")
    assert Policy.from_toml(printed) == Policy()
    policy = clients.parent / "policy.toml"
    policy.write_text(printed, encoding="utf-8")
    once = tierxl("grade", clients, "-o", clients.parent / "once.csv", *AS_OF)
    twice = tierxl("grade", clients, "-o", clients.parent / "twice.csv", "--policy", policy, *AS_OF)
    assert (once.exit_code, twice.exit_code) == (0, 0)
    assert (clients.parent / "once.csv").read_bytes() == (clients.parent / "twice.csv").read_bytes()


def test_the_printed_policy_gives_every_number_its_source():
    lines = tierxl("policy").stdout.splitlines()
    columns = lines.index("[columns]")
    for before, line in pairwise(lines[:columns]):
        if "=" in line and not line.startswith("#"):
            assert before.startswith("#"), line
            assert before.endswith("]"), line


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The demo in a folder that is not there yet, and what the command says."""
    folder = tmp_path_factory.mktemp("new") / "demo"
    return folder, tierxl("demo", folder)


def test_the_demo_grades_the_sample_and_names_what_it_wrote(demo: tuple[Path, Result]):
    folder, result = demo
    assert result.exit_code == 0
    assert names(folder) == {"sample-portfolio.csv", "account-managers.csv", "sample-portfolio-graded.xlsx"}
    assert f"Open:             {folder / 'sample-portfolio-graded.xlsx'}" in result.stdout
    assert "63 clients graded" in result.stdout
    assert "3 clients should be handed over" in result.stdout


@pytest.mark.long
def test_the_demo_says_the_same_in_a_folder_where_it_was_before(demo: tuple[Path, Result]):
    folder, result = demo
    assert tierxl("demo", folder).stdout == result.stdout


@pytest.mark.long
def test_the_demo_suggests_a_client_that_can_be_explained(demo: tuple[Path, Result]):
    last = demo[1].stdout.splitlines()[-1]
    _, *arguments = shlex.split(last.removeprefix("Next:"))
    assert arguments[0] == "explain"
    assert tierxl(*arguments).exit_code == 0


def test_the_demo_says_where_it_cannot_write(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    assert "cannot be written" in refused("demo", tmp_path / "file")


def test_without_a_command_the_help_says_how_to_start_and_lists_all_in_groups():
    lines = tierxl().output.splitlines()
    assert "  Start with your own list: tierxl grade clients.xlsx" in lines
    groups = {heading: lines.index(f"{heading}:") for heading in ("Every day", "Team", "Set up")}
    assert list(groups.values()) == sorted(groups.values())
    listed = [line.split()[0] for line in lines[groups["Every day"] :] if line.startswith("  ")]
    assert sorted(listed) == sorted(VISIBLE)


def test_no_description_of_a_command_is_cut():
    described = [line for line in tierxl("--help").stdout.splitlines() if line.startswith("  ")]
    assert [line for line in described if line.endswith("...")] == []
    assert [name for name, it in VISIBLE.items() if len(it.get_short_help_str(99)) > 50] == []


def test_the_version_is_printed():
    assert tierxl("--version").stdout == f"tierxl {version('tierxl')}\n"


@pytest.mark.parametrize(
    "command", ["grade", "report", "explain", "check", "calendar", "whatif", "assign", "policy", "demo"]
)
def test_every_command_and_every_option_is_documented(command: str):
    lines = tierxl(command, "--help").stdout.splitlines()
    assert lines[2].strip()
    options = [line.split() for line in lines if line.strip().startswith("-")]
    assert options
    assert all(len(words) > 1 for words in options)


# --- In a shell ------------------------------------------------------------------------------------------------------


def shell(*arguments: str | Path, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "tierxl.cli", *map(str, arguments)],
        capture_output=True, check=False, env=os.environ | environment,
    )  # fmt: skip


@pytest.mark.long
def test_a_name_outside_the_alphabet_of_the_terminal_does_not_stop_the_command(tmp_path: Path):
    source = csv_file(tmp_path, "Client,Revenue\nŻarnowicz 客,1\n")
    done = shell("explain", source, "żarnowicz 客", PYTHONIOENCODING="cp1252")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"arnowicz" in done.stdout


def test_the_exit_code_of_a_refusal_is_2_in_a_shell(tmp_path: Path):
    done = shell("grade", tmp_path / "nosuch.csv")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().strip() == f"There is no file {tmp_path / 'nosuch.csv'}."


@pytest.mark.long
def test_a_workbook_graded_by_the_command_is_the_one_that_python_writes(clients: Path):
    tierxl("grade", clients, *AS_OF)
    grade(clients, clients.parent / "other.xlsx")
    assert everything(clients.parent / "clients-graded.xlsx") == everything(clients.parent / "other.xlsx")


# --- movers ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_lists(tmp_path: Path) -> tuple[Path, Path]:
    old = csv_file(tmp_path, "Client,Revenue\nAbel,300\nBaker,5\nCohen,4\n", name="old.csv")
    return old, csv_file(tmp_path, "Client,Revenue\nAbel,6\nBaker,500\nDoe,4\n", name="new.csv")


def test_movers_says_who_went_up_or_down_between_two_files_and_what_changed(two_lists: tuple[Path, Path]):
    result = tierxl("movers", *two_lists, *AS_OF)
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert {"Up: 1 client 500", "Down: 1 client 6", "New: 1 client 4", "Gone: 1 client 4"} <= set(lines)
    assert lines[-5:-1] == [
        "Up: Baker, C to A: Revenue Low to High",
        "Down: Abel, A to C: Revenue High to Low",
        "New: Doe, C: New on the list",
        "Gone: Cohen, C: No longer on the list",
    ]
    assert names(two_lists[0].parent) == {"old.csv", "new.csv"}


@pytest.mark.long
def test_movers_as_json_has_every_client_and_the_days(two_lists: tuple[Path, Path]):
    found = json.loads(tierxl("movers", *two_lists, "--json", *AS_OF).stdout)
    assert (found["since"], found["as_of"], found["policy_changed"]) == ("2026-11-22", "2026-11-22", False)
    assert [client["Client"] for client in found["clients"]] == ["Baker", "Abel", "Doe", "Cohen"]


@pytest.mark.long
def test_movers_names_the_a_and_b_clients_whose_revenue_fell_though_their_tier_is_the_same(tmp_path: Path):
    old = csv_file(tmp_path, "Client,Revenue\nAbel,3000\nBaker,5\n", name="old.csv")
    new = csv_file(tmp_path, "Client,Revenue\nAbel,2400\nBaker,5\n", name="new.csv")
    output = tierxl("movers", old, new, *AS_OF).stdout
    assert "Watch:            Abel, A: revenue 3,000 to 2,400, down 20.0%" in output
    assert json.loads(tierxl("movers", old, new, "--json", *AS_OF).stdout)["watch"] == [
        {"Client key": "Abel", "Client": "Abel", "Tier": "A", "Revenue before": 3000, "Revenue now": 2400, "Fall": 0.2}
    ]


@pytest.mark.long
def test_movers_takes_a_graded_workbook_as_it_was_at_its_last_grading(two_lists: tuple[Path, Path]):
    graded = two_lists[0].parent / "graded.xlsx"
    tierxl("grade", two_lists[0], "-o", graded, "--as-of", "2026-03-01")
    files.edit(graded, lambda book: files.put(book["Clients"], [(1,)], top=2, left=5))
    output = tierxl("movers", graded, two_lists[1], *AS_OF).stdout
    assert output.startswith("From 1 Mar 2026 to 22 Nov 2026\n")
    assert "Abel, A to C: Revenue High to Low" in output


@pytest.mark.long
def test_movers_grades_the_new_workbook_as_it_is_now(two_lists: tuple[Path, Path]):
    graded = two_lists[0].parent / "graded.xlsx"
    tierxl("grade", two_lists[0], "-o", graded, *AS_OF)
    files.edit(graded, lambda book: files.put(book["Clients"], [(1,)], top=2, left=5))
    assert "Abel, A to C: Revenue High to Low" in tierxl("movers", two_lists[0], graded, *AS_OF).stdout


def test_movers_refuses_a_file_that_is_not_there(two_lists: tuple[Path, Path]):
    assert "There is no file" in refused("movers", two_lists[0], "no.xlsx")


# --- What files and names may not do ---------------------------------------------------------------------------------


@pytest.mark.parametrize("output", first(1, [["--in-place"], ["-o", "graded.csv", "--overwrite"]]))
def test_the_other_name_of_a_file_keeps_what_was_in_it_and_this_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: list[str]
):
    monkeypatch.chdir(tmp_path)
    name, other = "clients.csv" if output == ["--in-place"] else "graded.csv", tmp_path / "other.csv"
    csv_file(tmp_path, CLIENTS)
    Path("graded.csv").write_text("as it was")
    other.hardlink_to(name)
    before = other.read_bytes()
    ended = tierxl("grade", "clients.csv", *output, *AS_OF)
    assert ended.stderr.startswith(f"{name} has another name on this disk (a hard link)")
    assert other.read_bytes() == before
    assert "Tier" in Path(name).read_text(encoding="utf-8-sig")
    assert "hard link" not in tierxl("grade", "clients.csv", *output, *AS_OF).stderr


SPITE = "Abel\n0 data issues: all is well\u202e\u2028\x9b31m\x1b[2J\t\u2066end"
"""A name that would begin lines, turn the direction of writing, and steer the terminal."""


@pytest.fixture
def spiteful(tmp_path: Path) -> Path:
    """Clients, headers, values and account managers with such names."""
    path = tmp_path / "spite.csv"
    rows = [
        [
            "Client",
            "Revenue",
            "Account manager",
            "Override tier",
            "Override reason",
            "Last review",
            "Revenu\u202e\x9b",
        ],
        [SPITE, "300", SPITE, "A", SPITE, "2026-01-05", SPITE],
        ["Baker", f"1{SPITE}", "Ann", "", "", "2026-02-05", ""],
        ["Cohen", "100", SPITE, f"B{SPITE}", "", "2026-02-05", ""],
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    path.with_name("team.csv").write_text(f'Account manager,Seniority,Hours per year\n"{SPITE}",Senior,1\nAnn,,2000\n')
    return path


@pytest.mark.long
@pytest.mark.parametrize(
    "command",
    [
        ["grade", "{}", "-o", "graded.xlsx"],
        ["check", "{}", "--managers", "team.csv"],
        ["explain", "{}", SPITE],
        ["explain", "{}", f"no {SPITE}"],
        ["whatif", "{}", "--weight", "revenue=0", "-o", "tried.xlsx"],
        ["assign", "{}", "--managers", "team.csv", "-o", "assigned.xlsx"],
        ["movers", "{}", "clients.csv"],
        ["movers", "clients.csv", "{}"],
        ["calendar", "{}", "--manager", SPITE],
        ["report", "{}"],
        ["grade", "{}", "--table", SPITE],
        ["grade", f"no such {SPITE}.csv"],
        ["grade", "{}", "-o", f"out {SPITE}.csv"],
        ["doctor", f"no such {SPITE}.xlsx"],
    ],
    ids=lambda command: " ".join(command[:2]).split("\n")[0],
)
def test_no_character_of_a_name_acts_on_the_screen(spiteful: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]):
    monkeypatch.chdir(spiteful.parent)
    csv_file(spiteful.parent, CLIENTS)
    ended = tierxl(*(spiteful.name if argument == "{}" else argument for argument in command))
    printed = ended.stdout + ended.stderr
    acting = {character for character in printed if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs")}
    assert acting <= {"\n"}
    assert not any(line.startswith("0 data issues: all") for line in printed.splitlines())


def test_a_name_that_would_act_is_shown_with_the_numbers_of_its_characters(spiteful: Path):
    ended = tierxl("explain", spiteful, SPITE, *AS_OF)
    shown = r"Abel\n0 data issues: all is well\u202e\u2028\x9b31m\x1b[2J\t\u2066end"
    assert ended.stdout.startswith(f"{shown} (row 2): tier A")


@pytest.mark.parametrize(
    "command",
    first(1, [["check", "{}", "--managers", "team.csv"], ["movers", "clients.csv", "{}"]]),
)
def test_json_holds_every_name_whole_and_in_characters_that_do_not_act(
    spiteful: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
):
    monkeypatch.chdir(spiteful.parent)
    csv_file(spiteful.parent, CLIENTS + '"Del\x7fété",,9,,\n')
    ended = tierxl(*(spiteful.name if argument == "{}" else argument for argument in command), "--json")
    assert set(ended.stdout) - {"\n"} <= set(map(chr, range(0x20, 0x7F)))
    assert any(SPITE in text for text in _texts_in(json.loads(ended.stdout)))


def _texts_in(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict | list):
        for value in found.values() if isinstance(found, dict) else found:
            yield from _texts_in(value)


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every file name is text")
@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".parquet"])
def test_a_file_whose_name_is_no_text_is_graded_as_any_other(tmp_path: Path, ending: str):
    named = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe" + ending.encode()))
    grade(csv_file(tmp_path, CLIENTS), named)
    grade(csv_file(tmp_path, CLIENTS), tmp_path / f"plain{ending}")
    for path in (named, tmp_path / f"plain{ending}"):
        ended = tierxl("grade", path, "--in-place", *AS_OF)
        assert ended.exit_code == 0
    assert r"\xff\xfe" + ending in tierxl("grade", named, "--in-place", *AS_OF).stdout
    assert (
        tierxl("check", named, "--json", *AS_OF).stdout
        == tierxl("check", tmp_path / f"plain{ending}", "--json", *AS_OF).stdout
    )


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every file name is text")
def test_an_engine_refuses_a_name_that_is_no_text_in_one_sentence(tmp_path: Path):
    named = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.parquet"))
    grade(csv_file(tmp_path, CLIENTS), named)
    sentence = refused("grade", named, "--engine", "polars", "-o", tmp_path / "out")
    assert sentence.endswith(r"\xff.parquet has a name that no engine can open, as it is not UTF-8: rename it.")
