"""The What if sheet: what another policy would change, and which settings the tiers hang on."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tierxl.method.money import money_text
from tierxl.method.plan.parameters import Parameter
from tierxl.method.plan.what_if import Comparison, Difference, Sensitivity
from tierxl.method.policy import Policy
from tierxl.method.rating.figures import PERCENT, exactly
from tierxl.method.rating.grading import Grading
from tierxl.method.words import counted, in_words, plural, whole
from tierxl.sheets.description import Area, Cell, Chart, Column, Series, Sheet, Table
from tierxl.sheets.lines import Value
from tierxl.sheets.settings import PERCENTS
from tierxl.sheets.styles import ACTION_STYLES, TIER_STYLES
from tierxl.sheets.wording import exact_style, label, tier_label

TITLE = "What if"
KIND = TITLE.lower()
_NOTES = (
    "Updated {}. Nothing here is applied: the tiers in this workbook follow the current settings.",
    "The command tierxl whatif updates this sheet; grading leaves it as it is.",
)


def setting_name(setting: Parameter | Difference) -> str:
    """A setting as people find it on the Settings sheet; a service with its tier."""
    section, name = setting.section, setting.setting
    return f"{label(section)}: {label(name)}" if section in Policy.model_fields else f"{section}: {name}"


def setting_text(setting: Parameter | Difference, value: Any) -> str:
    """The value of a setting, as text."""
    if not isinstance(value, int | float):
        return str(_shown(value))
    return exactly(value, unit=PERCENT).replace("%", " %") if _is_share(setting) else exactly(value)


def _is_share(setting: Parameter | Difference) -> bool:
    return (setting.section, setting.setting) in PERCENTS


def _shown(value: Any) -> Value:
    """A setting as text or number; a service that a policy does not have is "none"."""
    return "none" if value is None else "; ".join(value) if isinstance(value, list) else value


def _trial(side: str) -> list[Column]:
    """The columns of a trial: the value that is tried lower, or higher, and what it changes."""

    def of(name: str, missing: Value = None) -> Callable[[Sensitivity], Value]:
        return lambda it: getattr(getattr(it, side), name, missing)

    return [
        Column("Tried", style="figure", value=of("value", "not possible")),
        Column("Clients", style="count", value=of("clients")),
        Column("Revenue", style="money", value=of("revenue")),
        Column("Hours", style="change", value=of("hours")),
    ]


_SETTINGS = (
    Column("Setting", style="label", value=setting_name),
    Column("Now", style="wrapped", value=lambda it: _shown(it.before)),
    Column("Tried", style="wrapped", value=lambda it: _shown(it.after)),
)
SETTINGS_IN_WORDS = (
    Column("Setting", value=setting_name),
    Column("Now", value=lambda it: setting_text(it, it.before)),
    Column("Tried", value=lambda it: setting_text(it, it.after)),
)
"""The columns of the differences where no cell has a format of its own."""
FIGURES = (
    Column("Figure", style="label"),
    Column("Now", style="count"),
    Column("Tried", style="count"),
    Column("Change", style="change"),
)
SHIFTS = (
    Column("From", style="tier", value="before", colours=TIER_STYLES),
    Column("To", style="tier", value="after", colours=TIER_STYLES),
    Column("Clients", style="count", value="clients"),
    Column("Revenue", style="money", value="revenue"),
)
_TRIALS = [
    Column("Setting", style="label", value=lambda it: setting_name(it.parameter)),
    Column("Now", style="figure", value="value"),
    *_trial("less"),
    *_trial("more"),
]
TRIALS_IN_WORDS = (
    Column("Setting", value=lambda it: setting_name(it[0].parameter)),
    Column("Now", style="figure", value=lambda it: setting_text(it[0].parameter, round(it[0].value, 3))),
    Column("Tried", style="figure", value=lambda it: setting_text(it[0].parameter, round(it[1].value, 3))),
    Column("Clients", style="count", value=lambda it: it[1].clients),
    Column("Revenue", style="money", value=lambda it: it[1].revenue),
    Column("Hours", style="change", value=lambda it: it[1].hours),
)
"""The columns of sensitivities, each with one of its trials, a line a trial."""
CLIENTS = (
    Column("Client", 24, "name", value="client"),
    Column("Account manager", 16, value="account_manager"),
    Column("Revenue", 12, "money", "revenue"),
    Column("From", 10, "tier", "tier_before", colours=TIER_STYLES),
    Column("To", 11, "tier", "tier_after", colours=TIER_STYLES),
    Column("Score now", 9, "score", "score_before"),
    Column("Score tried", 13, "score", "score_after"),
    Column("Hours", 9, "change", "hours"),
    Column("Action now", 16, "centred", "action_before", colours=ACTION_STYLES),
    Column("Action tried", 16, "centred", "action_after", colours=ACTION_STYLES),
    Column("Why", 24, "wrapped", "why"),
)
CLIENTS_TITLE = "Who changes tier, the most revenue first"
_LOWER, _HIGHER = 3, 7
"""The first columns of the lower and of the higher value."""
_FIRST_ROW = 5
_CHART_COLUMN, _CHART_ROWS = 7, 24
"""Beside a comparison the chart stands right of it; it takes so many rows."""
MOST_BARS = 8
"""The settings that the chart shows, those that most clients hang on."""


def describe(grading: Grading, sensitivities: Sequence[Sensitivity], comparison: Comparison | None) -> Sheet:
    """The sheet of a graded portfolio.

    Args:
        grading: the grading in force.
        sensitivities: the settings that it hangs on.
        comparison: that grading beside the one that is tried, if there is one.
    """
    tables = _compared(comparison, grading.clients.currency) if comparison else []
    row = max([_FIRST_ROW + _CHART_ROWS, *(table.bottom + 2 for table in tables)])
    trials = Table.of(sensitivities, _TRIALS, row + 3)
    tables.append(trials)
    texts = list(_around_trials(grading, sensitivities, trials))
    if comparison:
        texts += _shares_tried(comparison, tables[0])
        clients = _clients(comparison, trials.bottom + 3)
        tables.append(clients)
    return Sheet(
        TITLE,
        tables,
        [note.format(in_words(grading.as_of)) for note in _NOTES],
        texts,
        charts=[_chart(grading, trials, _CHART_COLUMN if comparison else 1)] if sensitivities else [],
        widths=[column.width for column in CLIENTS],
    )


def sentence(comparison: Comparison, currency: str = "") -> str:
    """A sentence on the effect of a trial."""
    if not comparison.settings:
        return "What you try is in force already: nothing changes."
    clients = comparison.clients
    if not clients:
        moved = "No client changes tier"
    else:
        verb = plural(clients, "changes", "change")
        moved = f"{counted(clients, 'client')}, with {money_text(comparison.revenue, currency)} of revenue, {verb} tier"
    hours = abs(comparison.hours)
    effect = "costs" if comparison.hours > 0 else "frees"
    return (
        f"{moved}. It {effect} {whole(hours):,} team hours a year."
        if hours >= 1
        else f"{moved}. The team's hours stay as they are."
    )


def dependence(sensitivities: Sequence[Sensitivity]) -> str:
    """A sentence on the setting that the tiers hang on most."""
    if not sensitivities or not sensitivities[0].clients:
        return "No client changes tier, whichever of these settings is changed."
    first = sensitivities[0]
    who = f"{counted(first.clients, 'client')} {plural(first.clients, 'changes', 'change')}"
    return f"The tiers depend most on {setting_name(first.parameter)}: up to {who} tier."


def figures(comparison: Comparison, currency: str) -> list[tuple[str, float, float, float]]:
    """The figures of both policies, and what the one that is tried has more; the revenue in a currency."""
    revenue = f"revenue, {currency}" if currency else "revenue"
    before, after = comparison.before, comparison.after
    tiers = [tier for tier in before.clients if before.clients[tier] or after.clients[tier]]
    lines: list[tuple[str, float, float]] = [
        *((f"{tier_label(tier)}: clients", before.clients[tier], after.clients[tier]) for tier in tiers),
        *((f"{tier_label(tier)}: {revenue}", before.revenue[tier], after.revenue[tier]) for tier in tiers),
        ("Clients to shed", before.to_shed, after.to_shed),
        ("Team hours a year", before.hours, after.hours),
    ]
    return [(name, now, then, then - now) for name, now, then in lines if now or then]


def _compared(comparison: Comparison, currency: str) -> list[Table]:
    settings = Table.of(comparison.settings, _SETTINGS, _FIRST_ROW + 1, title="Settings tried")
    side_by_side = Table(settings.bottom + 3, FIGURES, figures(comparison, currency), title="Side by side")
    shifts = Table.of(comparison.shifts, SHIFTS, side_by_side.bottom + 3, title=sentence(comparison, currency))
    return [settings, side_by_side, shifts]


def _shares_tried(comparison: Comparison, table: Table) -> Iterator[Cell]:
    """The shares among the settings, as percent."""
    for row, difference in enumerate(comparison.settings, table.row + 1):
        for column, value in enumerate((difference.before, difference.after), table.column + 1):
            if _is_share(difference) and not isinstance(value, str):
                yield Cell(row, column, value, exact_style("share", value))


def _around_trials(grading: Grading, sensitivities: Sequence[Sensitivity], table: Table) -> Iterator[Cell]:
    step = _step(grading)
    yield Cell(table.row - 3, 1, dependence(sensitivities), "section")
    yield Cell(
        table.row - 2,
        1,
        f"Each weight and each cut is tried alone, {step} lower and {step} higher: the clients and the revenue that "
        "change tier, and the team hours a year that this costs, or frees where they are below 0.",
        "note",
    )
    for column, words in ((_LOWER, f"{step} lower"), (_HIGHER, f"{step} higher")):
        yield Cell(table.row - 1, column, words, "header-center", _HIGHER - _LOWER)
    for row, it in enumerate(sensitivities, table.row + 1):
        if _is_share(it.parameter):
            yield Cell(row, 2, it.value, exact_style("percent", it.value))
            for column, trial in ((_LOWER, it.less), (_HIGHER, it.more)):
                if trial:
                    yield Cell(row, column, trial.value, exact_style("percent", trial.value))


def _chart(grading: Grading, table: Table, column: int) -> Chart:
    step = _step(grading)
    last = min(table.bottom, table.row + MOST_BARS)
    names, lower, higher = (Area(table.row + 1, at, last, at) for at in (1, _LOWER + 1, _HIGHER + 1))

    return Chart(
        "bars",
        "Clients that change tier, by setting",
        _FIRST_ROW,
        column,
        (
            Series(f"{step} lower", names, lower, "point-clients"),
            Series(f"{step} higher", names, higher, "point-revenue"),
        ),
        "Clients that change tier",
        labelled=True,
        width=14,
        height=10.5,
    )


def _clients(comparison: Comparison, row: int) -> Table:
    return Table.of(
        comparison.moved.sort("revenue", "client", descending=[True, False]),
        CLIENTS,
        row,
        cuts=dict(zip(("Score now", "Score tried"), comparison.score_cuts, strict=True)),
        title=CLIENTS_TITLE,
        name="What_if" if comparison.clients else "",
    )


def _step(grading: Grading) -> str:
    return f"{grading.policy.sensitivity.step * 100:.10g} %"
