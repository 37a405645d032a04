"""What a person reads on the screen when a command is done, and what another program reads in its place."""

import contextlib
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import typer

from tierxl.method.words import visible

if TYPE_CHECKING:
    from tierxl.deployment.calc import InstalledInCalc
    from tierxl.deployment.install import Installed, Uninstalled
    from tierxl.method.issues import Issue
    from tierxl.method.plan.capacity import Capacity, Load
    from tierxl.method.plan.history import Movers
    from tierxl.method.rating.explanation import Explanation
    from tierxl.use_cases.assign import AssignedFile
    from tierxl.use_cases.calendar import CalendarFile
    from tierxl.use_cases.grade import GradedFile
    from tierxl.use_cases.large import GradedLargeTable
    from tierxl.use_cases.reading import Progress
    from tierxl.use_cases.what_if import WhatIf

_SHOWN_ISSUES = 20
_SHOWN_MOVES = 20
_SHOWN_CLIENTS = 20


def say(line: str, *, err: bool = False) -> None:
    """Print a line for a person; no character in it can steer the terminal or begin another line."""
    typer.echo(visible(line), err=err)


def say_for_programs(found: object) -> None:
    """Print what was found as JSON, in ASCII."""
    typer.echo(json.dumps(found, indent=2).replace("\x7f", "\\u007f"))


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


def show_issues(issues: Sequence["Issue"]) -> None:
    """The first issues on stderr, and how many there are."""
    if not issues:
        return
    say(f"{len(issues):,} data issue{'s' * (len(issues) != 1)}:", err=True)
    for issue in issues[:_SHOWN_ISSUES]:
        say(f"  {issue}", err=True)
    if len(issues) > _SHOWN_ISSUES:
        say(f"  and {len(issues) - _SHOWN_ISSUES:,} more", err=True)


def show_summary(result: "GradedFile") -> None:
    """What a grading came to."""
    from rich.console import Console
    from rich.table import Table

    from tierxl.use_cases.reading import WORKBOOKS

    figures = result.portfolio
    table = Table(title=f"{figures.clients:,} client{'s' * (figures.clients != 1)} graded", title_justify="left")
    table.add_column("Tier")
    for column in ("Clients", "Revenue", "Share of revenue"):
        table.add_column(column, justify="right")
    for tier in figures.tiers:
        share = "" if tier.revenue_share is None else f"{tier.revenue_share:.1%}"
        table.add_row(tier.tier, f"{tier.clients:,}", f"{tier.revenue:,.0f}", share)
    Console().print(table)
    is_workbook = result.target is not None and result.target.suffix.lower() in WORKBOOKS
    where = ", listed on the Checks sheet" if result.issues and is_workbook else ""
    flags = len(figures.capacity.flags)
    listed = "the Capacity sheet says what" if is_workbook else "`tierxl check` says what"
    lines = (
        ("To shed", f"{figures.to_shed:,} client{'s' * (figures.to_shed != 1)}"),
        ("Should you tier?", figures.suitability.verdict),
        ("Team", figures.capacity.sentence),
        *(
            [("", f"{flags:,} thing{'s' * (flags != 1)} {'do' if flags != 1 else 'does'} not fit: {listed}.")]
            if flags
            else []
        ),
        ("Data issues", f"{len(result.issues):,}{where}"),
        ("Written", str(result.target)),
    )
    for name, text in lines:
        say(f"{name + ':' if name else '':<18}{text}")


def show_what_if(found: "WhatIf") -> None:
    """What other settings would change, and what the tiers hang on."""
    from tierxl.sheets import what_if as sheet

    compared = found.comparison
    if compared:
        settings = [
            (
                sheet.setting_name(it.section, it.setting),
                sheet.as_text(it.section, it.setting, it.before),
                sheet.as_text(it.section, it.setting, it.after),
            )
            for it in compared.settings
        ]
        figures = [(name, f"{now:,.0f}", f"{then:,.0f}", _more(more)) for name, now, then, more in
                   sheet.figures(compared)]  # fmt: skip
        shifts = [(it.before, it.after, f"{it.clients:,}", f"{it.revenue:,.0f}") for it in compared.shifts]
        largest = compared.moved.sort("revenue", descending=True).head(_SHOWN_CLIENTS)
        clients = largest.select("client", "tier_before", "tier_after", "why").rows()
        _show_table("What is tried", ("Setting", "Now", "Tried"), settings)
        _show_table("Side by side", ("Figure", "Now", "Tried", "Change"), figures, numbers=3)
        say(sheet.sentence(compared))
        say("")
        _show_table("From tier to tier", ("From", "To", "Clients", "Revenue"), shifts, numbers=2)
        _show_table("Who changes tier, the most revenue first", ("Client", "From", "To", "Why"), clients)
        if compared.clients > _SHOWN_CLIENTS:
            say(f"  and {compared.clients - _SHOWN_CLIENTS:,} more")
            say("")
    say(sheet.dependence(found.sensitivity))
    trials = [
        (
            sheet.setting_name(it.parameter.section, it.parameter.setting),
            sheet.as_text(it.parameter.section, it.parameter.setting, it.value),
            sheet.as_text(it.parameter.section, it.parameter.setting, trial.value),
            f"{trial.clients:,}",
            f"{trial.revenue:,.0f}",
            _more(trial.hours),
        )
        for it in found.sensitivity
        for trial in (it.less, it.more)
        if trial
    ]
    headers = ("Setting", "Now", "Tried", "Clients", "Revenue", "Hours")
    _show_table("What changes if one setting is turned", headers, trials, numbers=5)
    target = found.graded.target
    if target:
        say(f"{'Written:':<18}{target}, graded by the settings in force; see the sheet {sheet.TITLE}")


def _more(number: float) -> str:
    return f"{number:+,.0f}" if round(number) else "0"


def _show_table(title: str, headers: Sequence[str], lines: Sequence[Sequence[str]], numbers: int = 0) -> None:
    """A table on the terminal, if it has lines; its last columns are numbers."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not lines:
        return
    table = Table(title=title, title_justify="left")
    for at, header in enumerate(headers):
        table.add_column(header, justify="right" if at >= len(headers) - numbers else "left")
    for line in lines:
        table.add_row(*(Text(visible(cell)) for cell in line))
    Console().print(table)


def show_proposal(assigned: "AssignedFile") -> None:
    """Who should serve whom, and how busy that makes everybody."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from tierxl.method.plan.capacity import full_at
    from tierxl.method.rating.figures import PERCENT, beside
    from tierxl.method.words import counted
    from tierxl.sheets.assignments import coming_and_going

    proposal = assigned.proposal
    full = [full_at(assigned.graded.grading.policy)]
    console = Console()
    table = Table(title="Utilisation, now and then", title_justify="left")
    table.add_column("Account manager")
    table.add_column("Seniority")
    for column in ("Hours", "Now", "Then"):
        table.add_column(column, justify="right")
    table.add_column("Clients")
    for change in proposal.changes:
        now, then = change.before, change.after
        shares = (
            "" if share is None else beside(share, full, 0, PERCENT) for share in (now.utilisation, then.utilisation)
        )
        hours = "" if now.hours is None else f"{now.hours:,.0f}"
        seniority = (now.manager.seniority if now.manager else None) or ""
        table.add_row(Text(visible(now.name)), seniority, hours, *shares, coming_and_going(change))
    console.print(table)
    say(proposal.sentence)
    for sentence in (*(aim.sentence for aim in proposal.aims), *proposal.missing, *proposal.notes):
        say(f"  {sentence}")
    for move in proposal.moves.head(_SHOWN_MOVES).iter_rows(named=True):
        present = move["from"] or "nobody"
        say(f"  {move['client'] or ''} ({move['Tier']}): {present} -> {move['to']}. {move['reason']}.")
    if len(proposal.moves) > _SHOWN_MOVES:
        say(f"  and {len(proposal.moves) - _SHOWN_MOVES:,} more")
    done = "nothing, until you give --apply" if assigned.applied is None else counted(assigned.applied, "client")
    for name, text in (("Changed", done), ("Written", str(assigned.graded.target))):
        say(f"{name + ':':<18}{text}")


def show_large_table(result: "GradedLargeTable") -> None:
    """What grading a lake came to."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{result.clients:,} client{'s' * (result.clients != 1)} graded", title_justify="left")
    table.add_column("Tier")
    table.add_column("Clients", justify="right")
    for tier, count in result.tiers.items():
        table.add_row(tier, f"{count:,}")
    Console().print(table)
    say(f"{'To shed:':<18}{result.to_shed:,} client{'s' * (result.to_shed != 1)}")
    say(f"{'Data issues:':<18}{sum(issue.clients for issue in result.issues):,}")
    for issue in result.issues:
        say(f"  {issue.clients:>9,} x {issue.column}: {issue.message}")
    say(f"{'Written:':<18}{result.target} (folders clients and issues, as Parquet)")


def show_calendar(written: "CalendarFile") -> None:
    """What stands in a calendar."""
    from tierxl.method.policy import PERSONAL_CONTACT, REVIEW_MEETING

    planned = written.agenda.items
    services = planned["service"].to_list()
    for name in (REVIEW_MEETING, PERSONAL_CONTACT):
        say(f"{name + 's:':<18}{services.count(name):,}")
    first, last = planned["day"].min(), planned["day"].max()
    say(f"{'Days:':<18}{first:%Y-%m-%d} to {last:%Y-%m-%d}, Monday to Friday; holidays are not known")
    for sentence in written.agenda.overloads:
        say(f"{'Look again:':<18}{sentence}")
    say(f"{'Written:':<18}{written.target}")


def show_explanations(explained: Sequence["Explanation"]) -> None:
    """Why clients have their tiers."""
    for line in "\n\n".join(map(str, explained)).split("\n"):
        say(line)


def show_check(result: "GradedFile") -> None:
    """The data, whether to tier, and what else there is to know before a grading."""
    from tierxl.method.plan.service import distinct_levels, engagement_plan, neglect

    say(f"Data issues: {len(result.issues):,}")
    for issue in result.issues:
        say(f"  {issue}")
    suitability = result.portfolio.suitability
    say("")
    say(f"Should you tier? {suitability.verdict}.")
    for signal in suitability.signals:
        verdict = {True: "against", False: "for", None: "open"}[signal.against]
        say(f"  {verdict:<8}{signal.name}: {signal.value or 'not measured'}. {signal.sentence}")
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
    say(neglect(engagement_plan(result.grading)).sentence)


def show_movers(found: "Movers") -> None:
    """Who has moved between two gradings."""
    say(f"From {found.since:%Y-%m-%d} to {found.as_of:%Y-%m-%d}")
    for move in found.moves:
        say(f"  {move.name + ':':<18}{move.clients:>9,} client{'s' * (move.clients != 1):<1}{move.revenue:>18,.0f}")
    say(f"  {'Same tier:':<18}{found.unmoved:>9,} client{'s' * (found.unmoved != 1)}")
    if found.policy_changed:
        say("The settings differ: a move may come from them, and not from the client.")
    for line in found.lines.iter_rows(named=True):
        tiers = " to ".join(tier for tier in (line["From"], line["To"]) if tier)
        say(f"{line['Move'] + ':':<18}{line['Client'] or line['Client key']}, {tiers}: {line['What changed']}")


def movers_for_programs(found: "Movers") -> dict[str, object]:
    """The same, for other programs."""
    from dataclasses import asdict

    return {
        "since": found.since.isoformat(),
        "as_of": found.as_of.isoformat(),
        "policy_changed": found.policy_changed,
        "moves": [asdict(move) for move in found.moves],
        "unmoved": found.unmoved,
        "clients": list(found.lines.iter_rows(named=True)),
    }


def show_installed(installed: "Installed") -> None:
    """What was installed, and what to do next."""
    offered = installed.template.suffix == ".xltm"
    say(f"{'Template:' if offered else 'Workbook:':<18}{installed.template}")
    if offered:
        say(f"{'In Excel:':<18}File > New > Personal > {installed.template.stem}")
    if installed.kept:
        say(f"{'Your own version:':<18}{installed.kept}")
    say(f"{'Command:':<18}{installed.command}")
    say(f'tierxl is installed. See whether all is well: "{installed.command}" doctor')


def show_installed_in_calc(installed: "InstalledInCalc") -> None:
    """What was added to LibreOffice, and what to do next."""
    say(f"{'LibreOffice:':<18}{installed.office.version}, {installed.office.unopkg.parent}")
    say(f"{'In Calc:':<18}the menu and the toolbar Client tiers, when LibreOffice is started anew")
    if installed.for_all:
        say(f"{'For whom:':<18}all users of this computer; each needs the command tierxl")
    say(f"{'Command:':<18}{installed.command}")
    say(f'tierxl is installed. See whether all is well: "{installed.command}" doctor')


def show_uninstalled(uninstalled: "Uninstalled") -> None:
    """What was removed."""
    for path in uninstalled.changed:
        say(f"{'Left for you:':<18}{path}, which you have changed")
    say("What tierxl install had written is removed.")
    if uninstalled.environment:
        say(f"{uninstalled.environment} still holds the environment: the install script removes it.")


def check_for_programs(result: "GradedFile") -> dict[str, object]:
    """What a check found, for other programs."""
    from dataclasses import asdict

    from tierxl.method.plan.service import distinct_levels, engagement_plan, neglect

    waiting = neglect(engagement_plan(result.grading))
    return {
        "clients": result.portfolio.clients,
        "issues": [asdict(issue) for issue in result.issues],
        "verdict": result.portfolio.suitability.verdict,
        "signals": [asdict(signal) for signal in result.portfolio.suitability.signals],
        "capacity": _capacity(result.portfolio.capacity),
        "distinct_levels": [asdict(pair) for pair in distinct_levels(result.grading.policy)],
        "neglected": waiting.neglected,
        "never_contacted": waiting.never_contacted,
    }


def _capacity(found: "Capacity") -> dict[str, object]:
    from dataclasses import asdict

    def load(of: "Load") -> dict[str, object]:
        return asdict(of) | {"needed": of.needed, "utilisation": of.utilisation}

    return {
        "team": load(found.team),
        "managers": [load(each) for each in found.loads],
        "unassigned": load(found.unassigned) if found.unassigned else None,
        "flags": [asdict(flag) for flag in found.flags],
    }
