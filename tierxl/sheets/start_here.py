"""The Start here sheet: what the workbook is, three steps, and what to do when the buttons do nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from tierxl.sheets import OWN_TITLES, account_managers, clients, live_tiers
from tierxl.sheets.description import Cell, Column, Sheet, Table

TITLE = "Start here"
_NOTE = "Grades your clients A, B or C, says why, and plans what each of them gets."
_WIDTHS = (30, 84, 46)
_STYLES = ("label", "wrapped", "wrapped")

_PASTE = (
    "On the sheet Clients, delete the sample rows and paste your own clients, as values. Client and Revenue must be "
    "filled in; each further column that you know makes the grades better."
)
_PRESS = (
    "It is on the ribbon's tab Client tiers, and on the sheet Clients. Tier, action and reasons appear right of your "
    "columns, and the sheets behind are made anew."
)
_GRADE = (
    'In a terminal, in the folder of this workbook: tierxl grade "Client Tiers.xlsx". The result is the workbook '
    "Client Tiers-graded.xlsx: tier, action and reasons right of your columns, and the sheets behind made anew."
)
_READ = (
    "The sheet Engagement plan says who is due for a review meeting or a call, and what each tier gets. The column Why "
    "says how each client came to its tier; the sheet Checks, what looks wrong in your data."
)
_STEPS = {"1  Paste your clients": _PASTE, "2  Press Grade clients": _PRESS, "3  Read the plan": _READ}
_STEPS_WITHOUT_MACROS = {
    "1  Paste your clients": f"{_PASTE} Save and close the workbook.",
    "2  Grade the clients": _GRADE,
    "3  Read the plan": _READ,
}
_MANAGERS = (
    "Who looks after the clients, and the hours that they have for them in a year. The sheet "
    "Capacity compares these with what the clients need."
)
_SHEETS = {
    clients.TITLE: "Your clients, one row each. It is the only sheet that you have to fill in.",
    live_tiers.TITLE: "The tiers as formulas, which follow each change on the sheets Clients and Settings at once.",
    OWN_TITLES["engagement plan"]: "What each tier gets, who is due for a review meeting or a call, and the way out.",
    OWN_TITLES["neglected clients"]: "Who waits for personal contact longer than the tier allows, and with whom.",
    OWN_TITLES["portfolio"]: "Should you tier your clients at all? Clients and revenue by tier, with charts.",
    OWN_TITLES["tier matrix"]: "The five ratings, the score and the tier of each client, side by side.",
    OWN_TITLES["shed list"]: "The clients to part with, and those that are held although the rule applies to them.",
    OWN_TITLES["capacity"]: "Hours that the clients need, against those that the account managers have.",
    OWN_TITLES["movers"]: "Who has moved up or down since the grading before, what changed, and the tiers over time.",
    OWN_TITLES["checks"]: "What looks wrong in your data, with the cell to mend.",
    account_managers.TITLE: _MANAGERS,
    OWN_TITLES["settings"]: "Every number and switch of the method. Change the yellow cells.",
    OWN_TITLES["history"]: "What each grading found, one line a client and a day.",
}
_SHEETS_WITHOUT_MACROS = _SHEETS | {
    live_tiers.TITLE: "The tiers of the samples, as the formulas of the workbook Client Tiers.xlsm show them."
}
_ONLINE = (
    'The sheets can be read and filled in. Grade with the command: tierxl grade "Client Tiers.xlsm" -o Graded.xlsx'
)
_HOSTS = {
    "Excel for Windows": "Everything: the tab Client tiers, the button on the sheet Clients, and the functions.",
    "Excel for Mac": "The tab and the button. The functions do not run there: press Grade clients instead.",
    "LibreOffice Calc": "With tierxl's extension: the menu and the toolbar Client tiers, and the functions.",
    "Excel online": _ONLINE,
}
_UNBLOCK = (
    "Press Enable Editing and Enable Content, where the bar offers them. Else close the workbook, find the file in "
    "Windows Explorer, press the right mouse button, choose Properties, tick Unblock, press OK, and open it again."
)
_TRUST = (
    "Your firm blocks macros in this folder. Ask your IT department for a trusted folder, and open the workbook there."
)
_FRESH = (
    "Another program has saved the workbook, and left the tab out. Take a fresh copy of Client Tiers.xlsm, and paste "
    "your clients there."
)
_CURES = {
    "A bar says: macros are off": _UNBLOCK,
    "Excel cannot run the macro": _TRUST,
    "There is no tab Client tiers": _FRESH,
    "A button answers with an error": "Open a terminal and run: tierxl doctor. It says what is missing, and the cure.",
}
_NO_MACROS = (
    "This workbook has no macros: no buttons, and no functions. The workbook Client Tiers.xlsm has them.",
    "Teams that may not use macros grade with the command tierxl; the grades are the same.",
    "In LibreOffice Calc, tierxl's extension brings the menu Client tiers with Grade clients, and the functions.",
)


@dataclass(frozen=True)
class FunctionHelp:
    """A worksheet function as a user looks it up: its name, what it answers, and the names of its arguments."""

    name: str
    answers: str
    arguments: str


def describe(functions: Sequence[FunctionHelp], *, has_macros: bool) -> Sheet:
    """The sheet of the template with macros, or of the one without."""
    steps, sheets = (_STEPS, _SHEETS) if has_macros else (_STEPS_WITHOUT_MACROS, _SHEETS_WITHOUT_MACROS)
    helped = [(function.name, function.answers, function.arguments) for function in functions]
    contents: list[tuple[str, tuple[str, ...], Sequence[tuple[str, ...]]]] = [
        ("Three steps", ("Step", "What to do"), list(steps.items())),
        ("What each sheet shows", ("Sheet", "What it shows"), list(sheets.items())),
    ]
    if has_macros:
        contents += [
            (
                "Functions for cells of your own, in Excel for Windows",
                ("Function", "What it answers", "Arguments"),
                helped,
            ),
            ("What runs where", ("Where", "What runs"), list(_HOSTS.items())),
            ("If the buttons do nothing", ("What you see", "What to do"), list(_CURES.items())),
        ]
    tables: list[Table] = []
    row = 5
    for title, headers, rows in contents:
        columns = [Column(header, style=style) for header, style in zip(headers, _STYLES, strict=False)]
        tables.append(Table(row, columns, rows, title=title))
        row = tables[-1].bottom + 3
    texts = [
        Cell(at, 1, line[0], "link")
        for table in tables
        for at, line in enumerate(table.rows, table.row + 1)
        if line[0] in sheets
    ]
    if not has_macros:
        texts.append(Cell(row - 1, 1, "Macros", "section"))
        texts += [Cell(at, 1, sentence) for at, sentence in enumerate(_NO_MACROS, row)]
    return Sheet(TITLE, tables, [_NOTE], texts, heading="Client tiers", widths=_WIDTHS)


def links(sheet: Sheet) -> dict[tuple[int, int], str]:
    """The cells of the sheet that lead to another one: row and column to the other's title."""
    return {(cell.row, cell.column): str(cell.value) for cell in sheet.cells if cell.style == "link"}
