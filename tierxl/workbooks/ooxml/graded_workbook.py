"""A graded workbook: the graded columns beside the user's, and the sheets of our own behind the clients."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tierxl.method.progress import Progress
from tierxl.method.rating.grading import Grading
from tierxl.method.table.headers import is_former_name
from tierxl.sheets import clients as look
from tierxl.sheets.description import Sheet
from tierxl.workbooks.layout import GradedClients, client_column, lay_out
from tierxl.workbooks.ooxml.drafts import write_graded_columns, write_own_sheets
from tierxl.workbooks.ooxml.in_place import write_in_place
from tierxl.workbooks.ooxml.live_workbook import Live, LiveWorkbook
from tierxl.workbooks.ooxml.new_sheets import Draft, new_workbook
from tierxl.workbooks.ooxml.new_workbook import as_new_sheet, new_clients_workbook
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile
from tierxl.workbooks.outline import Place
from tierxl.workbooks.own_sheets import taken_names
from tierxl.workbooks.rewriting import Rewriting
from tierxl.workbooks.table import ClientTable


def write_workbook(
    target: Path,
    source: tuple[WorkbookFile, Place] | None,
    table: ClientTable,
    grading: Grading,
    sheets: Sequence[Sheet],
    titles: dict[str, str],
    progress: Progress,
    rewriting: Rewriting | None = None,
    team: Sheet | None = None,
    live: Live | None = None,
) -> None:
    """Write the graded workbook: the user's own with our columns and sheets, or a new one for a table from elsewhere.

    Args:
        target: the file.
        source: the user's workbook, and where the clients stand in it; None for a table from elsewhere.
        table: the clients.
        grading: how they are graded.
        sheets: the sheets of our own that are made.
        titles: the title of each, by kind.
        progress: called with how many of them are made.
        rewriting: the cells of the user's workbook that the user wants to have another text.
        team: the sheet of account managers that a new workbook gets; if left out, it lists those of the grading.
        live: what formulas take, where the graded columns are to be formulas.

    Raises:
        CannotGrade: the file cannot be written; then nothing is.
    """
    if source is None:
        table = replace(as_new_sheet(table), rows=range(2, len(table.rows) + 2))
        source = new_clients_workbook(target, table, grading, team)
    workbook, place = source
    names = taken_names(workbook, titles)
    surroundings = workbook.surroundings(place, client_column(place, table))
    made = LiveWorkbook(workbook, place, table, grading, titles, live, sheets) if live else None
    layout = lay_out(place, table, surroundings, made.shown if made else look.columns_to_show(grading), names)
    layout = replace(layout, rewriting=rewriting, headers=layout.headers | headers_in_formulas(workbook, place))
    layout = made.with_formulas(layout) if made else layout
    places = layout.live.names if layout.live else None
    draft = Draft(new_workbook(since_1904=workbook.since_1904), names, places=places)
    write_graded_columns(draft, GradedClients(layout, place, table, grading, inputs=made.inputs if made else {}))
    sheets = layout.live.own_sheets(sheets) if layout.live else sheets
    write_own_sheets(draft, sheets, titles | {look.KIND: place.sheet.title}, progress)
    write_in_place(draft, workbook, place, layout, [titles[sheet.kind] for sheet in sheets], target)


def headers_in_formulas(workbook: WorkbookFile, place: Place) -> dict[str, str]:
    """The former headers of graded columns that formulas refer to, by today's name: with others, these would break."""
    if not place.table:
        return {}
    headers = {name: str(place.header_cells[column - 1]) for name, column in place.graded.items()}

    def stands(header: str) -> bool:
        text = re.compile(re.escape(f"[{header}]".encode()))
        return any(workbook.package.holds(part, text) for part in workbook.package.infos)

    return {name: header for name, header in headers.items() if is_former_name(header) and stands(header)}
