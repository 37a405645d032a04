"""Grading the clients of a file or of an open workbook, and writing the result."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

import narwhals as nw
import polars as pl

from tierxl.method.issues import Issue
from tierxl.method.plan.capacity import team_of
from tierxl.method.plan.portfolio import Portfolio, portfolio
from tierxl.method.policy import Policy
from tierxl.method.rating.grading import Grading, grade
from tierxl.method.rating.score import score_cuts
from tierxl.method.table.clients import Frame
from tierxl.sheets import OWN_TITLES, history, own_sheets, settings
from tierxl.sheets.description import Sheet
from tierxl.use_cases.reading import (
    CSV,
    WORKBOOKS,
    Progress,
    Read,
    Request,
    known_format,
    managers_of,
    read_clients_of,
    read_for,
    refuse_unreadable,
    silent,
    with_cell,
)
from tierxl.workbooks import csv_parquet
from tierxl.workbooks.atomic import claimed
from tierxl.workbooks.ooxml import graded_workbook
from tierxl.workbooks.ooxml.in_place import loses_macros
from tierxl.workbooks.ooxml.new_workbook import as_new_sheet, cut_texts
from tierxl.workbooks.open_workbook import OpenWorkbook
from tierxl.workbooks.rewriting import Rewriting
from tierxl.workbooks.table import ClientTable
from tierxl.workbooks.workbook import ClientWorkbook, Place


@dataclass(frozen=True)
class GradedFile:
    """A graded file.

    Attributes:
        grading: the grading.
        portfolio: its figures.
        issues: all issues.
        target: the file with the result, where one was written.
        past: what the History sheet held before.
        unused: what on the Settings sheet cannot be used.
    """

    grading: Grading
    portfolio: Portfolio
    issues: list[Issue]
    target: Path | None = None
    past: history.Past = field(default_factory=history.no_past)
    unused: Sequence[settings.Unused] = ()


def grade_file(request: Request, target: Path, progress: Progress = silent) -> GradedFile:
    """Grade the clients of a file and write the result; the file's endings say which formats.

    Raises:
        CannotGrade: see :func:`tierxl.method.table.clients.read_clients`; also a file that cannot be read or written.
            Nothing is written then.
    """
    known_format(target)
    refuse_unreadable(request.source)
    with claimed(target, request.inputs):
        read = read_for(request, target, progress)
        return write(read, target, graded(request.as_of, read, progress), progress)


def check_file(request: Request, progress: Progress = silent) -> GradedFile:
    """Grade the clients of a file and write nothing."""
    return graded(request.as_of, read_clients_of(request, progress), progress)


def grade_open(workbook: OpenWorkbook, as_of: date, progress: Progress = silent) -> GradedFile:
    """Grade the clients of a workbook that is open in a spreadsheet program, and write what the command writes.

    Raises:
        CannotGrade: as for a file; also the program does not let us write. The workbook is as it was then.
    """
    table, place, result, titles = graded_open(workbook, as_of, progress)
    result = _as_written(result, titles)
    sheets = own_sheets(result.grading, result.portfolio, result.issues, result.past, result.unused)
    workbook.write(place, table, result.grading, sheets, titles, partial(progress, "Writing"))
    return result


def renew_open(workbook: OpenWorkbook, as_of: date, kind: str, progress: Progress = silent) -> tuple[GradedFile, int]:
    """Grade the clients of a workbook that is open in a spreadsheet program, and make one sheet of our own anew.

    Args:
        workbook: the workbook.
        as_of: the day for overrides and due dates.
        kind: the kind of the sheet, see :data:`tierxl.sheets.OWN_TITLES`.
        progress: told what is being done.

    Returns:
        What was graded, and how many clients have another tier now than the one that stands beside them.

    Raises:
        CannotGrade: see :func:`grade_open`.
    """
    _, place, result, titles = graded_open(workbook, as_of, progress)
    sheets = own_sheets(result.grading, result.portfolio, result.issues, result.past, result.unused)
    wanted = [sheet for sheet in sheets if sheet.kind == kind]
    workbook.write_sheets(wanted, titles, partial(progress, "Writing"))
    return result, _outdated(workbook, place, result)


def graded(as_of: date, read: Read, progress: Progress) -> GradedFile:
    count = len(read.table.rows)
    progress("Grading", 0, count)
    cells = nw.from_native(read.table.cells)
    grading = grade(cells, read.policy, as_of, read.table.rows, read.managers, read.table.headers)
    progress("Grading", count, count)
    issues = [with_cell(issue, read.table) for issue in grading.issues]
    return GradedFile(grading, portfolio(grading), [*read.issues, *issues], unused=read.own.unused)


def graded_open(
    workbook: OpenWorkbook, as_of: date, progress: Progress
) -> tuple[ClientTable, Place, GradedFile, dict[str, str]]:
    progress("Reading", 0, 1)
    own = workbook.settings()
    table, place = workbook.clients()
    policy = Policy.with_settings(own.layer)
    managers = managers_of(workbook.managers(table.sheet), policy)
    issues = [*own.issues, *(with_cell(issue, table) for issue in workbook.issues), *managers.issues]
    read = Read(table, policy, issues, None, managers.managers, own)
    result = _with_past(graded(as_of, read, progress), workbook)
    titles = graded_workbook.own_titles(workbook)
    return (
        table,
        place,
        replace(result, issues=[*result.issues, *graded_workbook.title_issues(workbook, titles)]),
        titles,
    )


def write(
    read: Read,
    target: Path,
    result: GradedFile,
    progress: Progress,
    beside: Sequence[Sheet] = (),
    rewriting: Rewriting | None = None,
) -> GradedFile:
    """Write a graded file; a workbook gets the sheets of a grading, and others that are wanted beside them."""
    progress("Writing", 0, 1)
    if read.workbook is None and target.suffix.lower() in WORKBOOKS:
        result = _with_team(result)
    columns = _polars(result.grading.columns)
    issues = list(result.issues)
    if target.suffix.lower() in WORKBOOKS:
        issues = _write_workbook(read, target, result, progress, beside, rewriting)
    elif target.suffix.lower() == CSV:
        csv_parquet.write_csv(target, read.table, columns, score_cuts(result.grading.policy))
    else:
        csv_parquet.write_parquet(target, read.table, columns)
    progress("Writing", 1, 1)
    return replace(result, issues=issues, target=target)


def _write_workbook(
    read: Read,
    target: Path,
    result: GradedFile,
    progress: Progress,
    beside: Sequence[Sheet],
    rewriting: Rewriting | None,
) -> list[Issue]:
    source = read.workbook[0] if read.workbook else None
    wanted = OWN_TITLES | {sheet.kind: sheet.title for sheet in beside}
    titles = graded_workbook.own_titles(source, wanted)
    result = _as_written(_with_past(result, source), titles) if source else result
    in_the_way = graded_workbook.title_issues(source, titles, wanted)
    issues = [*result.issues, *in_the_way, *([] if source else cut_texts(read.table))]
    if source and loses_macros(source, target):
        issues.append(Issue("the graded copy lacks the macros of your workbook; the original keeps them"))
    in_book = issues if source else _in_new_sheet(issues, as_new_sheet(read.table))
    sheets = [*own_sheets(result.grading, result.portfolio, in_book, result.past, result.unused), *beside]
    told = partial(progress, "Writing")
    graded_workbook.write_workbook(target, read.workbook, read.table, result.grading, sheets, titles, told, rewriting)
    return issues


def _with_past(result: GradedFile, workbook: ClientWorkbook) -> GradedFile:
    """A graded workbook with what its History sheet held before."""
    past = workbook.past()
    issues = [*result.issues, *past.issues, *history.crowded(result.grading, past)]
    return replace(result, issues=issues, past=past)


def _as_written(result: GradedFile, titles: Mapping[str, str]) -> GradedFile:
    """A graded workbook whose issues name cells of the Settings and History sheets where they stand when it is written.

    Args:
        result: the graded workbook.
        titles: the titles of the sheets of our own, by kind.
    """
    moved = settings.moved(result.grading.policy, result.unused, titles[settings.KIND])
    moved |= history.moved(result.grading, result.past, titles[history.KIND])
    return replace(result, issues=[moved.get(issue, issue) for issue in result.issues])


def _outdated(workbook: OpenWorkbook, place: Place, result: GradedFile) -> int:
    """How many clients have another tier than the one that stands beside them, where there is one."""
    if "Tier" not in place.graded:
        return 0
    grid, column = workbook.grid(place.sheet.title), place.graded["Tier"] - 1
    tiers = zip(result.grading.clients.rows, result.grading.columns["Tier"].to_list(), strict=True)
    return sum(tier != (grid[row - 1][column] if column < len(grid[row - 1]) else None) for row, tier in tiers)


def _with_team(result: GradedFile) -> GradedFile:
    """With the account managers whom a new workbook lists, so that grading it again says the same of them."""
    grading = replace(result.grading, managers=team_of(result.grading))
    return replace(result, grading=grading, portfolio=portfolio(grading))


def _in_new_sheet(issues: list[Issue], table: ClientTable) -> list[Issue]:
    """Issues of a CSV or Parquet file, with the address of each cell in the workbook made from it."""
    return [
        issue if issue.row is None else with_cell(replace(issue, row=2 + bisect_left(table.rows, issue.row)), table)
        for issue in issues
    ]


def _polars(columns: Frame) -> pl.DataFrame:
    native = columns.to_native()
    assert isinstance(native, pl.DataFrame)
    return native
