"""The Settings sheet: the whole policy, editable, and how it is read back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from tierxl.method.issues import Issue
from tierxl.method.policy import (
    PERSONAL_CONTACT,
    REVIEW_MEETING,
    Policy,
    choices_of,
    default_settings,
    documented_settings,
    faults_of,
    is_percent,
)
from tierxl.method.service import TIERS
from tierxl.sheets.description import Cell, Choices, Sheet, Table, Value
from tierxl.sheets.wording import TITLE_HEIGHT, exact_style, label

KIND = "settings"
_HEADERS = ("Section", "Setting", "Value", "What it does", "Source")
_SERVICE_HEADERS = ("Service", *(f"Tier {tier}" for tier in TIERS))
_SOURCES = (
    "Sources: S0 why and when to tier clients; S1 revenue tiers, then up or down; S2 five ratings and six actions, "
    'after Lee B. Salz, "Sell Different!"; S3 service levels by segment, after Rosemary Smyth; tierxl: our own choice.'
)
_FIRST_ROW = 5


def describe(policy: Policy) -> Sheet:
    """The policy as a sheet."""
    settings = Table(
        _FIRST_ROW,
        1,
        _HEADERS,
        [
            (
                label(setting.section),
                label(setting.name),
                _shown(getattr(getattr(policy, setting.section), setting.name)),
                setting.meaning,
                setting.source,
            )
            for setting in documented_settings()
        ],
        ["label", "text", "input", "wrapped", "text"],
    )
    services = Table(
        settings.area.bottom + 3,
        1,
        _SERVICE_HEADERS,
        [(name, *(getattr(service, tier) for tier in TIERS)) for name, service in policy.services.items()],
        ["input-wrapped"] * 4,
    )
    percents = [
        Cell(row, 3, line[2], exact_style("input-percent", line[2]))
        for row, (setting, line) in enumerate(zip(documented_settings(), settings.rows, strict=True), _FIRST_ROW + 1)
        if is_percent(setting) and isinstance(line[2], int | float)
    ]
    return Sheet(
        kind=KIND,
        title="Settings",
        cells=(
            Cell(1, 1, "Settings", "title"),
            Cell(2, 1, "Change the yellow cells, save, and grade again. A blank value takes the default.", "note"),
            Cell(3, 1, _SOURCES, "note"),
            *percents,
            Cell(
                services.row - 1,
                1,
                "Services: add, change or remove rows. 4/yr, 30 min: how often, how long",
                "section",
            ),
        ),
        tables=(settings, services),
        choices=[
            Choices(settings.column_area("Value").row(row), choices_of(setting))
            for row, setting in enumerate(documented_settings())
            if choices_of(setting) and "," not in choices_of(setting)  # a list of choices is written with commas
        ],
        heights={1: TITLE_HEIGHT},
        widths=(28, 40, 40, 92, 10),
        freeze=(_FIRST_ROW + 1, 1),
    )


@dataclass(frozen=True)
class SettingsRead:
    """What a Settings sheet says: a layer of settings over the default policy, and what is wrong in it."""

    layer: dict[str, Any]
    issues: list[Issue]


def read(grid: Sequence[Sequence[Value]], title: str) -> SettingsRead:
    """Read a Settings sheet back.

    Args:
        grid: the cells of the sheet, row by row from its first cell; blanks are None or "".
        title: the sheet's name, for the issues.

    Returns:
        The settings, without those that are wrong: each of these is an issue that names the cell.
    """
    found = _found(grid, title)
    layer, cells, issues = found.layer, found.cells, found.issues
    while True:
        try:
            Policy(**layer)
        except ValidationError as error:
            for fault in faults_of(error):
                wrong = _cells_of(fault.path, cells) or [()]
                for path in wrong:
                    _remove(layer, path)
                    issues.append(
                        Issue(
                            f"{fault.expected}; the default is used",
                            column="Value",
                            value="" if fault.value is None or isinstance(fault.value, dict) else str(fault.value),
                            cell=cells.get(path, title),
                        )
                    )
                if wrong == [()]:
                    return SettingsRead({}, issues)
        else:
            return SettingsRead(layer, issues)


Path = tuple[str, ...]
_Line = tuple[int, Sequence[Value]]


@dataclass
class _Found:
    """What stands on a Settings sheet: the settings, the cell of each, and the rows that make no sense."""

    title: str
    layer: dict[str, Any] = field(default_factory=dict)
    cells: dict[Path, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def settings(self, lines: Sequence[_Line]) -> None:
        names = {(label(setting.section), label(setting.name)): setting for setting in documented_settings()}
        for number, row in lines:
            first, second, value = _text(row[0]), _text(row[1]), row[2]
            setting = names.get((first, second))
            if setting is None and first and second:
                self.issues.append(
                    Issue(f"{first}, {second}: there is no such setting", cell=f"{self.title}!B{number}")
                )
            elif setting is not None and _text(value):
                self.layer.setdefault(setting.section, {})[setting.name] = _typed(value, setting.value)
                self.cells[setting.section, setting.name] = f"{self.title}!C{number}"

    def services(self, lines: Sequence[_Line]) -> None:
        found: dict[str, Any] = {}
        for number, row in lines:
            name = _text(row[0])
            place = f"{self.title}!A{number}"
            if not name and any(_text(cell) for cell in row[1 : len(TIERS) + 1]):
                self.issues.append(Issue("these service levels belong to no service: name it", cell=place))
            elif name in found:
                self.issues.append(Issue(f"{name} stands more than once: the first one is used", cell=place))
            elif name:
                found[name] = {tier: _text(row[at]) for at, tier in enumerate(TIERS, 1)}
                for column, tier in zip("BCD", TIERS, strict=True):
                    self.cells["services", name, tier] = f"{self.title}!{column}{number}"
        removed = dict.fromkeys(default_settings()["services"])
        for name in (REVIEW_MEETING, PERSONAL_CONTACT):
            del removed[name]
            if name not in found:
                message = f'the service "{name}" carries due dates and must stay; the default is used'
                self.issues.append(Issue(message, cell=self.title))
        self.layer["services"] = removed | found


def _found(grid: Sequence[Sequence[Value]], title: str) -> _Found:
    """The settings and the services of a grid, each below its header row."""
    lines = [(number, [*row, *[None] * len(_HEADERS)]) for number, row in enumerate(grid, 1)]
    tops = [(_text(row[0]), _text(row[1])) for _, row in lines]
    settings_at = _place_of(_HEADERS, tops)
    services_at = _place_of(_SERVICE_HEADERS, tops)
    found = _Found(title)
    found.settings(lines[settings_at + 1 : services_at])
    if services_at < len(lines):
        found.services(lines[services_at + 1 :])
    return found


def _place_of(headers: tuple[str, ...], tops: list[tuple[str, str]]) -> int:
    """The line of a header row; behind the last line where there is none."""
    return next((at for at, top in enumerate(tops) if top == headers[:2]), len(tops))


def _cells_of(path: Path, cells: dict[Path, str]) -> list[Path]:
    """The cells behind a wrong path: the setting itself, or every cell of a section that does not hold together."""
    whole = [known for known in cells if path[: len(known)] == known]
    return whole or [known for known in cells if known[: len(path)] == path and path]


def _remove(layer: dict[str, Any], path: Path) -> None:
    """Leave a setting to its default. A service of the user's own has none, so it goes as a whole."""
    if path[:1] == ("services",) and path[1] not in default_settings()["services"]:
        path = path[:2]
    for step in path[:-1]:
        layer = layer.get(step, {})
    if path:
        layer.pop(path[-1], None)


def _shown(value: Any) -> Value:
    return "; ".join(value) if isinstance(value, list) else value


def _typed(value: Value, default: Any) -> Any:
    if isinstance(default, list):
        return [option.strip() for option in str(value).split(";") if option.strip()]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.strip() if isinstance(value, str) else value


def _text(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
