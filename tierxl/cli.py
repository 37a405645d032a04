"""The command: what a person types, and what they read when it is done."""

import contextlib
import gc
import io
import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from tierxl.deployment.install import Installed, Uninstalled
    from tierxl.lake import GradedLake
    from tierxl.method.capacity import Capacity, Load
    from tierxl.method.history import Movers
    from tierxl.method.issues import Issue
    from tierxl.workflow import AssignedFile, CalendarFile, GradedFile, Progress, Request, WhatIf

app = typer.Typer(
    help="Grade clients A, B or C, with the reasons, and plan the time for each.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
_log = logging.getLogger("tierxl.cli")

template = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
app.add_typer(template, name="template", help="The workbook for a team.")


class Method(StrEnum):
    """How the starting tier is found."""

    FIVE_FACTOR = "five-factor"
    REVENUE = "revenue"


Input = Annotated[Path, typer.Argument(metavar="INPUT", help="The clients: .xlsx, .xlsm, .csv or .parquet.")]
TableName = Annotated[str | None, typer.Option("--table", help="The table or sheet that holds the clients.")]
PolicyFile = Annotated[Path | None, typer.Option("--policy", help="A policy file; see `tierxl policy`.")]
MethodName = Annotated[Method | None, typer.Option("--method", help="How the starting tier is found.")]
ManagersFile = Annotated[
    Path | None,
    typer.Option("--managers", help="The account managers with their hours, where INPUT has none: .csv or .xlsx."),
]
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day for overrides and due dates; today if left out."),
]


class EngineName(StrEnum):
    """What grades Parquet files that are larger than memory."""

    POLARS = "polars"
    SPARK = "spark"


_OBJECTS_BETWEEN_LOOKS = 200_000
"""How many objects may come between two looks for those that nobody needs: a grading makes many, and keeps them."""
SHOWN_ISSUES = 20
SHOWN_MOVES = 20
SHOWN_CLIENTS = 20


@app.callback()
def options(
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Log more, for a report of a defect: clients are named in it.")
    ] = False,
) -> None:
    """What holds for every command."""
    if verbose:
        logging.basicConfig()
        logging.getLogger("tierxl").setLevel(logging.DEBUG)


@app.command()
def grade(
    source: Annotated[
        str,
        typer.Argument(
            metavar="INPUT",
            help="The clients: .xlsx, .xlsm, .csv or .parquet; with --engine also a folder, a pattern or an address.",
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", help="Where to write; INPUT-graded.xlsx if left out. With --engine, a new folder."
        ),
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Write into INPUT itself.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an output that exists.")] = False,
    table: TableName = None,
    policy: PolicyFile = None,
    method: MethodName = None,
    as_of: AsOf = None,
    managers: ManagersFile = None,
    engine: Annotated[
        EngineName | None,
        typer.Option(
            "--engine", help="For Parquet files larger than memory: polars on this machine, spark on a cluster."
        ),
    ] = None,
) -> None:
    """Grade the clients of a file and write a graded workbook."""
    if engine:
        if in_place or overwrite or table or managers:
            _refuse(
                "--engine writes a new folder from Parquet: leave --in-place, --overwrite, --table and --managers out."
            )
        if not output:
            _refuse("Give -o with the name of a new folder.")
        _grade_lake(source, output, engine, policy, method, as_of)
        return
    path = Path(source)
    target = _target(path, Path(output) if output else None, in_place=in_place, overwrite=overwrite)
    with _one_sentence_for_errors(), _progress() as progress:
        from tierxl.workflow import grade_file

        result = grade_file(_request(path, table, policy, method, as_of, managers), target, progress)
    _print_issues(result.issues)
    _print_summary(result)


@app.command()
def report(
    source: Input,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A .pdf or .html file; INPUT-report.pdf if left out.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an output that exists.")] = False,
    table: TableName = None,
    policy: PolicyFile = None,
    method: MethodName = None,
    as_of: AsOf = None,
) -> None:
    """Write a report for the director: a page of figures and charts, then the plan by tier."""
    target = _new_target(source, output, "-report.pdf", overwrite=overwrite)
    with _one_sentence_for_errors(), _progress() as progress:
        from tierxl.workflow import report_file

        result = report_file(_request(source, table, policy, method, as_of), target, progress)
    _print_issues(result.issues)
    _say(f"{'Written:':<18}{result.target}")


@app.command()
def explain(
    source: Input,
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="The client's name or Client ID.")],
    table: TableName = None,
    policy: PolicyFile = None,
    method: MethodName = None,
    as_of: AsOf = None,
) -> None:
    """Say why a client has its tier, step by step, and what would change it."""
    with _one_sentence_for_errors():
        from tierxl.workflow import explain_file

        explained = explain_file(_request(source, table, policy, method, as_of), client)
    _say("\n\n".join(map(str, explained)))


@app.command()
def check(
    source: Input,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")] = False,
    table: TableName = None,
    policy: PolicyFile = None,
    method: MethodName = None,
    as_of: AsOf = None,
    managers: ManagersFile = None,
) -> None:
    """List the data issues, say whether to tier at all, and whether the service levels are distinct."""
    with _one_sentence_for_errors():
        from tierxl.workflow import check_file

        result = check_file(_request(source, table, policy, method, as_of, managers))
    if as_json:
        typer.echo(json.dumps(_checked(result), ensure_ascii=False, indent=2))
    else:
        _print_check(result)


@app.command("whatif")
def what_if(
    source: Input,
    weights: Annotated[
        list[str] | None, typer.Option("--weight", metavar="NAME=NUMBER", help="A weight to try, such as revenue=40.")
    ] = None,
    cuts: Annotated[
        list[str] | None, typer.Option("--cut", metavar="NAME=NUMBER", help="A cut to try, such as A=70.")
    ] = None,
    method: Annotated[Method | None, typer.Option("--method", help="The method to try.")] = None,
    other_policy: Annotated[
        Path | None, typer.Option("--try-policy", help="A policy file to try, in the place of the one in force.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write the graded workbook with a sheet What if.")
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Write into INPUT itself.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an output that exists.")] = False,
    table: TableName = None,
    policy: Annotated[Path | None, typer.Option("--policy", help="The policy file in force.")] = None,
    as_of: AsOf = None,
) -> None:
    """Say what other settings would change, and which settings the tiers hang on.

    Nothing that is tried is applied.
    """
    is_written = bool(output or in_place)
    target = _target(source, output, in_place=in_place, overwrite=overwrite) if is_written else None
    with _one_sentence_for_errors(), _progress() as progress:
        from tierxl.method.dials import settings_tried
        from tierxl.workflow import Tried
        from tierxl.workflow import what_if as find_out

        settings: dict[str, dict[str, object]] = settings_tried(weights or [], cuts or [])
        if method:
            settings["grading"] = {"method": method.value}
        tried = Tried(settings, other_policy)
        found = find_out(_request(source, table, policy, None, as_of), tried, target, progress)
    _print_issues(found.graded.issues)
    _print_what_if(found)


@app.command()
def movers(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The clients as they were: .xlsx, .xlsm, .csv, .parquet.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The clients as they are.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")] = False,
    policy: PolicyFile = None,
    method: MethodName = None,
    as_of: AsOf = None,
) -> None:
    """Say who is in another tier in NEW than in OLD, and what changed.

    Both are graded now, but an OLD workbook with a History sheet is taken as it was at its last grading.
    """
    with _one_sentence_for_errors():
        from tierxl.workflow import movers_between

        found = movers_between(*(_request(path, None, policy, method, as_of) for path in (old, new)))
    if as_json:
        typer.echo(json.dumps(_moved(found), ensure_ascii=False, indent=2))
    else:
        _print_movers(found)


@app.command()
def calendar(
    source: Input,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where to write; INPUT-plan.ics if left out.")
    ] = None,
    manager: Annotated[
        str | None, typer.Option("--manager", help="The account manager whose appointments to write; all if left out.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an output that exists.")] = False,
    table: TableName = None,
    policy: PolicyFile = None,
    method: MethodName = None,
    as_of: AsOf = None,
) -> None:
    """Write the review meetings and personal contacts of the next twelve months as a calendar."""
    target = _new_target(source, output, "-plan.ics", overwrite=overwrite)
    with _one_sentence_for_errors(), _progress() as progress:
        from tierxl.workflow import calendar_file

        written = calendar_file(_request(source, table, policy, method, as_of), target, manager, progress)
    _print_issues(written.issues)
    _print_calendar(written)


@app.command()
def assign(
    source: Input,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where to write; INPUT-graded.xlsx if left out.")
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Write into INPUT itself.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an output that exists.")] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write the proposal into the column Account manager as well.")
    ] = False,
    table: TableName = None,
    managers: ManagersFile = None,
    policy: PolicyFile = None,
    method: MethodName = None,
    as_of: AsOf = None,
) -> None:
    """Propose who should serve whom, and write a graded workbook with the sheet Assignments.

    Tier A goes to Seniors, nobody is over capacity if that can be, and as few clients as possible change hands.
    """
    target = _target(source, output, in_place=in_place, overwrite=overwrite)
    with _one_sentence_for_errors(), _progress() as progress:
        from tierxl.workflow import assign_file

        request = _request(source, table, policy, method, as_of, managers)
        assigned = assign_file(request, target, apply=apply, progress=progress)
    _print_issues(assigned.graded.issues)
    _print_assigned(assigned)


@app.command()
def policy() -> None:
    """Print the default policy as TOML, every number with its source, ready to edit."""
    from tierxl.method.policy import policy_toml

    typer.echo(policy_toml(), nl=False)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to write.")] = Path("tierxl-demo"),
) -> None:
    """Grade the sample portfolio and say what to open."""
    with _one_sentence_for_errors(), _progress() as progress:
        from tierxl.method.issues import CannotGrade
        from tierxl.workflow import Request, grade_file

        try:
            folder.mkdir(parents=True, exist_ok=True)
            clients = folder / "sample-portfolio.csv"
            clients.write_bytes(_sample_portfolio().read_bytes())
        except OSError as error:
            raise CannotGrade(f"{folder} cannot be written: {error.strerror or error}.") from error
        target = folder / "sample-portfolio-graded.xlsx"
        result = grade_file(Request(clients, _SAMPLE_DAY), target, progress)
    _print_issues(result.issues)
    _print_summary(result)
    typer.echo(f"\nOpen {target} in Excel or LibreOffice: start with the sheet Engagement plan.")
    typer.echo(f'Then try: tierxl explain "{clients}" "Hartnell, Voss & Pryde LLP"')


_SAMPLE_DAY = date(2026, 11, 22)


@template.command()
def build(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to write.")] = Path(),
) -> None:
    """Build the template and the sample workbook."""
    with _one_sentence_for_errors():
        from tierxl.template.build import build as build_workbooks

        for path in build_workbooks(folder):
            typer.echo(f"{'Written:':<18}{path}")


@app.command()
def install(
    unpacked: Annotated[
        Path | None, typer.Option("--bundle", help="An unpacked bundle, whose template is taken as it is.")
    ] = None,
) -> None:
    """Put the template where Excel offers it."""
    with _one_sentence_for_errors():
        from tierxl.deployment.install import install as install_here
        from tierxl.deployment.places import places_on
        from tierxl.doctor import this_machine
        from tierxl.template.build import build_template

        machine = this_machine()
        installed = install_here(machine, places_on(machine), build_template, unpacked)
    _print_installed(installed)


@app.command()
def uninstall() -> None:
    """Remove what install has written."""
    with _one_sentence_for_errors():
        from tierxl.deployment.install import uninstall as uninstall_here
        from tierxl.deployment.places import places_on
        from tierxl.doctor import this_machine

        machine = this_machine()
        uninstalled = uninstall_here(machine, places_on(machine))
    _print_uninstalled(uninstalled)


@app.command()
def bundle(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write.")],
) -> None:
    """Make a zip for IT, to install without internet."""
    with _one_sentence_for_errors():
        from tierxl.deployment.bundle import bundle as make_bundle
        from tierxl.template.build import build_template

        typer.echo("Collecting the wheels; this takes a minute or more.")
        written = make_bundle(folder, build_template)
    typer.echo(f"{'Written:':<18}{written}")
    typer.echo("Unpack it, and read GUIDE.txt first.")


@app.command()
def doctor(
    workbook: Annotated[
        Path | None, typer.Argument(metavar="[WORKBOOK]", help="A workbook to examine; the installed one if left out.")
    ] = None,
) -> None:
    """Say what is amiss on this computer, and the cure.

    The exit status is 1 if something is wrong.
    """
    from tierxl.deployment.install import installed_template
    from tierxl.deployment.places import places_on
    from tierxl.doctor import examine, this_machine

    machine = this_machine()
    findings = examine(workbook or installed_template(places_on(machine)), machine)
    for finding in findings:
        typer.echo(f"{finding.status:<7}{finding.check + ':':<14}{finding.found}")
        if finding.cure:
            typer.echo(f"{'':<7}{'Cure:':<14}{finding.cure}")
    if any(finding.status == "wrong" for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Run the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a name outside the terminal's alphabet must not end the command
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    try:
        app()
    except Exception as error:  # noqa: BLE001  a traceback holds values, and values are clients
        _log.debug("tierxl has a defect", exc_info=True)
        sys.exit(_defect(error))


def _defect(error: Exception) -> str:
    """What to say of an error that nobody foresaw: where it happened, and nothing of what is in the file."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "tierxl" in Path(frame.filename).parts]
    place = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "outside of tierxl"
    return (
        f"tierxl has a defect and stopped: {type(error).__name__}, {place}. Your file is as it was. "
        "Please report this. `tierxl --verbose` before the command shows more, with what is in the file."
    )


def _sample_portfolio() -> Path:
    """The sample portfolio: inside an installed package, else in the checkout that this module stands in."""
    installed = Path(str(files("tierxl") / "sample-portfolio.csv"))
    return installed if installed.exists() else Path(__file__).parents[1] / "workbook" / "sample-portfolio.csv"


def _request(
    source: Path,
    table: str | None,
    policy_file: Path | None,
    method: Method | None,
    as_of: datetime | None,
    managers: Path | None = None,
) -> "Request":
    from tierxl.workflow import Request

    day = as_of.date() if as_of else date.today()
    return Request(source, day, table, policy_file, method.value if method else None, managers)


def _grade_lake(
    source: str,
    target: str,
    engine_name: EngineName,
    policy_file: Path | None,
    method: Method | None,
    as_of: datetime | None,
) -> None:
    with _one_sentence_for_errors(), _progress() as progress:
        from tierxl.engines import opened
        from tierxl.lake import grade_lake
        from tierxl.workflow import chosen_policy

        policy = chosen_policy(policy_file, method.value if method else None)
        with opened(engine_name.value) as engine:
            day = as_of.date() if as_of else date.today()
            result = grade_lake(source, target, engine, policy, day, progress)
    _print_lake(result)


def _target(source: Path, output: Path | None, *, in_place: bool, overwrite: bool) -> Path:
    if in_place and output:
        _refuse("Give either --in-place or -o, not both.")
    if in_place and source.is_file():
        return source
    return _new_target(source, output, "-graded.xlsx", overwrite=overwrite)


def _new_target(source: Path, output: Path | None, ending: str, *, overwrite: bool) -> Path:
    if not source.is_file():
        _refuse(f"There is no file {source}.")
    target = output or source.with_name(f"{source.stem}{ending}")
    if target.exists() and not overwrite:
        _refuse(f"{target} exists already: give --overwrite to replace it, or -o with another name.")
    return target


@contextlib.contextmanager
def _one_sentence_for_errors() -> Iterator[None]:
    from tierxl.deployment.errors import CannotDeploy
    from tierxl.method.issues import CannotGrade

    try:
        yield
    except (CannotGrade, CannotDeploy) as error:
        _refuse(str(error))
    except MemoryError:
        _refuse("There is not enough memory for this: close other programs, or leave out columns.")


def _refuse(sentence: str) -> NoReturn:
    _say(sentence, err=True)
    raise typer.Exit(2)


_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Characters by which the name of a client could steer the terminal."""


def _say(text: str, *, err: bool = False) -> None:
    typer.echo(_harmless(text), err=err)


def _harmless(text: str) -> str:
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)


@contextlib.contextmanager
def _progress() -> Iterator["Progress"]:
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


def _print_issues(issues: Sequence["Issue"]) -> None:
    """The first issues on stderr, and how many there are."""
    if not issues:
        return
    _say(f"{len(issues):,} data issue{'s' * (len(issues) != 1)}:", err=True)
    for issue in issues[:SHOWN_ISSUES]:
        _say(f"  {issue}", err=True)
    if len(issues) > SHOWN_ISSUES:
        _say(f"  and {len(issues) - SHOWN_ISSUES:,} more", err=True)


def _print_summary(result: "GradedFile") -> None:
    from rich.console import Console
    from rich.table import Table

    from tierxl.workflow import WORKBOOKS

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
        _say(f"{name + ':' if name else '':<18}{text}")


def _print_what_if(found: "WhatIf") -> None:
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
        largest = compared.moved.sort("revenue", descending=True).head(SHOWN_CLIENTS)
        clients = largest.select("client", "tier_before", "tier_after", "why").rows()
        _print_table("What is tried", ("Setting", "Now", "Tried"), settings)
        _print_table("Side by side", ("Figure", "Now", "Tried", "Change"), figures, numbers=3)
        _say(f"{sheet.sentence(compared)}\n")
        _print_table("From tier to tier", ("From", "To", "Clients", "Revenue"), shifts, numbers=2)
        _print_table("Who changes tier, the most revenue first", ("Client", "From", "To", "Why"), clients)
        if compared.clients > SHOWN_CLIENTS:
            _say(f"  and {compared.clients - SHOWN_CLIENTS:,} more\n")
    _say(sheet.dependence(found.sensitivity))
    trials = [
        (
            sheet.setting_name(it.dial.section, it.dial.setting),
            sheet.as_text(it.dial.section, it.dial.setting, it.value),
            sheet.as_text(it.dial.section, it.dial.setting, trial.value),
            f"{trial.clients:,}",
            f"{trial.revenue:,.0f}",
            _more(trial.hours),
        )
        for it in found.sensitivity
        for trial in (it.less, it.more)
        if trial
    ]
    headers = ("Setting", "Now", "Tried", "Clients", "Revenue", "Hours")
    _print_table("What changes if one setting is turned", headers, trials, numbers=5)
    target = found.graded.target
    if target:
        typer.echo(f"{'Written:':<18}{target}, graded by the settings in force; see the sheet {sheet.TITLE}")


def _more(number: float) -> str:
    return f"{number:+,.0f}" if round(number) else "0"


def _print_table(title: str, headers: Sequence[str], lines: Sequence[Sequence[str]], numbers: int = 0) -> None:
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
        table.add_row(*(Text(_harmless(cell)) for cell in line))
    Console().print(table)


def _print_assigned(assigned: "AssignedFile") -> None:
    from rich.console import Console
    from rich.table import Table

    from tierxl.sheets.assignments import coming_and_going

    proposal = assigned.proposal
    console = Console()
    table = Table(title="Utilisation, now and then", title_justify="left")
    table.add_column("Account manager")
    table.add_column("Seniority")
    for column in ("Hours", "Now", "Then"):
        table.add_column(column, justify="right")
    table.add_column("Clients")
    for change in proposal.changes:
        now, then = change.before, change.after
        shares = ("" if share is None else f"{share:.0%}" for share in (now.utilisation, then.utilisation))
        hours = "" if now.hours is None else f"{now.hours:,.0f}"
        seniority = (now.manager.seniority if now.manager else None) or ""
        table.add_row(_harmless(now.name), seniority, hours, *shares, coming_and_going(change))
    console.print(table)
    _say(proposal.sentence)
    for sentence in (*proposal.missing, *proposal.notes):
        _say(f"  {sentence}")
    for move in proposal.moves.head(SHOWN_MOVES).iter_rows(named=True):
        present = move["from"] or "nobody"
        _say(f"  {move['client'] or ''} ({move['Tier']}): {present} -> {move['to']}. {move['reason']}.")
    if len(proposal.moves) > SHOWN_MOVES:
        _say(f"  and {len(proposal.moves) - SHOWN_MOVES:,} more")
    done = "nothing, until you give --apply" if assigned.applied is None else _clients(assigned.applied)
    for name, text in (("Changed", done), ("Written", str(assigned.graded.target))):
        typer.echo(f"{name + ':':<18}{text}")


def _clients(count: int) -> str:
    return f"{count:,} client{'s' * (count != 1)}"


def _print_lake(result: "GradedLake") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{result.clients:,} client{'s' * (result.clients != 1)} graded", title_justify="left")
    table.add_column("Tier")
    table.add_column("Clients", justify="right")
    for tier, count in result.tiers.items():
        table.add_row(tier, f"{count:,}")
    Console().print(table)
    typer.echo(f"{'To shed:':<18}{result.to_shed:,} client{'s' * (result.to_shed != 1)}")
    typer.echo(f"{'Data issues:':<18}{sum(issue.clients for issue in result.issues):,}")
    for issue in result.issues:
        typer.echo(f"  {issue.clients:>9,} x {issue.column}: {issue.message}")
    typer.echo(f"{'Written:':<18}{result.target} (folders clients and issues, as Parquet)")


def _print_calendar(written: "CalendarFile") -> None:
    from tierxl.method.policy import PERSONAL_CONTACT, REVIEW_MEETING

    planned = written.agenda.items
    services = planned["service"].to_list()
    for name in (REVIEW_MEETING, PERSONAL_CONTACT):
        typer.echo(f"{name + 's:':<18}{services.count(name):,}")
    first, last = planned["day"].min(), planned["day"].max()
    typer.echo(f"{'Days:':<18}{first:%Y-%m-%d} to {last:%Y-%m-%d}, Monday to Friday; holidays are not known")
    for sentence in written.agenda.overloads:
        _say(f"{'Look again:':<18}{sentence}")
    typer.echo(f"{'Written:':<18}{written.target}")


def _print_check(result: "GradedFile") -> None:
    from tierxl.method.service import distinct_levels, engagement_plan, neglect

    _say(f"Data issues: {len(result.issues):,}")
    for issue in result.issues:
        _say(f"  {issue}")
    suitability = result.portfolio.suitability
    _say(f"\nShould you tier? {suitability.verdict}.")
    for signal in suitability.signals:
        verdict = {True: "against", False: "for", None: "open"}[signal.against]
        _say(f"  {verdict:<8}{signal.name}: {signal.value or 'not measured'}. {signal.sentence}")
    _say(f"\nHow busy is the team? {result.portfolio.capacity.sentence}")
    for flag in result.portfolio.capacity.flags:
        _say(f"  {flag.kind}: {flag.sentence}")
    _say("\nAre the service levels distinct?")
    for pair in distinct_levels(result.grading.policy):
        _say(f"  {pair.sentence} The same in both: {', '.join(pair.same) or 'none'}.")
        if pair.more_often_below:
            _say(f"  Tier {pair.lower} gets more often than {pair.upper}: {', '.join(pair.more_often_below)}.")
    _say(f"\n{neglect(engagement_plan(result.grading)).sentence}")


def _print_movers(found: "Movers") -> None:
    _say(f"From {found.since:%Y-%m-%d} to {found.as_of:%Y-%m-%d}")
    for move in found.moves:
        _say(f"  {move.name + ':':<18}{move.clients:>9,} client{'s' * (move.clients != 1):<1}{move.revenue:>18,.0f}")
    _say(f"  {'Same tier:':<18}{found.unmoved:>9,} client{'s' * (found.unmoved != 1)}")
    if found.policy_changed:
        _say("The settings differ: a move may come from them, and not from the client.")
    for line in found.lines.iter_rows(named=True):
        tiers = " to ".join(tier for tier in (line["From"], line["To"]) if tier)
        _say(f"{line['Move'] + ':':<18}{line['Client'] or line['Client key']}, {tiers}: {line['What changed']}")


def _moved(found: "Movers") -> dict[str, object]:
    from dataclasses import asdict

    return {
        "since": found.since.isoformat(),
        "as_of": found.as_of.isoformat(),
        "policy_changed": found.policy_changed,
        "moves": [asdict(move) for move in found.moves],
        "unmoved": found.unmoved,
        "clients": list(found.lines.iter_rows(named=True)),
    }


def _print_installed(installed: "Installed") -> None:
    offered = installed.template.suffix == ".xltm"
    typer.echo(f"{'Template:' if offered else 'Workbook:':<18}{installed.template}")
    if offered:
        typer.echo(f"{'In Excel:':<18}File > New > Personal > {installed.template.stem}")
    if installed.kept:
        typer.echo(f"{'Your own version:':<18}{installed.kept}")
    typer.echo(f"{'Command:':<18}{installed.command}")
    typer.echo(f'tierxl is installed. See whether all is well: "{installed.command}" doctor')


def _print_uninstalled(uninstalled: "Uninstalled") -> None:
    for path in uninstalled.changed:
        typer.echo(f"{'Left for you:':<18}{path}, which you have changed")
    typer.echo("What tierxl install had written is removed.")
    if uninstalled.environment:
        typer.echo(f"{uninstalled.environment} still holds the environment: the install script removes it.")


def _checked(result: "GradedFile") -> dict[str, object]:
    from dataclasses import asdict

    from tierxl.method.service import distinct_levels, engagement_plan, neglect

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


if __name__ == "__main__":
    sys.exit(main())  # type: ignore[func-returns-value]
