"""The cases in tests/cases: tables of clients with the grades that they should get."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.method.frames import AS_OF, frame, graded_rows
from tierxl.method.issues import CannotGrade
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import grade
from tierxl.method.table.columns import GRADED_COLUMNS

FOLDER = Path(__file__).parents[2] / "cases"
TIED = "too many to stand out"
"""Said of equal revenues, which clients have in many cases that are not about revenue: it is no problem there."""
PANDAS_EVERY = 24
"""Every case runs on Polars, and every so many on pandas, which takes longer for tables of this size."""


@dataclass
class Case:
    """One case: a table, what is particular about it, and what should come out of it."""

    name: str
    as_of: date = AS_OF
    policy: list[str] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    no_problems: bool = False
    stops: str = ""
    cells: dict[str, list[str | None]] = field(default_factory=dict)
    expected: dict[str, list[str]] = field(default_factory=dict)


def read_cases(text: str, topic: str) -> list[Case]:
    """The cases of one file.

    A case is a heading, prose, bullets that say what is particular, and one table. The columns of the table whose
    headers start with an arrow are what should come out, the others are the cells of the clients.
    """
    cases = []
    for section in text.split("\n## ")[1:]:
        name, *lines = section.splitlines()
        case = Case(f"{topic}: {name}")
        for line in lines:
            if line.startswith("- "):
                read_bullet(case, line.removeprefix("- "))
        read_table(case, [line for line in lines if line.startswith("|")])
        if not (case.expected or case.problems or case.no_problems or case.stops):
            raise ValueError(f"{case.name}: expects nothing")
        cases.append(case)
    return cases


def read_bullet(case: Case, bullet: str) -> None:
    key, _, value = bullet.partition(": ")
    match key:
        case "as of":
            case.as_of = date.fromisoformat(value)
        case "policy":
            case.policy.append(re.sub(r"^method =", "grading.method =", value))
        case "problem":
            row, column = re.fullmatch(r"row (\d+), (.+)", value).groups()
            case.problems.append((int(row), column))
        case "assumed":
            case.assumptions.append(value)
        case "no problems":
            case.no_problems = True
        case "stops":
            case.stops = value
        case _:
            raise ValueError(f"{case.name}: what does the bullet {bullet!r} mean?")


def read_table(case: Case, lines: list[str]) -> None:
    headers, _, *rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    for position, header in enumerate(headers):
        column = [row[position] for row in rows]
        if header.startswith("→ "):
            output = header.removeprefix("→ ")
            if output not in GRADED_COLUMNS:
                raise ValueError(f"{case.name}: no graded column is called {output!r}")
            case.expected[output] = column
        else:
            case.cells[header] = [cell or None for cell in column]


CASES = [case for file in sorted(FOLDER.glob("*.md")) for case in read_cases(file.read_text("utf-8"), file.stem)]
RUNS = [pytest.param(case, "polars", id=case.name) for case in CASES]
RUNS += [
    pytest.param(case, "pandas", id=f"{case.name} (pandas)", marks=pytest.mark.long) for case in CASES[::PANDAS_EVERY]
]


@pytest.mark.parametrize(("case", "engine"), RUNS)
def test_the_case_comes_out_as_written(case: Case, engine: str):
    policy = Policy.from_toml("\n".join(case.policy))
    clients = frame(case.cells, engine)
    if case.stops:
        with pytest.raises(CannotGrade) as stopped:
            grade(clients, policy, case.as_of)
        assert case.stops.casefold() in str(stopped.value).casefold()
        return
    grading = grade(clients, policy, case.as_of)
    reported = {(issue.row, issue.column) for issue in grading.issues}
    assert not set(case.problems) - reported
    assert not set(case.assumptions) - {issue.column for issue in grading.issues if issue.assumed}
    if case.no_problems:
        assert [issue for issue in grading.issues if TIED not in issue.message] == []
    differences = [
        f"row {row_number}: {name} is {row[name]!r}, not {case.expected[name][row_number - 2]!r}"
        for row_number, row in enumerate(graded_rows(grading), start=2)
        for name in case.expected
        if not agrees(name, row[name], case.expected[name][row_number - 2])
    ]
    assert not differences


def agrees(name: str, found: Any, expected: str) -> bool:
    """Whether a graded cell is what a case expects: blank is missing, …text… is a part, numbers count as numbers."""
    if not expected or found is None:
        return not expected and found is None
    if name == "Score":
        return Decimal(repr(found)).quantize(Decimal("0.1"), ROUND_HALF_UP) == Decimal(expected)
    if name == "Upside":
        return found == pytest.approx(float(expected), rel=1e-9, abs=1e-9)
    if expected.startswith("…") and expected.endswith("…"):
        return expected.strip("…") in found
    return found == expected


HEADING = "# Topic\n\n## A case\n"


def test_a_case_that_expects_an_unknown_column_is_refused():
    with pytest.raises(ValueError, match="no graded column is called 'Teir'"):
        read_cases(HEADING + "| Client | Revenue | → Teir |\n|---|---|---|\n| Ashdown | 1 | A |\n", "topic")


def test_a_case_with_an_unknown_bullet_is_refused():
    with pytest.raises(ValueError, match="what does the bullet 'polisy: "):
        read_cases(HEADING + "- polisy: weights.revenue = 40\n\n| Client | Revenue |\n|---|---|\n", "topic")


def test_a_case_that_expects_nothing_is_refused():
    with pytest.raises(ValueError, match="expects nothing"):
        read_cases(HEADING + "| Client | Revenue |\n|---|---|\n| Ashdown | 1 |\n", "topic")


def test_every_case_has_its_own_name():
    names = [case.name for case in CASES]
    assert len(names) == len(set(names)) > 0
