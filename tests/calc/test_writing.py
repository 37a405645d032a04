"""What a command has worked out is written into an open document: one step, all of it or nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.calc.messages import CLIENTS, chart, columns, message, sheet
from tests.calc.office import Office

pytestmark = pytest.mark.calc

Write = Callable[..., list[tuple[int, int]]]


@pytest.fixture
def document(office: Office) -> Iterator[Any]:
    """A document with the user's clients."""
    document = office.open()
    page = document.Sheets[0]
    page.Name = "Clients"
    fill(page, "A1:C4", CLIENTS)
    page["G2"].Formula = "=SUM(B2:B4)"
    page["A9"].String = "below"
    document.UndoManager.clear()
    document.setModified(False)
    yield document
    office.close(document)


def pages(document: Any) -> Any:
    """What somebody has set up of the clients' pages."""
    from tierxl_in_calc.document import pages as pages_of  # noqa: PLC0415

    return pages_of(document, document.Sheets["Clients"])


@pytest.fixture
def write(document: Any) -> Write:
    """Writes a message into the document; the progress that was reported comes back."""
    from tierxl_in_calc.writing import write as write_into  # noqa: PLC0415  it needs LibreOffice's Python

    def write(**parts: Any) -> list[tuple[int, int]]:
        reported: list[tuple[int, int]] = []
        write_into(document, message(**parts), lambda done, of: reported.append((done, of)))
        return reported

    return write


@pytest.fixture
def refusal(document: Any, write: Write, office: Office) -> Callable[..., str]:
    """The sentence with which a message is refused; the document is as it was."""

    def refusal(**parts: Any) -> str:
        from tierxl_in_calc.refused import Refused  # noqa: PLC0415  it needs LibreOffice's Python

        before, steps = everything(document), document.UndoManager.getAllUndoActionTitles()
        office.settle()
        document.setModified(False)
        with pytest.raises(Refused) as refused:
            write(**parts)
        assert everything(document) == before
        assert document.UndoManager.getAllUndoActionTitles() == steps
        assert not document.UndoManager.isRedoPossible()
        return str(refused.value)

    return refusal


def fill(page: Any, area: str, rows: tuple[tuple[object, ...], ...]) -> None:
    page[area].setDataArray(tuple(tuple(v if isinstance(v, str) else float(v) for v in row) for row in rows))


def values(page: Any) -> dict[str, object]:
    """The cells that are filled, with their formulas where they have one."""
    cursor = page.createCursor()
    cursor.gotoEndOfUsedArea(False)
    area = page.getCellRangeByPosition(0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow)
    shown = zip(area.getDataArray(), area.getFormulaArray(), strict=True)
    return {
        f"{chr(65 + column)}{row}": formula if formula.startswith("=") and value != formula else value
        for row, (line, formulas) in enumerate(shown, 1)
        for column, (value, formula) in enumerate(zip(line, formulas, strict=True))
        if value != ""
    }


def everything(document: Any) -> dict[str, dict[str, object]]:
    return {page.Name: values(page) for page in document.Sheets}


USERS = {
    "A1": "Client", "B1": "Revenue", "C1": "Note", "A2": "Abel", "B2": 5.0, "C2": "mine", "A3": "Baker", "B3": 7.0,
    "A4": "Cohen", "B4": 1.0, "C4": "=1+1", "A9": "below", "G2": "=SUM(B2:B4)",
}  # fmt: skip
GRADED = {"D1": "Tier", "E1": "Why", "D2": "A", "E2": "=1+1", "D3": "B", "D4": "C", "E4": 1.0}


def test_the_graded_columns_stand_beside_the_users_cells_which_stay(document: Any, write: Write):
    write(columns=columns())
    assert values(document.Sheets["Clients"]) == USERS | GRADED


def test_a_text_that_looks_like_a_formula_stays_a_text(document: Any, write: Write):
    write(columns=columns(), sheets=[sheet(cells=[[1, 1, "=1+1", "text", 1]])])
    for title, cell in (("Clients", "E2"), ("Portfolio", "A1")):
        assert document.Sheets[title][cell].Type.value == "TEXT"
        assert document.Sheets[title][cell].String == "=1+1"


def test_an_answer_is_shown_as_one(document: Any, write: Write):
    write(columns=columns(), sheets=[sheet()])
    assert document.Sheets["Clients"]["E4"].String == "TRUE"
    assert document.Sheets["Portfolio"]["B3"].String == "TRUE"


def test_characters_that_no_file_can_hold_are_replaced(document: Any, write: Write):
    write(sheets=[sheet(cells=[[1, 1, "a\x01b\ud800c\nd", "wrapped", 1]])])
    assert document.Sheets["Portfolio"]["A1"].String == "a\ufffdb\ufffdc\nd"


def test_a_sheet_of_ours_comes_last_with_its_mark_and_table(document: Any, write: Write):
    document.Sheets.insertNewByName("Notes", 1)
    write(columns=columns(), sheets=[sheet()])
    assert document.Sheets.ElementNames == ("Clients", "Notes", "Portfolio")
    page = document.Sheets["Portfolio"]
    assert page.NamedRanges["_tierxl"].Content == '"portfolio"'
    assert document.DatabaseRanges["Tiers"].ReferredCells.AbsoluteName == "$Portfolio.$A$5:$C$7"
    assert document.DatabaseRanges["Tiers"].AutoFilter
    assert document.DatabaseRanges["Clients"].ReferredCells.AbsoluteName == "$Clients.$A$1:$E$4"
    assert values(page) == {
        "A1": "Portfolio", "A3": "Is it ours?", "B3": 1.0, "A5": "Tier", "B5": "Clients", "C5": "Revenue",
        "A6": "A", "B6": 1.0, "C6": 0.0, "A7": "B", "B7": 2.0, "C7": 10.5,
    }  # fmt: skip
    assert page["A1:C1"].IsMerged


def test_styles_live_colours_and_lists_are_those_of_the_message(document: Any, write: Write):
    write(columns=columns(), sheets=[sheet()])
    clients, page = document.Sheets["Clients"], document.Sheets["Portfolio"]
    assert clients["D1"].CellStyle == "Client tiers graded-header-center bottom"
    assert clients["D1"].CellBackColor == 0x1F6F54
    assert page["A6"].CellStyle == "Client tiers tier"
    assert page["C6"].String == "0"
    colours = document.Sheets["Clients"]["D4000"].ConditionalFormat
    assert [(colours[at].Formula1, colours[at].StyleName) for at in range(colours.Count)] == [
        ('AND($D2="C";$D2<$A2)', "Client tiers tier bottom tier-c-up"),
        ('"A"', "Client tiers tier bottom tier-a"),
        ('"B"', "Client tiers tier bottom tier-b"),
        ('"C"', "Client tiers tier bottom tier-c"),
    ]
    marked = document.StyleFamilies["CellStyles"][colours[0].StyleName]
    assert document.NumberFormats.getByKey(marked.NumberFormat).FormatString == '@" ↑"'
    assert clients["B4000"].Validation.getFormula1() == '"High";"Low"'
    assert clients["B4000"].Validation.InputMessage == "How high."


def test_numbers_beyond_limits_are_questioned(document: Any, write: Write):
    write(sheets=[sheet()])
    page = document.Sheets["Portfolio"]
    whole, custom = page["F1"].Validation, page["F2"].Validation
    assert (whole.Type.value, whole.Operator.value) == ("WHOLE", "BETWEEN")
    assert (whole.getFormula1(), whole.getFormula2()) == ("1", "3")
    assert (whole.ErrorAlertStyle.value, whole.ErrorMessage) == ("WARNING", "1 to 3.")
    assert (custom.Type.value, custom.getFormula1()) == ("CUSTOM", 'OR(EXACT(F2;"auto");ISNUMBER(F2))')


def test_a_live_colour_leaves_a_text_where_it_stands_in_its_cell(document: Any, write: Write):
    write(columns=columns())
    cell = document.Sheets["Clients"]["D2"]
    laid_over = document.StyleFamilies["CellStyles"][cell.ConditionalFormat[0].StyleName]
    assert (laid_over.ParentStyle, laid_over.VertJustify) == (cell.CellStyle, cell.VertJustify)


def test_hard_formats_of_graded_cells_give_way_to_ours(document: Any, write: Write):
    document.Sheets["Clients"]["D2"].CellBackColor = 0xFF0000
    document.Sheets["Clients"]["D2"].CharHeight = 30
    write(columns=columns())
    assert document.Sheets["Clients"]["D2"].CellBackColor == -1
    assert document.Sheets["Clients"]["D2"].CharHeight == 10


def test_a_client_who_is_gone_loses_the_grade(document: Any, write: Write):
    write(columns=columns())
    again = columns(rows=[2, 4], widths=[], removed_rows=[3])
    for column in again["columns"]:
        column.update(values=column["values"][1:])
    write(columns=again)
    shown = values(document.Sheets["Clients"])
    assert {cell: shown.get(cell) for cell in ("D2", "D3", "D4")} == {"D2": "B", "D3": None, "D4": "C"}
    assert shown["A3"] == "Baker"


def test_the_headers_get_their_height_and_hidden_rows_stay_hidden(document: Any, write: Write):
    page = document.Sheets["Clients"]
    page.Rows[2].IsVisible = False
    before = page.Rows[3].Height
    write(columns=columns())
    assert [page.Rows[row].Height for row in (0, 1, 3)] == [953, before, before]
    assert not page.Rows[2].IsVisible


def test_a_filter_without_a_table_can_be_had(document: Any, write: Write, office: Office):
    write(columns=columns(table=None, filtered=[1, 1, 4, 5]))
    assert document.DatabaseRanges.ElementNames == ()
    assert office.content(document)["Clients"]["filter"] == "A1:E4"


def test_the_user_stays_where_they_were(document: Any, write: Write):
    controller = document.CurrentController
    controller.select(document.Sheets["Clients"]["B3:C4"])
    write(columns=columns(), sheets=[sheet()])
    assert controller.ActiveSheet.Name == "Clients"
    assert controller.getSelection().AbsoluteName == "$Clients.$B$3:$C$4"


def test_the_clients_names_are_printed_beside_their_tiers_on_a_page_style_of_ours(document: Any, write: Write):
    page = document.Sheets["Clients"]
    shared = page.PageStyle
    write(columns=columns())
    assert [area.EndColumn for area in page.getPrintAreas()] == [4]
    assert (page.getPrintTitleColumns(), page.getTitleColumns().EndColumn, page.getPrintTitleRows()) == (True, 0, True)
    styles = document.StyleFamilies["PageStyles"]
    assert (styles[page.PageStyle].PageScale, styles[page.PageStyle].IsLandscape) == (80, True)
    assert styles[shared].PageScale == 100
    assert pages(document) == {"areas": [[1, 4, 4, 5]], "columns": [1, 1], "rows": [1, 1]}


def test_an_undone_grading_leaves_a_sheet_whose_pages_nobody_has_set_up(document: Any, write: Write, office: Office):
    assert pages(document) is None
    write(columns=columns())
    office.undo(document)
    assert pages(document) is None


def test_panes_are_frozen_on_the_clients_and_on_ours(document: Any, write: Write):
    write(columns=columns(), sheets=[sheet()])
    controller = document.CurrentController
    assert (controller.hasFrozenPanes(), controller.SplitRow, controller.SplitColumn) == (True, 1, 1)
    scrolling = controller.getByIndex(controller.Count - 1)
    assert scrolling.FirstVisibleColumn == 3, "the tiers stand beside the names"
    controller.setActiveSheet(document.Sheets["Portfolio"])
    assert (controller.hasFrozenPanes(), controller.SplitRow, controller.SplitColumn) == (True, 5, 1)


def test_the_progress_is_told(write: Write):
    assert write(columns=columns(), sheets=[sheet()]) == [(1, 2), (2, 2)]


# --- One step --------------------------------------------------------------------------------------------------------


def test_one_undo_puts_everything_back_and_one_redo_brings_it_again(document: Any, write: Write, office: Office):
    before = office.content(document)
    write(columns=columns(), sheets=[sheet()])
    written = everything(document)
    manager = document.UndoManager
    assert manager.getAllUndoActionTitles() == ("Grade clients",)
    for _ in range(2):
        office.undo(document)
        assert office.content(document) == before
        office.redo(document)
        assert everything(document) == written
    assert document.Sheets["Portfolio"].Charts.Count == 1
    assert document.DatabaseRanges["Tiers"].AutoFilter
    assert document.Sheets["Clients"].Rows[0].Height == 953
    assert document.Sheets["Portfolio"].PageStyle == "Client tiers page"


def test_one_undo_of_a_second_grading_brings_the_first_one_back(document: Any, write: Write, office: Office):
    write(columns=columns(), sheets=[sheet(rows=9)])
    before = office.content(document)
    again = columns(frozen=None, widths=[])
    for column in again["columns"]:
        column.update(values=["C", None, "new"])
    write(columns=again, sheets=[sheet(rows=3, charts=[])])
    written = everything(document)
    office.undo(document)
    assert office.content(document) == before
    office.redo(document)
    assert everything(document) == written


def test_what_the_user_does_next_can_be_undone_by_itself(document: Any, write: Write):
    write(columns=columns(), sheets=[sheet()])
    document.Sheets["Portfolio"]["A20"].String = "mine"
    document.UndoManager.undo()
    assert values(document.Sheets["Clients"]) == USERS | GRADED
    assert "A20" not in values(document.Sheets["Portfolio"])


# --- Painting anew ---------------------------------------------------------------------------------------------------


def test_formulas_that_look_into_a_sheet_of_ours_still_do_when_it_is_painted_anew(document: Any, write: Write):
    write(sheets=[sheet()])
    page = document.Sheets["Clients"]
    page["J1"].Formula = "=SUM($Portfolio.B6:B90)"
    page["J2"].Formula = "=SUM(Tiers[Clients])"
    page["J3"].Formula = "=ROWS(Tiers)"
    shown = sheet(rows=3)
    write(sheets=[shown])
    assert [page[cell].Value for cell in ("J1", "J2", "J3")] == [6, 6, 4]
    assert page["J2"].Formula == "=SUM(Tiers[Clients])"


def test_what_the_earlier_painting_had_is_gone(document: Any, write: Write):
    tables = sheet()["tables"] + [
        {"row": 5, "column": 5, "headers": ["Old"], "header_styles": ["header"], "rows": [["x"]], "styles": ["text"],
         "name": "Olds", "is_filtered": False, "area": [5, 5, 6, 5]}
    ]  # fmt: skip
    write(sheets=[sheet(rows=9, charts=[chart(), chart(row=30)]) | {"tables": tables}])
    write(sheets=[sheet(rows=1, charts=[chart()])])
    page = document.Sheets["Portfolio"]
    assert document.DatabaseRanges.ElementNames == ("Tiers",)
    assert page.Charts.Count == 1
    assert "A7" not in values(page)
    assert "E6" not in values(page)
    assert page["A7"].CellStyle == "Default"


def test_a_new_sheet_is_hidden_where_it_should_be_and_stays_in_sight_once_the_user_has_shown_it(
    document: Any, write: Write, office: Office
):
    write(sheets=[sheet(is_hidden=True, page={"is_one": True, "is_portrait": True})])
    page = document.Sheets["Portfolio"]
    assert (page.IsVisible, page.PageStyle) == (False, "Client tiers page upright, only one")
    office.undo(document)
    office.redo(document)
    assert not document.Sheets["Portfolio"].IsVisible
    document.Sheets["Portfolio"].IsVisible = True
    write(sheets=[sheet(is_hidden=True)])
    assert document.Sheets["Portfolio"].IsVisible


def test_a_sheet_of_ours_keeps_its_place_and_stays_hidden(document: Any, write: Write):
    write(sheets=[sheet()])
    document.Sheets.moveByName("Portfolio", 0)
    document.Sheets["Portfolio"].IsVisible = False
    write(sheets=[sheet(rows=3)])
    assert document.Sheets.ElementNames == ("Portfolio", "Clients")
    assert not document.Sheets["Portfolio"].IsVisible
    assert values(document.Sheets["Portfolio"])["A8"] == "C"


def test_rows_that_the_users_filter_has_hidden_are_shown_again(document: Any, write: Write):
    write(sheets=[sheet(rows=5)])
    page = document.Sheets["Portfolio"]
    page.Rows[6].IsVisible = False
    write(sheets=[sheet(rows=5)])
    assert all(page.Rows[row].IsVisible for row in range(12))


# --- Nothing of it ---------------------------------------------------------------------------------------------------


def test_a_protected_sheet_is_refused(document: Any, refusal: Callable[..., str]):
    document.Sheets["Clients"].protect("")
    document.setModified(False)
    assert 'The sheet "Clients" is protected' in refusal(columns=columns(), sheets=[sheet()])


def test_a_sheet_of_ours_that_is_protected_from_slips_is_written_over(document: Any, write: Write, office: Office):
    write(sheets=[sheet(), sheet(title="Live", kind="live", tables=[], charts=[])])
    for title in ("Portfolio", "Live"):
        document.Sheets[title].protect("")
    write(columns=columns(), sheets=[sheet(rows=3)])
    assert values(document.Sheets["Portfolio"])["A8"] == "C"
    assert not document.Sheets["Portfolio"].isProtected()
    assert document.Sheets["Live"].isProtected()
    office.undo(document)
    assert "A8" not in values(document.Sheets["Portfolio"])
    assert document.Sheets["Live"].isProtected()
    office.redo(document)
    assert values(document.Sheets["Portfolio"])["A8"] == "C"
    assert [document.Sheets[title].isProtected() for title in ("Portfolio", "Live")] == [False, True]


def test_a_sheet_of_ours_with_a_password_is_refused(document: Any, write: Write, refusal: Callable[..., str]):
    write(sheets=[sheet()])
    document.Sheets["Portfolio"].protect("secret")
    document.setModified(False)
    assert 'The sheet "Portfolio" is protected' in refusal(columns=columns(), sheets=[sheet()])
    assert document.Sheets["Portfolio"].isProtected()


def test_a_failure_leaves_a_sheet_of_ours_protected_from_slips(
    document: Any, write: Write, refusal: Callable[..., str]
):
    write(sheets=[sheet()])
    document.Sheets["Portfolio"].protect("")
    refusal(columns=columns(), sheets=[sheet(charts=[IMPOSSIBLE])])
    assert document.Sheets["Portfolio"].isProtected()


def test_a_protected_document_that_needs_a_new_sheet_is_refused(document: Any, refusal: Callable[..., str]):
    document.protect("")
    document.setModified(False)
    assert "no sheet can be added" in refusal(columns=columns(), sheets=[sheet()])


def test_a_sheet_of_the_users_is_not_written_over(document: Any, refusal: Callable[..., str]):
    document.Sheets.insertNewByName("Portfolio", 1)
    document.setModified(False)
    assert 'The sheet "Portfolio" is yours' in refusal(sheets=[sheet()])


def test_an_array_formula_where_a_grade_goes_is_refused(document: Any, refusal: Callable[..., str]):
    document.Sheets["Clients"]["D3:D6"].setArrayFormula("=B3:B6*2")
    document.setModified(False)
    assert 'An array formula stands where a grade goes, on the sheet "Clients" at D3' in refusal(columns=columns())


def test_a_sheet_that_is_gone_is_refused(refusal: Callable[..., str]):
    assert 'no sheet "Customers"' in refusal(columns=columns(sheet="Customers"))


IMPOSSIBLE = chart(series=[{**chart()["series"][0], "y": [6, 90_000, 7, 90_000]}])


def test_a_failure_half_way_leaves_the_document_as_it_was(refusal: Callable[..., str]):
    assert "nothing was changed" in refusal(columns=columns(), sheets=[sheet(charts=[chart(), IMPOSSIBLE])])


def test_a_refusal_does_not_make_the_document_a_changed_one(document: Any, refusal: Callable[..., str]):
    refusal(columns=columns(), sheets=[sheet(charts=[IMPOSSIBLE])])
    assert not document.isModified()


def test_a_failure_does_not_undo_what_the_user_did_before(document: Any, refusal: Callable[..., str]):
    document.Sheets["Clients"]["C3"].String = "done by hand"
    document.setModified(False)
    refusal(columns=columns(), sheets=[sheet(charts=[IMPOSSIBLE])])
    assert document.UndoManager.isUndoPossible()
    document.UndoManager.undo()
    assert document.Sheets["Clients"]["C3"].String == ""


def test_after_a_failure_formulas_calculate_again(document: Any, refusal: Callable[..., str]):
    refusal(columns=columns(), sheets=[sheet(charts=[IMPOSSIBLE])])
    document.Sheets["Clients"]["B2"].Value = 100
    assert document.Sheets["Clients"]["G2"].Value == 108
    assert not document.hasControllersLocked()


# --- Charts ----------------------------------------------------------------------------------------------------------


def drawn(document: Any) -> Any:
    page = document.Sheets["Portfolio"]
    return page.Charts[page.Charts.ElementNames[0]].EmbeddedObject


def series_of(document: Any) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """For each series the kind of chart, its name and the areas of its values."""
    (system,) = drawn(document).getFirstDiagram().getCoordinateSystems()
    found = []
    for kind in system.getChartTypes():
        for series in kind.getDataSeries():
            reported = series.getDataSequences()
            (name,) = [one.Label.getTextualData()[0] for one in reported if one.Label]
            areas = sorted((one.Values.Role, one.Values.SourceRangeRepresentation) for one in reported)
            found.append((kind.ChartType.rpartition(".")[2], name, areas))
    return found


X, Y, Z = "$Portfolio.$A$6:$A$7", "$Portfolio.$B$6:$B$7", "$Portfolio.$C$6:$C$7"


@pytest.mark.parametrize("kind", ["columns", "stacked columns", "bars"])
def test_a_chart_of_columns_has_its_series_over_its_categories(document: Any, write: Write, kind: str):
    mark = chart()["series"][1]
    write(sheets=[sheet(charts=[chart(kind=kind, series=chart()["series"][:1], marks=[mark])])])
    assert series_of(document) == [
        ("ColumnChartType", "Clients", [("values-y", Y)]),
        ("LineChartType", "Revenue", [("values-y", Z)]),
    ]
    (system,) = drawn(document).getFirstDiagram().getCoordinateSystems()
    categories = system.getAxisByDimension(0, 0).getScaleData().Categories
    assert categories.Values.SourceRangeRepresentation == X
    assert system.SwapXAndYAxis == (kind == "bars")


@pytest.mark.parametrize("kind", ["curve", "points"])
def test_a_chart_of_points_has_its_series_with_their_x(document: Any, write: Write, kind: str):
    series = {"name": "A name that stands nowhere", "x": [6, 2, 7, 2], "y": [6, 3, 7, 3], "style": "hours"}
    has_legend = kind == "points"
    write(sheets=[sheet(charts=[chart(kind=kind, series=[series], x_logarithmic=has_legend, has_legend=has_legend)])])
    assert series_of(document) == [("ScatterChartType", series["name"], [("values-x", Y), ("values-y", Z)])]
    assert (drawn(document).getFirstDiagram().getLegend() is None) != has_legend


def test_a_point_with_a_name_shows_it_and_is_no_part_of_the_legend(document: Any, write: Write):
    point = {"name": "Clients", "x": [6, 2, 6, 2], "y": [6, 3, 6, 3], "style": "outlier"}
    write(sheets=[sheet(charts=[chart(kind="points", named=[point])])])
    (system,) = drawn(document).getFirstDiagram().getCoordinateSystems()
    *others, named = system.getChartTypes()[0].getDataSeries()
    assert (named.Label.ShowSeriesName, named.Label.ShowNumber, named.ShowLegendEntry) == (True, False, False)
    assert all(series.ShowLegendEntry for series in others)


def test_the_name_of_a_series_outlives_a_sheet_before_ours(document: Any, write: Write):
    document.Sheets.insertNewByName("Notes", 1)
    write(sheets=[sheet()])
    document.Sheets.removeByName("Notes")
    assert [name for _, name, _ in series_of(document)] == ["Clients", "Revenue"]


def test_a_chart_has_its_titles_and_its_place(document: Any, write: Write):
    write(sheets=[sheet()])
    assert drawn(document).getTitleObject().getText()[0].getString() == "Clients and revenue"
    shape = document.Sheets["Portfolio"].DrawPage[0]
    assert (shape.Anchor.AbsoluteName, shape.Size.Width, shape.Size.Height) == ("$Portfolio.$A$10", 12_000, 7_000)


# --- Files -----------------------------------------------------------------------------------------------------------


def test_a_saved_workbook_has_the_tables_marks_panes_and_charts(
    document: Any, write: Write, office: Office, tmp_path: Path
):
    write(columns=columns(), sheets=[sheet()])
    book = load_workbook(office.save(document, tmp_path / "saved.xlsx"))
    page = book["Portfolio"]
    assert page.tables["Tiers"].ref == "A5:C7"
    assert book["Clients"].tables["Clients"].ref == "A1:E4"
    assert page.defined_names["_tierxl"].value == '"portfolio"'
    assert page.freeze_panes == "B6"
    assert not page.sheet_view.showGridLines
    assert book["Clients"].sheet_view.showGridLines
    assert (page.page_setup.orientation, page.page_setup.fitToWidth, page.page_setup.fitToHeight) == ("landscape", 1, 0)
    assert page.print_title_rows == "$5:$5"
    assert len(page._charts) == 1


def with_plain_answers(cells: dict[str, object]) -> dict[str, object]:
    """A workbook of Excel brings an answer as the formula =TRUE()."""
    return {at: 1.0 if value == "=TRUE()" else value for at, value in cells.items()}


def test_a_workbook_that_was_saved_and_opened_again_is_painted_anew(
    document: Any, write: Write, office: Office, tmp_path: Path
):
    from tierxl_in_calc.writing import write as write_into  # noqa: PLC0415  it needs LibreOffice's Python

    write(columns=columns(), sheets=[sheet()])
    for suffix in (".ods", ".xlsx"):
        opened = office.open(office.save(document, tmp_path / f"saved{suffix}"))
        before = everything(opened)
        again = columns(table={"name": "Clients", "area": [1, 1, 4, 5]})
        write_into(opened, message(columns=again, sheets=[sheet()]), lambda *_: None)
        assert everything(opened) == {title: with_plain_answers(cells) for title, cells in before.items()}
        assert opened.Sheets["Portfolio"].Charts.Count == 1
        assert opened.DatabaseRanges["Tiers"].ReferredCells.AbsoluteName == "$Portfolio.$A$5:$C$7"
        office.undo(opened)
        assert everything(opened)["Clients"] == before["Clients"]
        office.close(opened)
