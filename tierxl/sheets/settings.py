"""The Settings sheet: the whole policy, editable, and how it is read back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any

from pydantic import ValidationError

from tierxl.method.documented_settings import choices_of, documented_settings, is_percent, value_of
from tierxl.method.issues import Issue
from tierxl.method.plan.service import TIERS
from tierxl.method.policy import Policy, default_settings, faults_of
from tierxl.method.policy_sections import FORMER_SETTINGS, PERSONAL_CONTACT, REVIEW_MEETING
from tierxl.method.table import cells
from tierxl.sheets.cells import plain
from tierxl.sheets.description import Cell, Column, Sheet, Table, Validation, Value
from tierxl.sheets.wording import exact_style, label

TITLE = "Settings"
KIND = TITLE.lower()
_SETTINGS = (
    Column("Section", 28, "label"),
    Column("Setting", 40),
    Column("Value", 40, "input"),
    Column("What it does", 92, "wrapped"),
    Column("Source", 10),
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
_FIRST_ROW = 5
_SERVICES = "services"
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
    """The policy as a sheet.

    Args:
        policy: the policy.
        unused: the cells of the sheet that this one takes the place of, which could not be used.
    """
    setting_rows, service_rows = _setting_rows(policy, unused), _service_rows(policy, unused)
    settings = Table(_FIRST_ROW, _SETTINGS, [row.values for row in setting_rows])
    services = Table(
        service_rows[0].number - 1,
        _SERVICES_COLUMNS,
        [row.values for row in service_rows],
        title="Services: add, change or remove rows. 4/yr, 30 min: how often, how long",
    )
    percents = [
        Cell(row.number, 3, row.values[2], exact_style("input-percent", row.values[2]))
        for row, setting in zip(setting_rows, documented_settings(), strict=False)
        if is_percent(setting) and isinstance(row.values[2], int | float) and not row.unused
    ]
    return Sheet(
        TITLE,
        [settings, services],
        [f"{_HOW} {_KEPT}" if unused else _HOW, _SOURCES],
        [
            *percents,
            *(Cell(row.number, len(_SERVICE_HEADERS) + 1, row.note, "unused-note") for row in service_rows if row.note),
            *(cell for row in (*setting_rows, *service_rows) for cell in _marked(row)),
        ],
        validations=[
            Validation(settings.column_area("Value").row(row), choices_of(setting))
            for row, setting in enumerate(documented_settings())
            if choices_of(setting) and "," not in choices_of(setting)  # a list of choices is written with commas
        ],
        widths=settings.widths,
        tab="machine",
        freeze=(_FIRST_ROW + 1, 1),
    )


def moved(policy: Policy, unused: Sequence[Unused], title: str) -> dict[Issue, Issue]:
    """The issues of cells that are not used, each with the address of its cell on the sheet that is described.

    Args:
        policy: the policy that is described.
        unused: the cells.
        title: the sheet's name.
    """
    return {
        one.issue: replace(one.issue, cell=_address(title, row.number, one.column))
        for row in (*_setting_rows(policy, unused), *_service_rows(policy, unused))
        for one in row.unused
    }


def _setting_rows(policy: Policy, unused: Sequence[Unused]) -> list[_Row]:
    """The rows of the settings, and below them those that name none."""
    rows = []
    for number, setting in enumerate(documented_settings(), _FIRST_ROW + 1):
        here = [one for one in unused if one.path == (setting.section, setting.name)]
        row = _Row(number, (), here)
        value = here[0].value if here else _shown(value_of(policy, setting))
        meaning = f"{row.note}. {setting.meaning}" if here else setting.meaning
        rows.append(replace(row, values=(label(setting.section), label(setting.name), value, meaning, setting.source)))
    beside = _rows_beside(unused, (), rows[-1].number + 1)
    return [*rows, *(replace(row, values=(*row.values[:3], f"{row.note}.", None)) for row in beside)]


def _service_rows(policy: Policy, unused: Sequence[Unused]) -> list[_Row]:
    """The rows of the services, and below them those that are left out."""
    rows = []
    top = len(documented_settings()) + len({one.row for one in unused if one.path == ()}) + _FIRST_ROW + 4
    for number, (name, service) in enumerate(policy.services.items(), top):
        here = [one for one in unused if one.path[:2] == (_SERVICES, name)]
        typed = {one.path[2]: one.value for one in here}
        levels = (typed.get(tier, getattr(service, tier)) for tier in TIERS)
        rows.append(_Row(number, (name, *levels), here))
    beside = _rows_beside(unused, (_SERVICES,), rows[-1].number + 1)
    return [*rows, *(replace(row, values=row.values[: len(_SERVICE_HEADERS)]) for row in beside)]


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
    percents = {(setting.section, setting.name) for setting in documented_settings() if is_percent(setting)}
    return "unused-percent" if one.path in percents and not isinstance(one.value, str) else "unused"


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
    services_at = _place_of(_SERVICE_HEADERS, lines)
    reading = _Reading(title)
    reading.settings(lines[:services_at])
    if services_at < len(lines):
        reading.services(lines[services_at + 1 :])
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
        by_label = {(label(setting.section), label(setting.name)): setting for setting in documented_settings()}
        for number, row in lines:
            first, second, value = map(_text, row[:3])
            setting = by_label.get((first, second))
            if setting is None:
                self._leave_row_of_no_setting(number, row)
            elif value and (setting.section, setting.name) in self.cells:
                self._leave((), number, 2, row, f"{second} appears more than once: the first one is used")
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
                self._leave((_SERVICES,), number, 1, row, f"{name} appears more than once: the first one is used")
            elif name:
                services[name] = dict(zip(TIERS, levels, strict=True))
                for column, tier in enumerate(TIERS, 2):
                    self.cells[_SERVICES, name, tier] = number, column, row
        removed = dict.fromkeys(default_settings()[_SERVICES])
        for name in (REVIEW_MEETING, PERSONAL_CONTACT):
            del removed[name]
            if name not in services:
                message = f'the service "{name}" carries due dates and must stay; the default is used'
                self.issues.append(Issue(message, cell=self.title))
        self.layer[_SERVICES] = removed | services

    def leave_what_is_wrong(self) -> None:
        """Take out of the layer what the policy does not take, until the rest holds together."""
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


def _place_of(headers: tuple[str, ...], lines: Sequence[_Line]) -> int:
    """The line of a header row; behind the last line where there is none."""
    return next((at for at, (_, row) in enumerate(lines) if tuple(map(_text, row[:2])) == headers[:2]), len(lines))


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
