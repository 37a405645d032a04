"""The Settings sheet: the whole policy, editable, and how it is read back."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from pydantic import ValidationError

from tierxl.method.documented_settings import (
    Setting,
    choices_of,
    documented_settings,
    is_percent,
    value_of,
)
from tierxl.method.issues import Issue
from tierxl.method.plan.service import TIERS
from tierxl.method.policy import Policy, default_settings, faults_of
from tierxl.method.policy_sections import DATED, FORMER_SETTINGS, RHYTHM_IN_WORDS, is_rhythm_in_words
from tierxl.method.table import cells
from tierxl.sheets.cells import plain
from tierxl.sheets.description import Area, Cell, Column, Sheet, Table, Validation
from tierxl.sheets.lines import Value
from tierxl.sheets.numbers import numbers_of
from tierxl.sheets.wording import exact_style, former_label, height_of, label

TITLE = "Settings"
KIND = TITLE.lower()
_SETTINGS = (
    Column("Section", 22, "label"),
    Column("Setting", 29),
    Column("Value", 29, "input"),
    Column("What it does", 69, "wrapped"),
    Column("Source", 9),
)
_SERVICES_COLUMNS = tuple(
    Column(header, style="input-wrapped") for header in ("Service", *(f"Tier {tier}" for tier in TIERS))
)
_HEADERS = tuple(column.header for column in _SETTINGS)
_SERVICE_HEADERS = tuple(column.header for column in _SERVICES_COLUMNS)
_SOURCES = (
    "Sources: S0 why and when to tier clients; S1 revenue tiers, then up or down; S2 five ratings and six actions, "
    'after Lee B. Salz, "Sell Different!"; S3 service levels by segment, after Rosemary Smyth; tierxl: our own choice.'
)
_SOURCES_WIDTH = 150
_MAIN_TITLE = "What people change most. Of the weights the proportion counts: they need not add up to 100."
_MAIN = (("grading", "method"), ("tiers", "a_from"), ("tiers", "b_from"))
"""The settings that people change most, beside the weights."""
ADVANCED = "Advanced"
"""The title above all other settings."""
SERVICE = _SERVICE_HEADERS[0]
"""The header above the names of the services."""
_FIRST_ROW = 5
_ROWS_BETWEEN = 4
"""Rows from the last of a table to the first of the next one: a blank one, its title and its headers stand between."""
BLANK_ROWS = 3
"""The rows for new services."""
_SERVICES = "services"
_BY_LABEL = {
    (label(setting.section), text): setting
    for setting in documented_settings()
    for text in (label(setting.name), former_label(setting.name))
}
"""The settings by their labels, of this edition and of earlier ones."""
PERCENTS = {(setting.section, setting.name) for setting in documented_settings() if is_percent(setting)}
"""The section and the name of each setting that is shown in percent."""
_EXACT = 2**53
"""The number below which a whole number with decimals is exactly one without."""
_HOW = "Change the yellow cells, save, and grade again. A blank value takes the default."
_KEPT = "What cannot be used is red, with the reason beside it, and stays as you wrote it until you correct it."

Path = tuple[str, ...]
"""The names that lead to a setting in the policy."""


@dataclass(frozen=True)
class Unused:
    """A cell of a Settings sheet that cannot be used. It stays as the user typed it, at every grading.

    Attributes:
        issue: why it cannot be used, and where it stands.
        row, column: where it stands.
        line: the cells of its row.
        path: the setting, or the level of a default service, whose value it is. Only the first step of it, or none,
            where its whole row stays beside those that the sheet has: a row of no setting, or of no valid service.
    """

    issue: Issue
    row: int
    column: int
    line: Sequence[Value]
    path: Path = ()

    @property
    def value(self) -> Value:
        return self.line[self.column - 1]


@dataclass(frozen=True)
class SettingsRead:
    """A layer of settings over the default policy, read from a Settings sheet; what is wrong there, and stays there."""

    layer: dict[str, Any]
    issues: list[Issue]
    unused: Sequence[Unused] = ()


@dataclass(frozen=True)
class _Row:
    """A row of a table of the sheet, and the cells in it that are not used."""

    number: int
    values: tuple[Value, ...]
    unused: Sequence[Unused]

    @property
    def note(self) -> str:
        """Why cells of the row are not used; empty where all are."""
        return "; ".join(dict.fromkeys(f"Not used: {one.issue.message}" for one in self.unused))


def describe(policy: Policy, unused: Sequence[Unused] = ()) -> Sheet:
    """The policy as a sheet: the settings that people change most, the services, and all other settings below.

    Args:
        policy: the policy.
        unused: the cells of the sheet that this one takes the place of, which could not be used.
    """
    main, services, others = _rows(policy, unused)
    tables = [
        _table(main, _SETTINGS, _MAIN_TITLE),
        _table(services, _SERVICES_COLUMNS, "Services: add, change or remove rows. 4/yr, 30 min: how often, how long"),
        _table(others, _SETTINGS, ADVANCED),
    ]
    of_settings = {row.number: setting for row, setting in zip((*main, *others), _in_order(), strict=False)}
    percents = [
        Cell(row.number, 3, row.values[2], exact_style("input-percent", row.values[2]))
        for row in (*main, *others)
        if row.number in of_settings
        and is_percent(of_settings[row.number])
        and isinstance(row.values[2], int | float)
        and not row.unused
    ]
    return Sheet(
        TITLE,
        tables,
        [f"{_HOW} {_KEPT}" if unused else _HOW],
        [
            Cell(3, 1, _SOURCES, "wrapped", len(_SETTINGS)),
            *percents,
            *(Cell(row.number, len(_SERVICE_HEADERS) + 1, row.note, "unused-note") for row in services if row.note),
            *(cell for row in (*main, *services, *others) for cell in _marked(row)),
        ],
        validations=[
            Validation(Area(number, 3, number, 3), choices_of(setting))
            for number, setting in of_settings.items()
            if choices_of(setting) and "," not in choices_of(setting)  # a list of choices is written with commas
        ]
        + [
            Validation(Area(number, 3, number, 3), (), numbers=numbers)
            for number, setting in of_settings.items()
            if (numbers := numbers_of(setting))
        ],
        widths=tables[0].widths,
        heights={3: height_of(_SOURCES_WIDTH, _SOURCES)},
        tab="machine",
        freeze=(_FIRST_ROW + 1, 1),
    )


def places(policy: Policy, unused: Sequence[Unused] = ()) -> dict[str, Area]:
    """The cell of each setting on the sheet, by a name such as "weights.revenue"; and the "services", names and levels.

    Args:
        policy: the policy that is described.
        unused: see :func:`describe`.
    """
    main, services, others = _rows(policy, unused)
    of_settings = zip(_in_order(), (*main, *others), strict=False)
    cells_of = {f"{each.section}.{each.name}": Area(row.number, 3, row.number, 3) for each, row in of_settings}
    area = Area(services[0].number, 1, services[-1].number, len(_SERVICE_HEADERS))
    return cells_of | {_SERVICES: area}


def _table(rows: Sequence[_Row], columns: Sequence[Column], title: str) -> Table:
    """A table of rows that know their number; its headers stand above the first."""
    return Table(rows[0].number - 1, columns, [row.values for row in rows], title=title)


def moved(policy: Policy, unused: Sequence[Unused], title: str) -> dict[Issue, Issue]:
    """The issues of cells that are not used, each with the address of its cell on the sheet that is described.

    Args:
        policy: the policy that is described.
        unused: the cells.
        title: the sheet's name.
    """
    return {
        one.issue: replace(one.issue, cell=_address(title, row.number, one.column))
        for rows in _rows(policy, unused)
        for row in rows
        for one in row.unused
    }


def _is_main(setting: Setting) -> bool:
    """True for a setting that people change most: the method, the weights, and the cuts between the tiers."""
    return setting.section == "weights" or (setting.section, setting.name) in _MAIN


@cache
def _in_order() -> tuple[Setting, ...]:
    """Every setting, in the order of the sheet."""
    return tuple(sorted(documented_settings(), key=lambda setting: not _is_main(setting)))


def _rows(policy: Policy, unused: Sequence[Unused]) -> tuple[list[_Row], list[_Row], list[_Row]]:
    """The rows of the settings that people change most, of the services, and of the others."""
    count = sum(map(_is_main, _in_order()))
    main = _setting_rows(policy, unused, _in_order()[:count], _FIRST_ROW + 1)
    services = _service_rows(policy, unused, main[-1].number + _ROWS_BETWEEN)
    others = _setting_rows(policy, unused, _in_order()[count:], services[-1].number + _ROWS_BETWEEN)
    beside = _rows_beside(unused, (), others[-1].number + 1)
    others += [replace(row, values=(*row.values[:3], f"{row.note}.", None)) for row in beside]
    return main, services, others


def _setting_rows(policy: Policy, unused: Sequence[Unused], settings: Sequence[Setting], first: int) -> list[_Row]:
    """The rows of some settings, from a row on."""
    rows = []
    for number, setting in enumerate(settings, first):
        here = [one for one in unused if one.path == (setting.section, setting.name)]
        row = _Row(number, (), here)
        value = here[0].value if here else _shown(value_of(policy, setting))
        meaning = f"{row.note}. {setting.meaning}" if here else setting.meaning
        rows.append(replace(row, values=(label(setting.section), label(setting.name), value, meaning, setting.source)))
    return rows


def _service_rows(policy: Policy, unused: Sequence[Unused], first: int) -> list[_Row]:
    """The rows of the services from a row on, below them those that are left out, and blank ones for new services."""
    rows = []
    for number, (name, service) in enumerate(policy.services.items(), first):
        here = [one for one in unused if one.path[:2] == (_SERVICES, name)]
        typed = {one.path[2]: one.value for one in here}
        levels = (typed.get(tier, getattr(service, tier)) for tier in TIERS)
        rows.append(_Row(number, (name, *levels), here))
    beside = _rows_beside(unused, (_SERVICES,), rows[-1].number + 1)
    rows += [replace(row, values=row.values[: len(_SERVICE_HEADERS)]) for row in beside]
    blank = [None] * len(_SERVICE_HEADERS)
    return [*rows, *(_Row(rows[-1].number + at, tuple(blank), ()) for at in range(1, BLANK_ROWS + 1))]


def _rows_beside(unused: Sequence[Unused], path: Path, first: int) -> Iterator[_Row]:
    """The rows that stay as a whole, from a row on, in the order in which they stood."""
    kept = sorted((one for one in unused if one.path == path), key=lambda one: one.row)
    for number, (_, cells_of_row) in enumerate(groupby(kept, key=lambda one: one.row), first):
        here = list(cells_of_row)
        yield _Row(number, tuple(here[0].line), here)


def _marked(row: _Row) -> Iterator[Cell]:
    """The cells of a row that are not used, and its days, each in a style that keeps its value what it is."""
    wrong = {one.column: one for one in row.unused}
    for column, value in enumerate(row.values, 1):
        if isinstance(value, date):
            yield Cell(row.number, column, value, "unused-date")
        elif column in wrong:
            yield Cell(row.number, column, value, _style(wrong[column]))


def _style(one: Unused) -> str:
    if one.path[:1] == (_SERVICES,):
        return "unused-wrapped"
    return "unused-percent" if one.path in PERCENTS and not isinstance(one.value, str) else "unused"


# --- Reading ---------------------------------------------------------------------------------------------------------


def read(grid: Sequence[Sequence[Value]], title: str) -> SettingsRead:
    """Read a Settings sheet back.

    Args:
        grid: the cells of the sheet, row by row from its first cell; blanks are None or "".
        title: the sheet's name, for the issues.

    Returns:
        The settings, without those that are wrong: each of these is an issue that names the cell.
    """
    lines = [(number, [*map(_plain, row), *[None] * len(_HEADERS)]) for number, row in enumerate(grid, 1)]
    services_at = _place_of(lines, {_SERVICE_HEADERS[:2]})
    others_at = services_at + _place_of(lines[services_at:], {_HEADERS, *_BY_LABEL})
    reading = _Reading(title)
    reading.settings([*lines[:services_at], *lines[others_at:]])
    if services_at < len(lines):
        services = lines[services_at + 1 : others_at]
        headings = [line for line in services[-2:] if others_at < len(lines) and _is_heading(line)]
        reading.services([line for line in services if line not in headings])
    reading.leave_what_is_wrong()
    return SettingsRead(reading.layer, reading.issues, reading.unused)


_Line = tuple[int, Sequence[Value]]


@dataclass
class _Reading:
    """The settings on a Settings sheet, the cell of each, and what there cannot be used."""

    title: str
    layer: dict[str, Any] = field(default_factory=dict)
    cells: dict[Path, tuple[int, int, Sequence[Value]]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    unused: list[Unused] = field(default_factory=list)
    left: set[Path] = field(default_factory=set)

    def settings(self, lines: Sequence[_Line]) -> None:
        for number, row in lines:
            first, second, value = map(_text, row[:3])
            setting = _BY_LABEL.get((first, second))
            if setting is None:
                self._leave_row_of_no_setting(number, row)
            elif value and (setting.section, setting.name) in self.cells:
                self._leave((), number, 2, row, "appears more than once: the first one is used")
            elif value:
                self.layer.setdefault(setting.section, {})[setting.name] = _typed(row[2], setting.value)
                self.cells[setting.section, setting.name] = number, 3, row

    def services(self, lines: Sequence[_Line]) -> None:
        services: dict[str, Any] = {}
        for number, row in lines:
            name, *levels = map(_text, row[: len(_SERVICE_HEADERS)])
            if not name and any(levels):
                self._leave((_SERVICES,), number, 1, row, "these service levels belong to no service: name it")
            elif name in services:
                self._leave((_SERVICES,), number, 1, row, "appears more than once: the first one is used")
            elif name:
                services[name] = dict(zip(TIERS, levels, strict=True))
                for column, tier in enumerate(TIERS, 2):
                    self.cells[_SERVICES, name, tier] = number, column, row
        removed = dict.fromkeys(default_settings()[_SERVICES])
        for name in DATED:
            del removed[name]
            if name not in services:
                message = f'the service "{name}" carries due dates and must stay; the default is used'
                self.issues.append(Issue(message, cell=self.title))
        self.layer[_SERVICES] = removed | services

    def leave_what_is_wrong(self) -> None:
        """Take out of the layer what the policy does not take, until the rest holds together."""
        of_dated = [path for path in self.cells if path[0] == _SERVICES and path[1] in DATED]
        for path in of_dated:
            if is_rhythm_in_words(self.layer[_SERVICES][path[1]][path[2]]):
                self._leave_value(path, f"{RHYTHM_IN_WORDS}; the default is used")
        while True:
            try:
                Policy(**self.layer)
            except ValidationError as error:
                for fault in faults_of(error):
                    for path in self._cells_of(fault.path):
                        self._leave_value(path, f"{fault.expected}; the default is used")
            else:
                return

    def _leave_row_of_no_setting(self, number: int, row: Sequence[Value]) -> None:
        first, second, value = map(_text, row[:3])
        if (first, second) in {(label(section), label(name)) for section, name in FORMER_SETTINGS}:
            return
        if first and second and (first, second) != _HEADERS[:2]:
            self._leave((), number, 2, row, f"{first}, {second}: there is no such setting")
        elif value and not (first and second):
            self._leave((), number, 3, row, "belongs to no setting: write its section and its setting left of it")

    def _cells_of(self, path: Path) -> list[Path]:
        """The cells behind a wrong path that are used still: the setting, or those of a section that does not fit."""
        whole = [known for known in self.cells if path[: len(known)] == known]
        section = [known for known in self.cells if known[: len(path)] == path and not self._is_default(known)]
        return [known for known in whole or section or self.cells if known not in self.left]

    def _is_default(self, path: Path) -> bool:
        ours: Any = self.layer
        default: Any = default_settings()
        for step in path:
            ours, default = ours.get(step, {}), default.get(step, {})
        return bool(ours == default)

    def _leave_value(self, path: Path, message: str) -> None:
        """Leave a setting to its default. A service of the user's own has none, so it goes as a whole."""
        self.left.add(path)
        is_own = path[0] == _SERVICES and path[1] not in default_settings()[_SERVICES]
        self._leave((_SERVICES,) if is_own else path, *self.cells[path], message)
        if is_own:
            self.layer[_SERVICES].pop(path[1], None)
        elif path[0] == _SERVICES:
            self.layer[_SERVICES][path[1]].pop(path[2])
        else:
            self.layer[path[0]].pop(path[1])

    def _leave(self, path: Path, number: int, column: int, row: Sequence[Value], message: str) -> None:
        in_services = path[:1] == (_SERVICES,)
        issue = Issue(
            message,
            column=(_SERVICE_HEADERS if in_services else _HEADERS)[column - 1],
            value=cells.shown(row[column - 1]),
            cell=_address(self.title, number, column),
        )
        self.issues.append(issue)
        self.unused.append(Unused(issue, number, column, row, path))


def _place_of(lines: Sequence[_Line], beginnings: Collection[tuple[str, ...]]) -> int:
    """The first line that begins with one of some texts; behind the last line where there is none."""
    widths = {len(texts) for texts in beginnings}
    starts = (any(tuple(map(_text, row[:width])) in beginnings for width in widths) for _, row in lines)
    return next((at for at, is_there in enumerate(starts) if is_there), len(lines))


def _is_heading(line: _Line) -> bool:
    """True for the title and the headers above the other settings."""
    return tuple(map(_text, line[1][:2])) in ((ADVANCED, ""), _HEADERS[:2])


def _address(title: str, row: int, column: int) -> str:
    return f"{title}!{'ABCDE'[column - 1]}{row}"


def _shown(value: Any) -> Value:
    return "; ".join(value) if isinstance(value, list) else value


def _plain(value: Any) -> Value:
    """A cell as one that the sheet can hold."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    return plain(value)


def _typed(value: Value, default: Any) -> Any:
    if isinstance(default, list):
        return [option.strip() for option in str(value).split(";") if option.strip()]
    return value.strip() if isinstance(value, str) else value


def _text(value: Value) -> str:
    return "" if value is None else str(value).strip()
