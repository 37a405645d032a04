"""Grading the clients of a file or of an open workbook, and writing the result."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.policy import Policy
from tierxl.method.progress import Progress, silent
from tierxl.method.rating.score import score_cuts
from tierxl.method.words import listed
from tierxl.sheets import history
from tierxl.sheets import live as live_sheet
from tierxl.sheets.description import Sheet
from tierxl.sheets.graded_workbook import OWN_TITLES, with_way_back
from tierxl.sheets.settings_held import not_held
from tierxl.use_cases.graded import GradedFile, graded, title_issues
from tierxl.use_cases.read import Read, with_cell
from tierxl.use_cases.reading import CSV, Request, read_clients_of, read_for, refuse_unreadable, refuse_unwritable
from tierxl.workbooks import WORKBOOKS, csv_parquet
from tierxl.workbooks.atomic import claimed
from tierxl.workbooks.managers import managers_in
from tierxl.workbooks.ooxml import graded_workbook, live_workbook
from tierxl.workbooks.ooxml.in_place import loses_macros
from tierxl.workbooks.ooxml.new_workbook import as_new_sheet, cut_texts
from tierxl.workbooks.own_sheets import own_titles
from tierxl.workbooks.rewriting import Rewriting
from tierxl.workbooks.table import ClientTable


def grade_file(request: Request, target: Path, progress: Progress = silent, *, live: bool | None = None) -> GradedFile:
    """Grade the clients of a file and write the result; the file's endings say which formats.

    Args:
        request: what to grade.
        target: the file to write.
        progress: called with what is being done.
        live: whether the graded columns of a workbook are formulas; if left out, they are where they were.

    Raises:
        CannotGrade: see :func:`tierxl.method.table.clients.read_clients`; also a file that cannot be read or written,
            or cannot hold formulas. Nothing is written then.
    """
    if live and target.suffix.lower() not in WORKBOOKS:
        raise CannotGrade(f"{target.name} cannot hold formulas: with --live, give -o a name that ends in .xlsx.")
    with clients_to_write(request, target, progress) as read:
        result = replace(graded(request.as_of, read, progress), is_today=request.is_today)
        return write(read, target, result, progress, live=live)


@contextmanager
def clients_to_write(request: Request, target: Path, progress: Progress) -> Iterator[Read]:
    """The clients of a file, while no other run can write the target; see :func:`grade_file`."""
    refuse_unwritable(target)
    refuse_unreadable(request.source)
    with claimed(target, request.inputs):
        yield read_for(request, target, progress)


def check_file(request: Request, progress: Progress = silent) -> GradedFile:
    """Grade the clients of a file and write nothing."""
    return graded(request.as_of, read_clients_of(request, progress), progress)


def write(
    read: Read,
    target: Path,
    result: GradedFile,
    progress: Progress,
    beside: Sequence[Sheet] = (),
    rewriting: Rewriting | None = None,
    live: bool | None = None,
) -> GradedFile:
    """Write a graded file; a workbook gets the sheets of a grading, and others that are wanted beside them."""
    progress("Writing", 0, 1)
    if target.suffix.lower() in WORKBOOKS:
        is_live = bool(read.source and live_workbook.is_live(*read.source)) if live is None else live
        result = _write_workbook(read, target, result, progress, beside, rewriting, is_live)
    elif target.suffix.lower() == CSV:
        policy = result.grading.policy
        graded_columns, mark = result.grading.columns.to_native(), policy.reading.decimal_mark
        csv_parquet.write_csv(target, read.table, graded_columns, score_cuts(policy), mark)
    else:
        csv_parquet.write_parquet(target, read.table, result.grading.columns.to_native())
    progress("Writing", 1, 1)
    return replace(result, target=target)


def _write_workbook(
    read: Read,
    target: Path,
    result: GradedFile,
    progress: Progress,
    beside: Sequence[Sheet],
    rewriting: Rewriting | None,
    is_live: bool,
) -> GradedFile:
    if is_live:
        _refuse_settings_without_a_cell(result.grading.policy)
    workbook = read.source.workbook if read.source else None
    team_sheet = read.earlier.managers.as_sheet() if read.earlier.managers else None
    beside = [*([team_sheet] if team_sheet and workbook else []), *map(with_way_back, beside)]
    wanted = OWN_TITLES | {sheet.kind: sheet.title for sheet in beside}
    titles = own_titles(workbook, wanted)
    past = workbook.past() if workbook else history.Past()
    if read.earlier.past:
        past = past.with_days_of(read.earlier.past)
    result = replace(result.with_past(past).as_written(titles), is_live=is_live)
    if workbook:
        people = managers_in(workbook, read.table.sheet) if is_live else None
        team = people.read(result.grading.policy).managers if people else ()
        result = replace(result, there=frozenset(workbook.own_sheets()), has_team=team == result.grading.managers)
        issues = [*result.issues, *title_issues(workbook, titles, result, beside)]
        if loses_macros(workbook, target):
            issues.append(Issue("the graded copy lacks the macros of your workbook; the original keeps them"))
        of_texts = live_workbook.texts_of_amounts(read.table, issues) if is_live else []
        issues += [with_cell(issue, read.table) for issue in of_texts]
        on_checks_sheet = issues
    else:
        result = replace(result.with_team(), has_team=True)
        issues = [*result.issues, *cut_texts(read.table)]
        on_checks_sheet = _in_new_sheet(issues, as_new_sheet(read.table))
    sheets = [*replace(result, issues=on_checks_sheet).sheets(), *beside]
    if not is_live and live_sheet.KIND in result.there:
        sheets.append(live_sheet.at_rest())
    live = live_workbook.Live(result.unused, is_today=result.is_today) if is_live else None
    graded_workbook.write_workbook(
        target, read.source, read.table, result.grading, sheets, titles, progress, rewriting, team_sheet, live
    )
    return replace(result, issues=issues)


def _refuse_settings_without_a_cell(policy: Policy) -> None:
    """Refuse formulas by settings that the cells of the sheet Settings cannot hold.

    Raises:
        CannotGrade: there are such.
    """
    if names := not_held(policy):
        raise CannotGrade(
            f"Formulas take every setting from the sheet Settings, and its cells cannot hold "
            f"{listed(names, len(names))}: change that in the policy, or grade with --values."
        )


def _in_new_sheet(issues: list[Issue], table: ClientTable) -> list[Issue]:
    """Issues of a CSV or Parquet file, with the address of each cell in the workbook made from it."""
    return [
        issue if issue.row is None else with_cell(replace(issue, row=2 + bisect_left(table.rows, issue.row)), table)
        for issue in issues
    ]
