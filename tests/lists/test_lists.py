"""Lists as people have them, with the answers to them; an account manager can write more.

Each TOML file of this folder holds lists of one kind. A list is a table, and its name says what it shows:

- ``text``, the whole of a text file, or ``rows`` of a sheet; ``file``, whose ending says the format;
- ``encoding`` of the text; ``sheet``, ``merged`` cells and ``stored`` values of formulas of a workbook;
- ``options`` of the command;
- the answer: ``clients`` (their number), ``used`` (field and header), ``unused`` headers, rows ``left_out``,
  ``orders``, ``revenue`` in total, ``values`` of some clients ("" for none), what ``grade`` ``says`` ("a|b": either),
  or that the list is ``refused``.
"""

import csv
import io
import json
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import narwhals as nw
import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from tests.files import csv_file, with_stored_values, workbook
from tierxl.cli import app
from tierxl.cli_reading import Reading
from tierxl.method.issues import CannotGrade
from tierxl.method.progress import silent
from tierxl.method.table.clients import read_clients
from tierxl.method.table.inputs import inputs
from tierxl.use_cases.reading import read_clients_of

CHECK = typer.main.get_command(app).commands["check"]
LISTS = {
    name: answer
    for path in sorted(Path(__file__).parent.glob("*.toml"))
    for name, answer in tomllib.loads(path.read_text(encoding="utf-8")).items()
}
SAYING = [name for name in LISTS if "says" in LISTS[name]]
OTHERS = [name for name in LISTS if name not in SAYING]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read_as_its_answer_says(tmp_path: Path, name: str):
    answer = LISTS[name]
    source = written(tmp_path, answer)
    if answer.get("refused"):
        with pytest.raises((CannotGrade, click.ClickException)):
            clients_read(source, options(answer))
    else:
        assert facts(clients_read(source, options(answer)), answer) == facts(answer, answer)


@pytest.mark.long
@pytest.mark.parametrize("name", list(LISTS)[::4])
def test_a_list_is_checked_as_its_answer_says(tmp_path: Path, name: str):
    answer = LISTS[name]
    checked = tierxl("check", written(tmp_path, answer), "--json", "--values", *options(answer))
    seen = json.loads(checked.stdout)
    if answer.get("refused"):
        assert (checked.exit_code, list(seen)) == (2, ["error"])
    else:
        assert checked.exit_code == 0, checked.output
        assert facts(seen, answer) == facts(answer, answer)


@pytest.mark.parametrize(
    "name",
    [*SAYING, *(pytest.param(name, marks=pytest.mark.long) for name in OTHERS[::3])],
)
def test_a_list_is_graded_as_its_answer_says(tmp_path: Path, name: str):
    answer = LISTS[name]
    source, target = written(tmp_path, answer), tmp_path / "graded.csv"
    graded = tierxl("grade", source, "-o", target, *options(answer))
    output = " ".join(graded.output.split())
    for phrase in answer.get("says", []):
        assert any(part.casefold() in output.casefold() for part in phrase.split("|")), (phrase, output)
    if answer.get("refused"):
        assert (graded.exit_code, graded.stdout, target.exists()) == (2, "", False), output
    else:
        assert graded.exit_code == 0, output
        assert tiers(target) == answer["clients"] if "clients" in answer else tiers(target) > 0


def clients_read(source: Path, arguments: list[str]) -> dict[str, Any]:
    """What ``check`` says of the columns and clients of a list, without grading them."""
    command = CHECK.make_context("check", [str(source), *arguments])
    request = Reading(**{field.name: command.params[field.name] for field in fields(Reading)}).request(source)
    read = read_clients_of(request, silent)
    table = read.table
    clients = read_clients(nw.from_native(table.cells), read.policy, table.rows, table.headers, request.as_of)
    clients.refuse_without_revenue()
    usage = (table.orders or clients).usage
    return {
        "clients": len(table.rows),
        "columns": [{"field": column.name, "header": column.header} for column in usage.used],
        "unused": list(usage.unused),
        "revenue": clients.table["revenue"].sum(),
        "left_out": len(table.left_out),
        "orders": table.orders is not None,
        "values": inputs(clients, table.orders),
    }


def tierxl(*arguments: str | Path) -> Result:
    """The command, run in this process."""
    result = CliRunner().invoke(app, list(map(str, arguments)), env={"COLUMNS": "400"})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def options(answer: dict[str, Any]) -> list[str]:
    return ["--as-of", "2026-11-22", *answer.get("options", [])]


def written(folder: Path, answer: dict[str, Any]) -> Path:
    """The file of a list."""
    name = answer.get("file", "clients.csv")
    if "text" in answer:
        return csv_file(folder, answer["text"], answer.get("encoding", "utf-8"), name)
    rows = [[None if cell == "" else cell for cell in row] for row in answer["rows"]]
    if name.endswith(".parquet"):
        header, *records = rows
        pl.DataFrame(records, schema=header, orient="row").write_parquet(folder / name)
        return folder / name
    path = workbook(
        folder / name,
        rows,
        sheet=answer.get("sheet", "Sheet1"),
        change=lambda _, page: [page.merge_cells(area) for area in answer.get("merged", [])],
    )
    return with_stored_values(path, answer.get("stored", {}))


def facts(of: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer tells of a list, by the answer itself or by what ``check`` has read."""
    plain = {key: of[key] for key in ("clients", "unused", "left_out", "orders") if key in answer}
    if "revenue" in answer:
        plain["revenue"] = round(of["revenue"], 2)
    if "used" in answer:
        columns = of.get("used") or {column["field"]: column["header"] for column in of["columns"]}
        plain["used"] = dict(sorted(columns.items()))
    return plain | {f"{client}: {field}": value for client, field, value in some_values(of, answer)}


def some_values(of: dict[str, Any], answer: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """The values that an answer tells, each with its client and its field."""
    read = of["values"] if isinstance(of.get("values"), dict) else {one["Client"]: one for one in of.get("values", [])}
    return [
        (client, field, plain(read.get(client, {}).get(field)))
        for client, fields in answer.get("values", {}).items()
        for field in fields
    ]


def plain(value: object) -> object:
    if value is None:
        return ""
    return round(value, 6) if isinstance(value, float) else value


def tiers(path: Path) -> int:
    """The rows with a tier in a graded CSV file."""
    raw = path.read_bytes()
    text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    for delimiter in ",;\t|":
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        at = next((number for number, row in enumerate(rows) if "Tier" in row), None)
        if at is not None:
            column = rows[at].index("Tier")
            return sum(len(row) > column and bool(row[column]) for row in rows[at + 1 :])
    raise AssertionError(rows)
