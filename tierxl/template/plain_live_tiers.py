"""The Live tiers sheet of the templates without macros: plain formulas, a row for each client that has room.

They find a client by its row on the sheet Clients, and a setting by its labels: so neither rows that a user deletes nor
a grading, which writes the Settings sheet anew, lead them astray.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple

from tierxl.formulas import placed, references
from tierxl.formulas.code import constant
from tierxl.formulas.graded import CHECK, LIVE, LiveFormulas, live_formulas
from tierxl.formulas.settings import SETTINGS, cell_of
from tierxl.method.rating.grading import Grading
from tierxl.method.table.columns import COLUMNS
from tierxl.sheets import live, live_tiers, settings
from tierxl.sheets.clients import TITLE as CLIENTS
from tierxl.sheets.description import Area, Cell, Column, Sheet, Table
from tierxl.sheets.live_lists import FEWEST_PRINTED
from tierxl.sheets.live_tiers import HEADER_ROW, TITLE, TOTALS
from tierxl.sheets.wording import label
from tierxl.template.clients_sheet import HEADER_ROW as CLIENTS_HEADER_ROW
from tierxl.workbooks.live_columns import header_of, in_formulas
from tierxl.workbooks.ooxml.cell_range import reference
from tierxl.workbooks.ooxml.new_sheets import Draft
from tierxl.workbooks.ooxml.package import MAIN, Element, element
from tierxl.workbooks.ooxml.sheet_writer import SheetWriter

ROOM = 500
"""The clients that there is room for."""
FIGURES = "Live figures"
"""The title of the hidden sheet with the figures, and the lists of words, that the formulas take."""
_FOLLOW = (
    f"The tiers of the sheet {CLIENTS} as formulas: they follow each change there, and on the sheet Settings, at once."
)
_CROWDED = (
    f"There is room for {ROOM} clients here, and the sheet {CLIENTS} has more, so no tiers are shown. The workbook "
    "Client Tiers Live.xlsx, and the command tierxl grade, take any number."
)
_HINT = (
    f"There is nothing to type here. The column {header_of(CHECK)} names what cannot be read of a client. The first "
    f"{FEWEST_PRINTED} clients are printed."
)
_ROW, _IS_CLIENT, _BEYOND = "row", "client", "clients beyond"
_SETTINGS_ROWS = 200
"""The rows of the Settings sheet that are looked through."""
_WIDTHS, _HIDDEN_WIDTH = {CHECK: 30.0}, 14.0
_COLUMNS = {column.name: get_column_letter(at) for at, column in enumerate(COLUMNS, 1)}
"""The column of each of the user's on the sheet Clients."""
_IN_SIGHT = ("Client", *LIVE, CHECK)

Formulas = Mapping[Area, str]
"""The formulas of a sheet: cells below each other share one, which is as the first of them has it."""


def write_live_tiers(book: Workbook, grading: Grading, position: int) -> dict[str, Formulas]:
    """Write the sheet into a workbook, and the hidden one with its figures at the end.

    Args:
        book: the workbook, with the sheets Clients and Settings.
        grading: the grading of its clients, whose tiers stand in the cells for those who cannot calculate them.
        position: the place of the sheet in the workbook.

    Returns:
        The formulas of both sheets, by title: a workbook that was saved takes them by :func:`add_formulas`.
    """
    formulas = _with_settings_found(live_formulas([column.field for column in COLUMNS]))
    texts = _texts(formulas)
    places = live.names(formulas, in_formulas(FIGURES)) | _columns([*texts])
    draft = Draft(book, places=places)
    writer = SheetWriter(draft)
    sheet = writer.sheet(_describe(grading, texts), TITLE, position)
    for column in range(len(_IN_SIGHT) + 1, len(texts) + 1):
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    for cell in (cell for row in sheet.iter_rows(HEADER_ROW + 1) for cell in row if cell.data_type == "s"):
        cell.data_type = "str"  # the text of a formula, not one that was typed
    writer.sheet(live.describe(formulas, places, "TODAY()"), FIGURES)
    first, of_figures = HEADER_ROW + 1, draft.formulas[FIGURES]
    of_tiers = {at: text for at, text in draft.formulas[TITLE].items() if at[0] <= first}
    rows = {first: HEADER_ROW + ROOM}
    return {
        TITLE: {Area(row, column, rows.get(row, row), column): text for (row, column), text in of_tiers.items()},
        FIGURES: {Area(row, column, row, column): text for (row, column), text in of_figures.items()},
    }


def add_formulas(sheet: Element, formulas: Formulas) -> None:
    """Put the formulas of a sheet beside the values of its cells."""
    cells = {coordinate_to_tuple(cell.get("r")): cell for cell in sheet.iter(f"{{{MAIN}}}c")}
    for number, (area, text) in enumerate(formulas.items()):
        shared = {"t": "shared", "si": str(number)} if area.bottom > area.top else {}
        for row in range(area.top, area.bottom + 1):
            formula = element("f", **shared)
            if row == area.top:
                formula.text = text
                formula.attrib.update({"ref": reference(area)} if shared else {})
            cells[row, area.left].insert(0, formula)


def _describe(grading: Grading, texts: Mapping[str, str]) -> Sheet:
    """The sheet, with its samples graded.

    Args:
        grading: the grading of the samples.
        texts: the formula of each column by its name.
    """
    spilled = live_tiers.describe(grading)
    (samples,) = spilled.tables
    graded = dict(zip(samples.headers, samples.columns, strict=True))
    columns = [
        replace(graded.get(name) or Column(header_of(name), _WIDTHS.get(name, _HIDDEN_WIDTH)), formula=text)
        for name, text in texts.items()
    ]
    values = [dict(zip(samples.headers, row, strict=True)) for row in samples.rows]
    rows = [tuple(of.get(name) for name in texts) for of in values + [{}] * (ROOM - len(values))]
    note = f'IF(⟨{_BEYOND}⟩>0,"{_CROWDED}","{_FOLLOW}")'
    return replace(
        spilled,
        tables=[Table(HEADER_ROW, columns, rows, header_style=samples.header_style)],
        notes=[],
        texts=[
            Cell(2, 1, _FOLLOW, "note", formula=note),
            *(Cell(row, 1, hint, "note") for row, hint in enumerate((_HINT, TOTALS), 3)),
        ],
        widths=[column.width for column in columns],
        print_rows=HEADER_ROW + FEWEST_PRINTED,
        is_protected=True,
    )


def _texts(formulas: LiveFormulas) -> dict[str, str]:
    """The formula of each column by its name: those in sight come first."""
    row = f"⟨{header_of(_ROW)}⟩"
    cells = {name: f"INDEX({_users(letter)},{row})" for name, letter in _COLUMNS.items()}
    own = f"INDEX({_users(*list(_COLUMNS.values())[:: len(_COLUMNS) - 1])},{row},0)"
    texts = {
        "Client": f'IF(⟨{_IS_CLIENT}⟩,⟨Client⟩&"","")',
        **{name: f'IF(⟨{_IS_CLIENT}⟩,{formulas.columns[name]},"")' for name in LIVE},
        CHECK: f'IF(⟨{_IS_CLIENT}⟩,{formulas.columns[CHECK]},"")',
        _ROW: f"ROW({_HEADER})+ROW()-ROW($A${HEADER_ROW})",
        _IS_CLIENT: f"(COUNTA({own})>0)*(⟨{_BEYOND}⟩=0)>0",
    }
    texts |= {name: text for name, text in formulas.columns.items() if name not in texts}

    def place(name: str) -> str:
        return cells.get(name) or f"⟨{header_of(name) if name in texts else name}⟩"

    return {name: placed(text, place) for name, text in texts.items()}


def _columns(names: Sequence[str]) -> dict[str, str]:
    """The columns of all clients: the user's, and those of the sheet with the tiers.

    Args:
        names: the names of its columns, in their order.
    """
    letters = {name: get_column_letter(column) for column, name in enumerate(names, 1)}
    rows = f"{HEADER_ROW + 1}:${{0}}${HEADER_ROW + ROOM}"
    own = {f"all {name}": f"{in_formulas(TITLE)}!${letter}${rows.format(letter)}" for name, letter in letters.items()}
    return own | {f"all {name}": _users(letter) for name, letter in _COLUMNS.items()}


def _with_settings_found(formulas: LiveFormulas) -> LiveFormulas:
    """The formulas, with those that find the settings, and how many clients there is no room for."""
    used = {name for text in formulas.figures.values() for name in references(text)}
    found = {cell_of(name): _found(name) for name in SETTINGS if cell_of(name) in used}
    all_names, last = _users("A"), f"INDEX({_users('A')},ROW({_HEADER})+{ROOM})"
    beyond = f"COUNTA({all_names})-COUNTA(INDEX({all_names},1):{last})"
    return replace(formulas, figures=found | dict(formulas.figures) | {_BEYOND: beyond})


def _found(setting: str) -> str:
    """The formula of what stands in the cell of a setting, which is found by its labels; an empty text for nothing."""
    section, name = (constant(label(part)).text for part in setting.split("."))
    labels, names, values = (f"{settings.TITLE}!${letter}$1:${letter}${_SETTINGS_ROWS}" for letter in "ABC")
    cell = f"INDEX({values},MATCH(1,INDEX(({labels}={section})*({names}={name}),0),0))"
    return f'IFERROR(IF({cell}="","",{cell}),"")'


_HEADER = f"{CLIENTS}!$A${CLIENTS_HEADER_ROW}"


def _users(first: str, last: str = "") -> str:
    """Columns of the sheet Clients, from top to bottom."""
    return f"{CLIENTS}!${first}:${last or first}"
