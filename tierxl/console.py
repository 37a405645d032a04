"""Results on the screen: texts and tables for a person, JSON for another program."""

import contextlib
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NoReturn

import typer

from tierxl.method.words import counted, in_words, plural, visible

if TYPE_CHECKING:
    from pathlib import Path

    from tierxl.deployment.calc import InstalledInCalc
    from tierxl.deployment.install import Installed, Uninstalled
    from tierxl.method.issues import Issue
    from tierxl.method.plan.capacity import Load
    from tierxl.method.plan.history import Movers
    from tierxl.method.progress import Progress
    from tierxl.method.rating.explanation import Explanation
    from tierxl.sheets.description import Table
    from tierxl.use_cases.assign import AssignedFile
    from tierxl.use_cases.calendar import CalendarFile
    from tierxl.use_cases.graded import GradedFile
    from tierxl.use_cases.large import GradedLargeTable
    from tierxl.use_cases.what_if import WhatIf

_MOST_LINES = 20
_FIRST_ISSUES = 3
_LONGEST_LINE = 80
"""Characters of a list beside its name."""


def say(line: str, *, err: bool = False) -> None:
    """Print a line for a person; no character in it can steer the terminal or begin another line."""
    typer.echo(visible(line), err=err)


def refuse(sentence: str) -> NoReturn:
    """End the command with a sentence on what a person can mend, and exit status 2."""
    say(sentence, err=True)
    raise typer.Exit(2)


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """As long as this lasts, an error that a person can mend ends the command with its sentence."""
    from tierxl.deployment.errors import CannotDeploy
    from tierxl.method.issues import CannotGrade

    try:
        yield
    except (CannotGrade, CannotDeploy) as error:
        refuse(str(error))


@contextlib.contextmanager
def errors_for_programs() -> Iterator[None]:
    """As long as this lasts, an error that a person can mend is printed as JSON as well."""
    from tierxl.method.issues import CannotGrade

    try:
        yield
    except CannotGrade as error:
        say_for_programs({"error": str(error)})
        raise


def say_named(name: str, text: object) -> None:
    """Print a text beside its name."""
    mark = "" if name.endswith("?") else ":"
    say(f"{name + mark if name else '':<17} {text}")


def say_list(name: str, parts: Sequence[str]) -> None:
    """Print a list beside its name, on as many lines as it takes; none of its parts is broken."""
    lines = [""]
    for part, mark in zip(parts, [*[","] * (len(parts) - 1), ""], strict=True):
        if lines[-1] and len(lines[-1]) + len(part) > _LONGEST_LINE:
            lines.append("")
        lines[-1] += f"{' ' * bool(lines[-1])}{part}{mark}"
    for at, line in enumerate(lines):
        say_named("" if at else name, line)


def _say_more(count: int) -> None:
    """Print how many others there are than those that are shown."""
    if count > _MOST_LINES:
        say(f"  and {count - _MOST_LINES:,} more")


def say_for_programs(result: object) -> None:
    """Print a result as JSON, in ASCII."""
    typer.echo(json.dumps(result, indent=2).replace("\x7f", "\\u007f"))


@contextlib.contextmanager
def progress_shown() -> Iterator["Progress"]:
    """A progress bar on the terminal, shown once the work takes over a second."""
    from time import monotonic

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), console=console, transient=True,
        disable=not console.is_terminal,
    )  # fmt: skip
    started, task = monotonic(), bar.add_task("Reading", visible=False)

    def show(doing: str, done: int, of: int) -> None:
        bar.update(task, description=doing, completed=done, total=of, visible=monotonic() - started > 1)

    with bar:
        yield show


def show_issues(issues: Sequence["Issue"], all_of_them: str) -> None:
    """Print the first issues to stderr, one line a cause: what was assumed after what is to be mended.

    Args:
        issues: the issues.
        all_of_them: where all of them are.
    """
    from tierxl.method.issues import by_cause

    wrong, assumed = [issue for issue in issues if not issue.assumed], [issue for issue in issues if issue.assumed]
    for some, name in ((wrong, "data issue"), (assumed, "assumption")):
        first = by_cause(some)[:_FIRST_ISSUES]
        others = len(some) - sum(len(cause.issues) for cause in first)
        if first:
            say(f"{counted(len(some), name)}:", err=True)
        for cause in first:
            say(f"  {cause}", err=True)
        if others:
            say(f"  {others:,} more {all_of_them}", err=True)


def is_workbook(target: "Path | None") -> bool:
    """True for a file with sheets."""
    from tierxl.workbooks import WORKBOOKS

    return target is not None and target.suffix.lower() in WORKBOOKS


def show_usage(result: "GradedFile") -> None:
    """Print the columns that are used, those that are not, and how those were found that are not called by a name."""
    usage = result.grading.clients.usage
    for name, columns in usage.lists.items():
        say_list(name, columns)
    if result.earlier.sentence:
        say_named("Written over", result.earlier.sentence)
    for column in usage.used:
        if column.is_to_be_told:
            say_named("", f"{column}, {column.found_by}")


def show_summary(result: "GradedFile") -> None:
    """Print the tiers of a graded portfolio, and what else there is to know of it."""
    from tierxl.method.plan.summary import NO_PROFIT, is_profit_rated
    from tierxl.method.table.rows import sentence_on
    from tierxl.sheets.currency import columns_in
    from tierxl.sheets.description import Table
    from tierxl.sheets.portfolio import TIER_COLUMNS

    figures, columns = result.portfolio, columns_in(TIER_COLUMNS, result.grading.clients.currency)
    _show_table(f"{counted(figures.clients, 'client')} graded", Table.of(figures.tiers, columns))
    flags = ", ".join(dict.fromkeys(flag.kind for flag in figures.capacity.flags))
    say_named("To shed", counted(figures.to_shed, "client") if is_profit_rated(result.grading) else NO_PROFIT)
    say_named("Should you tier?", figures.suitability.verdict)
    say_named("Team", figures.capacity.sentence)
    if flags:
        has_sheet = is_workbook(result.target) and figures.capacity.team.hours is not None
        where = "the sheet Capacity" if has_sheet else "tierxl check"
        say_named("", f"{flags}: see {where}.")
    if result.orders:
        say_named("Orders", f"{result.orders.sentence}.")
    if result.left_out:
        say_named("Left out", sentence_on(result.left_out))
    say_named("Written", result.target)


def show_what_if(result: "WhatIf") -> None:
    """Print what other settings would change, and the settings that the tiers hang on."""
    from tierxl.sheets import what_if as sheet
    from tierxl.sheets.currency import columns_in
    from tierxl.sheets.description import Table

    compared, currency = result.comparison, result.graded.grading.clients.currency
    if compared:
        columns = [column for column in sheet.CLIENTS if column.header in ("Client", "From", "To", "Why")]
        largest = compared.moved.sort("revenue", "client", descending=[True, False])
        _show_table("Settings tried", Table.of(compared.settings, sheet.SETTINGS_IN_WORDS))
        _show_table("Side by side", Table(1, sheet.FIGURES, sheet.figures(compared, currency)))
        say(sheet.sentence(compared, currency))
        say("")
        _show_table("From tier to tier", Table.of(compared.shifts, columns_in(sheet.SHIFTS, currency)))
        _show_table(sheet.CLIENTS_TITLE, Table.of(largest, columns, room=_MOST_LINES))
        if compared.clients > _MOST_LINES:
            _say_more(compared.clients)
            say("")
    say(sheet.dependence(result.sensitivity))
    trials = [(it, trial) for it in result.sensitivity for trial in (it.less, it.more) if trial]
    effective = [(it, trial) for it, trial in trials if trial.clients or trial.hours]
    _show_table(
        "What changes if one setting is changed", Table.of(effective, columns_in(sheet.TRIALS_IN_WORDS, currency))
    )
    if 0 < len(effective) < len(trials):
        say(f"{counted(len(trials) - len(effective), 'other trial')} would change nothing.")
    target = result.graded.target
    if target:
        say_named("Written", f"{target}, graded by the settings in force; see the sheet {sheet.TITLE}")


def _show_table(title: str, table: "Table") -> None:
    """Print a table, if it has rows."""
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    from tierxl.sheets.texts import texts_of

    if not table.rows:
        return
    grid = Grid(title=title, title_justify="left")
    for column in table.columns:
        grid.add_column(column.header, justify="right" if column.is_number else "left")
    for texts in texts_of(table):
        grid.add_row(*(Text(visible(text)) for text in texts))
    Console().print(grid)


def show_proposal(assigned: "AssignedFile") -> None:
    """Print who should serve whom, and how busy that makes everybody."""
    from tierxl.method.plan.capacity import full_at
    from tierxl.method.rating.figures import PERCENT, beside
    from tierxl.sheets.assignments import coming_and_going
    from tierxl.sheets.description import Column, Table

    proposal = assigned.proposal
    full = [full_at(assigned.graded.grading.policy)]

    def share(load: "Load") -> str:
        return "" if load.utilisation is None else beside(load.utilisation, full, 0, PERCENT)

    columns = (
        Column("Account manager", value="before.name"),
        Column("Seniority", value=lambda change: change.before.manager and change.before.manager.seniority),
        Column("Hours", style="count", value="before.hours"),
        Column("Before", style="figure", value=lambda change: share(change.before)),
        Column("After", style="figure", value=lambda change: share(change.after)),
        Column("Clients", value=coming_and_going),
    )
    _show_table("Utilisation, before and after", Table.of(proposal.changes, columns))
    say(proposal.sentence)
    for sentence in (*(aim.sentence for aim in proposal.aims), *proposal.missing, *proposal.notes):
        say(f"  {sentence}")
    for move in proposal.moves.head(_MOST_LINES).iter_rows(named=True):
        present = move["from"] or "nobody"
        say(f"  {move['client'] or ''} ({move['Tier']}): {present} -> {move['to']}. {move['reason']}.")
    _say_more(len(proposal.moves))
    done = (
        "nothing yet: --apply writes the proposal into your list"
        if assigned.applied is None
        else counted(assigned.applied, "client")
    )
    say_named("Changed", done)
    say_named("Written", assigned.graded.target)


def show_large_table(result: "GradedLargeTable") -> None:
    """Print the tiers of a graded table that is larger than memory, and its issues."""
    from tierxl.sheets.description import Table
    from tierxl.sheets.portfolio import TIER_COLUMNS

    _show_table(f"{counted(result.clients, 'client')} graded", Table(1, TIER_COLUMNS[:2], list(result.tiers.items())))
    say_named("To shed", counted(result.to_shed, "client"))
    if result.orders:
        say_named("Orders", f"{result.orders.sentence}.")
    if result.left_out:
        say_named("Left out", f"{counted(result.left_out, 'row')} with nothing but a total")
    say_named("Data issues", f"{sum(issue.clients for issue in result.issues):,}")
    for issue in result.issues:
        say(f"  {issue.clients:>9,} x {issue.column}: {issue.message}")
    for assumption in result.assumptions:
        say_named("Assumed", assumption)
    say_named("Written", f"{result.target} (folders clients and issues, as Parquet)")


def show_calendar(written: "CalendarFile") -> None:
    """Print what a calendar holds."""
    from tierxl.method.policy_sections import PERSONAL_CONTACT, REVIEW_MEETING

    planned = written.agenda.items
    services = planned["service"].to_list()
    for name in (REVIEW_MEETING, PERSONAL_CONTACT):
        say_named(f"{name}s", f"{services.count(name):,}")
    first, last = planned["day"].min(), planned["day"].max()
    say_named("Days", f"{in_words(first)} to {in_words(last)}, Monday to Friday; public holidays are not left out")
    for sentence in written.agenda.overloads:
        say_named("Busy", sentence)
    say_named("Written", written.target)


def show_explanations(explained: Sequence["Explanation"]) -> None:
    """Print why clients have their tiers."""
    for line in "\n\n".join(map(str, explained)).split("\n"):
        say(line)


_NEXT, _FIRST_LINES = ("Client", "Account manager", "Tier", "Next step"), 5
"""The columns of the engagement plan that the screen shows of its first lines, and how many these are."""


def show_check(result: "GradedFile") -> None:
    """Print the data issues, whether to tier, and what else there is to know before a grading."""
    from tierxl.method.issues import by_cause
    from tierxl.method.plan.service import distinct_levels, engagement_plan, neglect
    from tierxl.method.table.rows import sentence_on
    from tierxl.sheets.description import Table, chosen
    from tierxl.sheets.engagement_plan import COLUMNS as PLAN

    show_usage(result)
    if result.orders:
        say(f"{result.orders.sentence}.")
    if result.left_out:
        say(sentence_on(result.left_out))
    wrong, assumed = [it for it in result.issues if not it.assumed], [it for it in result.issues if it.assumed]
    for name, issues in (("Data issues", wrong), ("Assumptions", assumed)):
        if issues or issues is wrong:
            say(f"{name}: {len(issues):,}")
        for cause in by_cause(issues):
            say(f"  {cause}")
    suitability = result.portfolio.suitability
    say("")
    say(f"Should you tier? {suitability.verdict}.")
    for signal in suitability.signals:
        measured = f"{signal.value}. {signal.sentence}" if signal.value else signal.sentence
        say(f"  {signal.speaks:<8}{signal.name}: {measured}")
    for warning in result.portfolio.warnings:
        say(f"  {warning}")
    say("")
    say(f"How busy is the team? {result.portfolio.capacity.sentence}")
    for flag in result.portfolio.capacity.flags:
        say(f"  {flag.kind}: {flag.sentence}")
    say("")
    say("Are the service levels distinct?")
    for pair in distinct_levels(result.grading.policy):
        say(f"  {pair.sentence} The same in both: {', '.join(pair.same) or 'none'}.")
        if pair.more_often_below:
            say(f"  Tier {pair.lower} gets more often than {pair.upper}: {', '.join(pair.more_often_below)}.")
    say("")
    plan = engagement_plan(result.grading)
    _show_table("What is next", Table.of(plan, chosen(PLAN, dict.fromkeys(_NEXT, 0)), room=_FIRST_LINES))
    say(neglect(plan).sentence)


def show_movers(movers: "Movers") -> None:
    """Print who has moved between two gradings, and who is to be watched."""
    from tierxl.method.money import money_text
    from tierxl.method.rating.figures import PERCENT, Cut, beside

    since, as_of = in_words(movers.since), in_words(movers.as_of)
    say(f"Both as of {as_of}" if since == as_of else f"From {since} to {as_of}")
    for move in (move for move in movers.moves if move.clients):
        say(f"  {move.name + ':':<18}{_clients(move.clients)}{money_text(move.revenue, movers.currency):>18}")
    say(f"  {'Same tier:':<18}{_clients(movers.unmoved).rstrip()}")
    if movers.policy_changed:
        say("The settings differ, so a move may come from them rather than from the client.")
    for line in movers.lines.iter_rows(named=True):
        tiers = " to ".join(tier for tier in (line["From"], line["To"]) if tier)
        say_named(line["Move"], f"{line['Client'] or line['Client key']}, {tiers}: {line['What changed']}")
    for line in movers.watch.iter_rows(named=True):
        money = " to ".join(money_text(line[name], movers.currency) for name in ("Revenue before", "Revenue now"))
        fall = beside(line["Fall"], [Cut(movers.watch_from)], 1, PERCENT)
        say_named("Watch", f"{line['Client'] or line['Client key']}, {line['Tier']}: revenue {money}, down {fall}")


def _clients(count: int) -> str:
    """A count of clients in 17 characters, its number and its word aligned with others below it."""
    return f"{count:>9,} {plural(count, 'client', 'clients'):<7}"


def show_installed(installed: "Installed") -> None:
    """Print what was installed, and what to do next."""
    if installed.add_in:
        say_named("Add-in", installed.add_in)
        say_named("In Excel", "the tab Client tiers, in every workbook")
    offered = installed.template.suffix == ".xltx"
    say_named("Template" if offered else "Workbook", installed.template)
    if offered:
        say_named("In Excel", f"File > New > Personal > {installed.template.stem}")
    for path in installed.kept:
        say_named("Your own version", path)
    _say_ready(installed.command)


def _say_ready(command: "Path") -> None:
    say_named("Command", command)
    say(f'tierxl is installed. See whether all is well: "{command}" doctor')


def show_installed_in_calc(installed: "InstalledInCalc") -> None:
    """Print what was added to LibreOffice, and what to do next."""
    say_named("LibreOffice", f"{installed.office.version}, {installed.office.unopkg.parent}")
    say_named("In Calc", "the menu and the toolbar Client tiers, once LibreOffice is restarted")
    if installed.for_all:
        say_named("For whom", "all users of this computer; each needs the command tierxl")
    _say_ready(installed.command)


def show_uninstalled(uninstalled: "Uninstalled") -> None:
    """Print what was removed."""
    for path in uninstalled.changed:
        say_named("Left for you", f"{path}, which you have changed")
    say("What tierxl install had written is removed.")
    if uninstalled.environment:
        say(f"{uninstalled.environment} still holds the environment: the install script removes it.")
