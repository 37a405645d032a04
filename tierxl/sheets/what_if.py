"""The What if sheet: what another policy would change, and which settings the tiers hang on."""

from collections.abc import Iterator, Sequence
from typing import Any

import narwhals as nw

from tierxl.method.plan.what_if import Comparison, Sensitivity, Trial
from tierxl.method.policy import Policy, documented_settings, is_percent
from tierxl.method.rating.figures import PERCENT, exactly
from tierxl.method.rating.grading import Grading
from tierxl.method.words import counted
from tierxl.sheets.description import LAST_ROW, Area, Cell, Chart, Colouring, Lines, Series, Sheet, Table, Value
from tierxl.sheets.styles import ACTION_STYLES, TIER_STYLES
from tierxl.sheets.wording import TITLE_HEIGHT, exact_style, label, style_beside, too_long

KIND, TITLE = "what if", "What if"
_WIDTHS = (32, 18, 13, 10, 12, 11, 11, 11, 16, 16, 54)
_CLIENT_COLUMNS = (
    ("Client", "client", "text"),
    ("Account manager", "account_manager", "text"),
    ("Revenue", "revenue", "money"),
    ("From", "tier_before", "tier"),
    ("To", "tier_after", "tier"),
    ("Score now", "score_before", "score"),
    ("Score then", "score_after", "score"),
    ("Hours", "hours", "change"),
    ("Action now", "action_before", "centred"),
    ("Action then", "action_after", "centred"),
    ("Why", "why", "wrapped"),
)
_TRIED = ("Tried", "Clients", "Revenue", "Hours")
_LOWER, _HIGHER = 3, 7
"""Where the columns of the lower and of the higher value begin."""
_FIRST_ROW = 5
_CHART_COLUMN, _CHART_ROWS = 6, 24
"""Beside a comparison the chart stands right of it, and takes so many rows."""
_PERCENTS = {(setting.section, setting.name) for setting in documented_settings() if is_percent(setting)}


def describe(grading: Grading, found: Sequence[Sensitivity], comparison: Comparison | None) -> Sheet:
    """The sheet of a graded portfolio.

    Args:
        grading: the grading in force.
        found: what it hangs on.
        comparison: it beside the grading that is tried, if one is.
    """
    cells = [
        Cell(1, 1, TITLE, "title"),
        Cell(2, 1, f"As of {grading.as_of:%Y-%m-%d}. Nothing of this is applied: the tiers in this workbook follow the "
                   "settings in force.", "note"),
        Cell(3, 1, "The command tierxl whatif makes this sheet anew; a grading leaves it as it is.", "note"),
    ]  # fmt: skip
    tables: list[Table] = []
    colourings: list[Colouring] = []
    row, chart_at = _FIRST_ROW, (_FIRST_ROW, _CHART_COLUMN)
    if comparison:
        tables = [*_compared(comparison, row)]
        cells += _headings(comparison, tables)
        cells += _shares_tried(comparison, tables[0])
        colourings += _of_tiers(tables[-1])
        row = max(tables[-1].area.bottom + 2, _FIRST_ROW + _CHART_ROWS)
    hangs = _sensitivity(found, row + 3)
    cells += _sensitivity_cells(grading, found, hangs)
    tables.append(hangs)
    row = hangs.area.bottom + 2
    if comparison:
        clients = _clients(comparison, row + 1)
        cells.append(Cell(row, 1, _who(comparison, len(clients.rows)), "section"))
        tables.append(clients)
        colourings += _of_tiers(clients)
        colourings += [Colouring(clients.column_area(f"Action {when}"), ACTION_STYLES) for when in ("now", "then")]
    else:
        chart_at = row, 1
    return Sheet(
        kind=KIND,
        title=TITLE,
        cells=cells,
        tables=tables,
        colourings=colourings,
        charts=[_chart(grading, hangs, *chart_at)] if found else [],
        widths=_WIDTHS,
        heights={1: TITLE_HEIGHT},
    )


def setting_name(section: str, setting: str) -> str:
    """A setting as people find it on the Settings sheet; a service with its tier."""
    return f"{label(section)}: {label(setting)}" if section in Policy.model_fields else f"{section}: {setting}"


def sentence(comparison: Comparison) -> str:
    """What comes of a trial."""
    if not comparison.settings:
        return "What is tried is in force already: nothing changes."
    clients = comparison.clients
    if not clients:
        moved = "No client changes tier"
    else:
        verb = "changes" if clients == 1 else "change"
        moved = f"{counted(clients, 'client')}, with {comparison.revenue:,.0f} of revenue, {verb} tier"
    hours = abs(comparison.hours)
    effect = "costs" if comparison.hours > 0 else "frees"
    return (
        f"{moved}. It {effect} {hours:,.0f} team hours a year."
        if hours >= 1
        else f"{moved}. The team's hours stay as they are."
    )


def dependence(found: Sequence[Sensitivity]) -> str:
    """What the tiers hang on most."""
    if not found or not found[0].clients:
        return "No client changes tier, whichever of these settings is turned."
    first = found[0]
    name = setting_name(first.parameter.section, first.parameter.setting)
    verb = "changes" if first.clients == 1 else "change"
    return f"Most hangs on {name}: up to {counted(first.clients, 'client')} {verb} tier."


def figures(comparison: Comparison) -> list[tuple[str, float, float, float]]:
    """The figures of both policies, and what the one that is tried has more."""
    before, after = comparison.before, comparison.after
    tiers = [tier for tier in before.clients if before.clients[tier] or after.clients[tier]]
    lines: list[tuple[str, float, float]] = [
        *((f"{_tier(tier)}: clients", before.clients[tier], after.clients[tier]) for tier in tiers),
        *((f"{_tier(tier)}: revenue", before.revenue[tier], after.revenue[tier]) for tier in tiers),
        ("Clients to shed", before.to_shed, after.to_shed),
        ("Team hours a year", before.hours, after.hours),
    ]
    return [(name, now, then, then - now) for name, now, then in lines]


def as_text(section: str, setting: str, value: Any) -> str:
    """The value of a setting, as text."""
    if not isinstance(value, int | float):
        return str(_shown(value))
    return exactly(value, unit=PERCENT).replace("%", " %") if _is_share(section, setting) else exactly(value)


def _is_share(section: str, setting: str) -> bool:
    return (section, setting) in _PERCENTS


def _compared(comparison: Comparison, row: int) -> Iterator[Table]:
    settings = Table(
        row + 1,
        1,
        ("Setting", "Now", "Tried"),
        [
            (setting_name(it.section, it.setting), _shown(it.before), _shown(it.after))
            for it in comparison.settings
        ],
        ["label", "wrapped", "wrapped"],
    )  # fmt: skip
    side_by_side = Table(
        settings.area.bottom + 3,
        1,
        ("Figure", "Now", "Tried", "Change"),
        figures(comparison),
        ["label", "money", "money", "change"],
    )
    shifts = Table(
        side_by_side.area.bottom + 3,
        1,
        ("From", "To", "Clients", "Revenue"),
        [(shift.before, shift.after, shift.clients, shift.revenue) for shift in comparison.shifts],
        ["tier", "tier", "count", "money"],
    )
    yield from (settings, side_by_side, shifts)


def _of_tiers(table: Table) -> list[Colouring]:
    return [Colouring(table.column_area(header), TIER_STYLES) for header in ("From", "To")]


def _headings(comparison: Comparison, tables: Sequence[Table]) -> Iterator[Cell]:
    words = ("What is tried", "Side by side", sentence(comparison))
    for table, said in zip(tables, words, strict=True):
        yield Cell(table.row - 1, 1, said, "section")


def _shares_tried(comparison: Comparison, table: Table) -> Iterator[Cell]:
    """The shares among the settings, as percent."""
    for row, difference in enumerate(comparison.settings, table.row + 1):
        for column, value in enumerate((difference.before, difference.after), table.column + 1):
            if _is_share(difference.section, difference.setting) and not isinstance(value, str):
                yield Cell(row, column, value, exact_style("share", value))


def _sensitivity(found: Sequence[Sensitivity], row: int) -> Table:
    return Table(
        row,
        1,
        ("Setting", "Now", *_TRIED, *_TRIED),
        [
            (setting_name(it.parameter.section, it.parameter.setting), it.value, *_effect(it.less), *_effect(it.more))
            for it in found
        ],
        ["label", "figure", *["figure", "count", "money", "change"] * 2],
    )


def _effect(trial: Trial | None) -> tuple[Value, ...]:
    return (trial.value, trial.clients, trial.revenue, trial.hours) if trial else ("not possible", None, None, None)


def _sensitivity_cells(grading: Grading, found: Sequence[Sensitivity], table: Table) -> Iterator[Cell]:
    step = _step(grading)
    yield Cell(table.row - 3, 1, dependence(found), "section")
    yield Cell(
        table.row - 2,
        1,
        f"Each weight and each cut is tried alone, {step} lower and higher than now: the clients and the revenue that "
        "change tier, and the team hours a year that it costs, or frees where they are below 0.",
        "note",
    )
    for column, words in ((_LOWER, f"{step} lower"), (_HIGHER, f"{step} higher")):
        yield Cell(table.row - 1, column, words, "header-center", len(_TRIED))
    for row, it in enumerate(found, table.row + 1):
        if _is_share(it.parameter.section, it.parameter.setting):
            yield Cell(row, 2, it.value, exact_style("percent", it.value))
            for column, trial in ((_LOWER, it.less), (_HIGHER, it.more)):
                if trial:
                    yield Cell(row, column, trial.value, exact_style("percent", trial.value))


def _chart(grading: Grading, table: Table, row: int, column: int) -> Chart:
    step = _step(grading)
    names, lower, higher = (Area(table.row + 1, at, table.area.bottom, at) for at in (1, _LOWER + 1, _HIGHER + 1))

    return Chart(
        "bars",
        "Clients that change tier, by the setting that is turned",
        row,
        column,
        (
            Series(f"{step} lower", names, lower, "point-c"),
            Series(f"{step} higher", names, higher, "tier-a"),
        ),
        "",
        "Clients that change tier",
        width=22,
        height=10.5,
    )


def _clients(comparison: Comparison, row: int) -> Table:
    moved = comparison.moved.select(nw.col(field).alias(header) for header, field, _ in _CLIENT_COLUMNS)
    moved = moved.sort("Revenue", "Client", descending=[True, False]).head(LAST_ROW - row)
    styles = {header: style for header, _, style in _CLIENT_COLUMNS}
    for header, cuts in zip(("Score now", "Score then"), comparison.score_cuts, strict=True):
        styles[header] = style_beside(styles[header], moved, header, cuts)
    return Table(
        row,
        1,
        [header for header, _, _ in _CLIENT_COLUMNS],
        Lines(moved),
        list(styles.values()),
        name="What_if" if len(moved) else "",
    )


def _who(comparison: Comparison, shown: int) -> str:
    return f"Who changes tier, the most revenue first{too_long(shown, comparison.clients)}"


def _step(grading: Grading) -> str:
    return f"{grading.policy.sensitivity.step * 100:.10g} %"


def _tier(name: str) -> str:
    return name if name == "Not graded" else f"Tier {name}"


def _shown(value: Any) -> Value:
    """A setting as text or number; a service that a policy does not have is "none"."""
    return "none" if value is None else "; ".join(value) if isinstance(value, list) else value
