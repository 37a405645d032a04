"""A graded workbook: the graded columns beside the user's, and the sheets of our own behind the clients."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
from openpyxl.utils import absolute_coordinate
from openpyxl.worksheet.worksheet import Worksheet

from tierxl.formulas.graded import LiveFormulas
from tierxl.formulas.settings import cell_of
from tierxl.method.issues import Issue
from tierxl.method.progress import Progress
from tierxl.method.rating.grading import Grading
from tierxl.method.table.headers import WORKING, is_former_name
from tierxl.sheets import OWN_TITLES, account_managers, live, settings
from tierxl.sheets import clients as look
from tierxl.sheets.description import Sheet
from tierxl.sheets.own_sheet import free_title
from tierxl.workbooks.dimensions import LINE_HEIGHT, header_style
from tierxl.workbooks.layout import Layout, client_column, lay_out
from tierxl.workbooks.live_columns import LiveColumns, in_formulas, live_columns, users_columns, wanted
from tierxl.workbooks.ooxml.cell_range import reference
from tierxl.workbooks.ooxml.in_place import write_in_place
from tierxl.workbooks.ooxml.new_sheets import Draft, new_workbook
from tierxl.workbooks.ooxml.new_workbook import as_new_sheet, new_clients_workbook
from tierxl.workbooks.ooxml.sheet_writer import SheetWriter, add_conditional_format, add_validation, set_width
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile
from tierxl.workbooks.outline import Place, mark
from tierxl.workbooks.rewriting import Rewriting
from tierxl.workbooks.stretches import stretches
from tierxl.workbooks.table import ClientTable
from tierxl.workbooks.workbook import ClientWorkbook


def own_titles(source: ClientWorkbook | None, wanted: Mapping[str, str] = OWN_TITLES) -> dict[str, str]:
    """The title of each sheet of our own that is wanted, by kind: as it is called already, or a free one."""
    if source is None:
        return dict(wanted)
    ours = source.own_sheets()
    titles = {title.casefold() for title in source.titles}
    return {kind: ours.get(kind) or free_title(title, titles) for kind, title in wanted.items()}


def title_issues(source: ClientWorkbook, titles: dict[str, str], wanted: Mapping[str, str] = OWN_TITLES) -> list[Issue]:
    """An issue for each sheet of our own that has another name than usual, as the user has a sheet of that name."""
    users = {title.casefold() for title in source.titles} - {title.casefold() for title in titles.values()}
    return [
        Issue(f'the sheet "{wanted[kind]}" is yours and stays as it is; ours is "{title}"')
        for kind, title in titles.items()
        if wanted[kind].casefold() in users
    ]


def taken_names(source: ClientWorkbook, titles: dict[str, str]) -> frozenset[str]:
    """The names that tables of our own cannot take; those of the sheets that are made anew are free."""
    ours = {table.name.casefold() for sheet in source.sheets if sheet.title in titles.values() and sheet.kind
            for table in sheet.tables}  # fmt: skip
    return frozenset(source.names - ours)


def is_live(workbook: WorkbookFile, place: Place) -> bool:
    """True where the tiers of a graded workbook are formulas, with the columns that they take beside them."""
    if not any(name.startswith(WORKING) for name in place.graded):
        return False
    return any(workbook.part(place.sheet.title).formulas([place.graded["Tier"]]))


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
    unused: Sequence[settings.Unused] | None = None,
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
        unused: the cells of the Settings sheet that cannot be used, where the graded columns are to be formulas; None
            where they are to be values.

    Raises:
        CannotGrade: the file cannot be written; then nothing is.
    """
    if source is None:
        table = replace(as_new_sheet(table), rows=range(2, len(table.rows) + 2))
        source = new_clients_workbook(target, table, grading, team)
    workbook, place = source
    names = taken_names(workbook, titles)
    surroundings = workbook.surroundings(place, client_column(place, table))
    formulas = None if unused is None else live_columns(table.headers)
    shown = look.columns_to_show(grading) if formulas is None else look.GRADED_WIDTHS | wanted(formulas)
    layout = lay_out(place, table, surroundings, shown, names)
    layout = replace(layout, shared=workbook.part(place.sheet.title).next_shared(), rewriting=rewriting)
    layout = replace(layout, headers=layout.headers | headers_in_formulas(workbook, place))
    if formulas and unused is not None:
        places = _places(formulas, grading, unused, titles)
        layout = replace(layout, live=_live(formulas, layout, place, places))
        sheets = [*sheets, layout.live.sheet_of_figures(grading.as_of)]
    draft = Draft(new_workbook(since_1904=workbook.since_1904), names)
    write_graded_columns(draft, layout, place, table, grading)
    write_own_sheets(draft, sheets, titles, progress)
    write_in_place(draft, workbook, place, layout, [titles[sheet.kind] for sheet in sheets], target)


def _places(
    formulas: LiveFormulas, grading: Grading, unused: Sequence[settings.Unused], titles: Mapping[str, str]
) -> dict[str, str]:
    """The cells of the sheets of our own that formulas look at, by name."""
    of_live, of_settings = (in_formulas(titles[kind]) for kind in (live.KIND, settings.KIND))
    cells = settings.places(grading.policy, unused).items()
    of_cells = {cell_of(name): f"{of_settings}!{absolute_coordinate(reference(area))}" for name, area in cells}
    return live.names(formulas, of_live) | of_cells


def _live(formulas: LiveFormulas, layout: Layout, place: Place, places: Mapping[str, str]) -> LiveColumns:
    headers = {at: str(header) for at, header in enumerate(place.header_cells, 1)}
    headers |= {column: layout.headers[name] for name, column in layout.columns.items()}
    name = place.table.name if place.table else layout.made.name if layout.made else ""
    users = users_columns(place.headers)
    return LiveColumns(
        formulas, users, layout.columns, headers, name, place.sheet.title, place.first, place.last, places
    )


def headers_in_formulas(workbook: WorkbookFile, place: Place) -> dict[str, str]:
    """The former headers of graded columns that formulas refer to, by today's name: with others, these would break."""
    if not place.table:
        return {}
    headers = {name: str(place.header_cells[column - 1]) for name, column in place.graded.items()}
    former = {name: header for name, header in headers.items() if is_former_name(header)}
    return {
        name: header
        for name, header in former.items()
        if any(workbook.package.holds(part, f"[{header}]".encode()) for part in workbook.package.infos)
    }


def write_own_sheets(draft: Draft, sheets: Sequence[Sheet], titles: dict[str, str], progress: Progress) -> None:
    """Make the sheets of our own."""
    writer = SheetWriter(draft)
    for done, description in enumerate(sheets, 1):
        progress("Writing", done, len(sheets) + 1)
        sheet = writer.sheet(description, titles[description.kind], titles=titles)
        if description.kind != account_managers.KIND:  # which is the user's
            mark(sheet, description.kind)


# --- The Clients sheet -----------------------------------------------------------------------------------------------


def write_graded_columns(draft: Draft, layout: Layout, place: Place, table: ClientTable, grading: Grading) -> Worksheet:
    """Make the clients' sheet with the graded columns, and nothing else."""
    sheet: Worksheet = draft.book.create_sheet(place.sheet.title)
    writer = SheetWriter(draft, layout.vertical)
    styles = dict.fromkeys(layout.columns, "text") | look.graded_styles(grading)
    formulas = layout.live.in_cells if layout.live else {}
    numbered = {column: (formula, layout.shared + at) for at, (column, formula) in enumerate(formulas.items())}
    for name, column in layout.columns.items():
        style = header_style("graded-header", styles[name]) if column not in layout.left_out else "text"
        header = None if column in layout.left_out else layout.headers[name]
        writer.write(sheet, place.header_row, column, header, style)
    for column, width in layout.widths.items():
        set_width(sheet, column, width)
    sheet.row_dimensions[place.header_row].height = 2 * LINE_HEIGHT
    names = {column: name for name, column in layout.columns.items()}
    for first, last in stretches(sorted(names)):
        of_columns = [(column, names[column], styles[names[column]]) for column in range(first, last + 1)]
        values = [(at, graded_values(grading, name), style) for at, name, style in of_columns]
        writer.block(sheet, table.rows, values, formulas=numbered)
        if place.removed:
            writer.block(
                sheet, place.removed, [(at, [None] * len(place.removed), style) for at, _, style in of_columns]
            )
    for colouring in layout.colourings:
        add_conditional_format(sheet, colouring)
    for choices in layout.choices:
        add_validation(sheet, choices)
    return sheet


def graded_values(grading: Grading, name: str) -> pl.Series:
    """The values of a graded column."""
    if name not in grading.columns.columns:
        return pl.Series([None] * len(grading.columns))
    values = grading.columns[name].to_native()
    assert isinstance(values, pl.Series)
    return values
