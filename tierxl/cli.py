"""The command ``tierxl``: its arguments and options, read and passed on to the use cases."""

import contextlib
import gc
import io
import logging
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tierxl import cli_setup, console, console_json, defects
from tierxl.cli_help import EVERY_DAY, KEEP_SETTINGS, SET_UP, START, TEAM, GroupedCommands, PlainCommand, print_version
from tierxl.cli_reading import Method, Reading, with_reading
from tierxl.cli_target import Overwrite, target_of

if TYPE_CHECKING:
    from tierxl.use_cases.graded import GradedFile

app = typer.Typer(
    cls=GroupedCommands,
    help=START,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(cli_setup.app)
app.add_typer(
    cli_setup.template, name="template", help="Build the template workbook for a team.", rich_help_panel=SET_UP
)


Input = Annotated[
    Path, typer.Argument(metavar="INPUT", help="The clients: .xlsx, .xlsm, .ods, .xls, .csv or .parquet.")
]
ManagersFile = Annotated[
    Path | None,
    typer.Option("--managers", help="The account managers with their hours, where INPUT has none: .csv or .xlsx."),
]


def _output(meaning: str) -> Any:
    return typer.Option("-o", "--output", help=meaning)


InPlace = Annotated[bool, typer.Option("--in-place", help="Write into INPUT itself.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]
_ENGINE = typer.Option(
    "--engine", help="For Parquet files larger than memory: polars on this machine, spark on a cluster."
)
_SOURCES = typer.Argument(
    metavar="INPUT",
    help="The clients: .xlsx, .xlsm, .ods, .xls, .csv or .parquet; with --engine a folder, pattern or address too.",
)


@app.callback()
def options(
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Log more, for a bug report: clients are named in it.")
    ] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """The options of every command."""
    if verbose:
        logging.basicConfig()
        logging.getLogger("tierxl").setLevel(logging.DEBUG)


@app.command(cls=PlainCommand, rich_help_panel=EVERY_DAY)
@with_reading
def grade(
    reading: Reading,
    source: Annotated[str, _SOURCES],
    output: Annotated[
        str | None, _output("Where to write; INPUT-graded.xlsx if left out. With --engine, a new folder.")
    ] = None,
    in_place: InPlace = False,
    overwrite: Overwrite = False,
    managers: ManagersFile = None,
    live: Annotated[
        bool | None,
        typer.Option(
            "--live/--values",
            help="Tiers as formulas that follow each change, or as values; if left out, as they are in INPUT.",
        ),
    ] = None,
    engine: Annotated[Literal["polars", "spark"] | None, _ENGINE] = None,
) -> None:
    """Grade your clients into a workbook."""
    if engine:
        if in_place or overwrite or reading.table is not None or managers or live is not None:
            console.refuse(
                "--engine writes a new folder from Parquet: leave --in-place, --overwrite, --table, --managers, --live "
                "and --values out."
            )
        if not output:
            console.refuse("Give -o with the name of a new folder.")
        _grade_large(source, output, engine, reading)
        return
    path = Path(source)
    target = target_of(path, None if output is None else Path(output), in_place=in_place, overwrite=overwrite)
    from tierxl.use_cases.grade import grade_file

    with _reading_clients(), console.progress_shown() as progress:
        result = grade_file(reading.request(path, managers), target, progress, live=live)
    console.show_summary(result)
    _show_basis(reading, result, source)
    console.say_named("Next", _of_written(reading, result, source).again("report", result.target or source))


@app.command(cls=PlainCommand, rich_help_panel=EVERY_DAY)
@with_reading
def report(
    reading: Reading,
    source: Input,
    output: Annotated[Path | None, _output("A .pdf or .html file; INPUT-report.pdf if left out.")] = None,
    overwrite: Overwrite = False,
    managers: ManagersFile = None,
    title: Annotated[str, typer.Option("--title", help="The title of the report, such as your firm's name.")] = "",
) -> None:
    """Write a report for the board, .pdf or .html.

    A page that says what to decide, then the plan by tier.
    """
    target = target_of(source, output, "-report.pdf", overwrite=overwrite)
    from tierxl.use_cases.report import report_file

    with _reading_clients(), console.progress_shown() as progress:
        result = report_file(reading.request(source, managers), target, progress, title)
    console.say_named("Written", result.target)
    _show_basis(reading, replace(result, target=None), source)
    console.say_named("Next", reading.again("calendar", source, managers=managers))


@app.command(cls=PlainCommand, rich_help_panel=EVERY_DAY)
@with_reading
def explain(
    reading: Reading,
    source: Input,
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="The client's name or Client ID.")],
) -> None:
    """Say why a client has its tier.

    Step by step, and what would change it.
    """
    from tierxl.use_cases.explain import explain_file

    with _reading_clients():
        explained = explain_file(reading.request(source), client)
    console.show_explanations(explained)
    console.say("")
    console.say_named("Next", replace(reading, method=None).again("whatif", source))


@app.command(cls=PlainCommand, rich_help_panel=EVERY_DAY)
@with_reading
def check(
    reading: Reading,
    source: Input,
    as_json: AsJson = False,
    values: Annotated[
        bool, typer.Option("--values", help="With --json: each client's inputs as they were read.")
    ] = False,
    managers: ManagersFile = None,
) -> None:
    """Check a list before you grade it.

    Which columns are used, what is wrong, whether to tier at all, and whether service levels are distinct.
    """
    from tierxl.use_cases.grade import check_file

    with _reading_clients(), console.errors_for_programs() if as_json else contextlib.nullcontext():
        result = check_file(reading.request(source, managers))
    if as_json:
        console.say_for_programs(console_json.check_for_programs(result, with_values=values))
    else:
        console.show_check(result)
        where = ["--in-place"] if result.was_graded else []
        console.say_named("Next", reading.again("grade", source, *where, managers=managers))


@app.command("whatif", cls=PlainCommand, rich_help_panel=TEAM)
@partial(with_reading, without=("method",))
def what_if(
    reading: Reading,
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
    output: Annotated[Path | None, _output("Write the graded workbook with a sheet What if.")] = None,
    in_place: InPlace = False,
    overwrite: Overwrite = False,
) -> None:
    """Try other settings, and see who changes tier.

    Also which settings the tiers depend on. Nothing that is tried is applied.
    """
    is_written = bool(output or in_place)
    target = target_of(source, output, in_place=in_place, overwrite=overwrite) if is_written else None
    from tierxl.method.plan.parameters import settings_tried
    from tierxl.use_cases.what_if import Tried
    from tierxl.use_cases.what_if import what_if as find_out

    with _reading_clients(), console.progress_shown() as progress:
        settings: dict[str, dict[str, object]] = settings_tried(weights or [], cuts or [])
        if method:
            settings["grading"] = {"method": method}
        tried = Tried(settings, other_policy)
        result = find_out(reading.request(source), tried, target, progress)
    console.show_what_if(result)
    _show_basis(reading, result.graded, source)
    if other_policy or method:
        tried_here = replace(reading, policy=other_policy or reading.policy, method=method)
        console.say_named("Next", tried_here.again("grade", source))
    elif result.comparison:
        console.say_named("Next", KEEP_SETTINGS)
    elif result.first_trial:
        console.say_named("Next", reading.again("whatif", source, *result.first_trial))
    else:
        console.say_named("Next", reading.again("grade", source))


@app.command(cls=PlainCommand, rich_help_panel=EVERY_DAY)
@with_reading
def movers(
    reading: Reading,
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The clients as they were: .xlsx, .xlsm, .csv, .parquet.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The clients as they are.")],
    as_json: AsJson = False,
) -> None:
    """Show who moved up or down between two lists.

    Also what changed. Both are graded now, but an OLD workbook with a History sheet is taken as it was at its last
    grading.
    """
    from tierxl.use_cases.movers import movers_between

    with _reading_clients():
        moved = movers_between(*(reading.request(path) for path in (old, new)))
    if as_json:
        console.say_for_programs(console_json.movers_for_programs(moved))
    else:
        console.show_movers(moved)
        named = moved.lines["Client"].drop_nulls().head(1).to_list()
        console.say_named("Next", reading.again("explain", new, *named) if named else reading.again("report", new))


@app.command(cls=PlainCommand, rich_help_panel=EVERY_DAY)
@with_reading
def calendar(
    reading: Reading,
    source: Input,
    output: Annotated[Path | None, _output("Where to write; INPUT-plan.ics if left out.")] = None,
    manager: Annotated[
        str | None, typer.Option("--manager", help="The account manager whose appointments to write; all if left out.")
    ] = None,
    overwrite: Overwrite = False,
    managers: ManagersFile = None,
) -> None:
    """Put the next twelve months into a calendar.

    Review meetings and personal contacts, as an .ics file.
    """
    target = target_of(source, output, "-plan.ics", overwrite=overwrite)
    from tierxl.use_cases.calendar import calendar_file

    with _reading_clients(), console.progress_shown() as progress:
        written = calendar_file(reading.request(source, managers), target, manager, progress)
    console.show_calendar(written)
    console.show_issues(written.issues, f"in {reading.again('check', source, managers=managers)}")
    console.say_named("Open", f"{target}, in Outlook, Google Calendar or Apple Calendar")
    console.say_named("Next", replace(reading, method=None).again("whatif", source))


@app.command(cls=PlainCommand, rich_help_panel=TEAM)
@with_reading
def assign(
    reading: Reading,
    source: Input,
    output: Annotated[Path | None, _output("Where to write; INPUT-graded.xlsx if left out.")] = None,
    in_place: InPlace = False,
    overwrite: Overwrite = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write the proposal into the column Account manager as well.")
    ] = False,
    managers: ManagersFile = None,
) -> None:
    """Propose who should serve whom.

    A graded workbook is written, with the sheet Assignments. Tier A goes to Seniors, nobody is over capacity if
    that can be, and as few clients as possible change hands.
    """
    target = target_of(source, output, in_place=in_place, overwrite=overwrite)
    from tierxl.use_cases.assign import assign_file

    with _reading_clients(), console.progress_shown() as progress:
        request = reading.request(source, managers)
        assigned = assign_file(request, target, apply=apply, progress=progress)
    console.show_proposal(assigned)
    _show_basis(reading, assigned.graded, source, managers)
    if apply:
        following = _of_written(reading, assigned.graded, source).again("report", target)
    else:
        where = ["--in-place"] if in_place else ["-o", target, "--overwrite"]
        following = reading.again("assign", source, "--apply", *where, managers=managers)
    console.say_named("Next", following)


@app.command(rich_help_panel=TEAM)
def policy() -> None:
    """Print every number of the method, to edit.

    The default policy as TOML, with the source of each number.
    """
    from tierxl.method.policy import policy_toml

    typer.echo(policy_toml(), nl=False)
    console.say(f"To change a number: {KEEP_SETTINGS}", err=True)


@app.command(rich_help_panel=SET_UP)
def demo(folder: cli_setup.Folder = Path("tierxl-demo")) -> None:
    """Grade a sample portfolio."""
    from tierxl.use_cases.demo import CLIENTS, GRADED, grade_sample

    with _reading_clients(), console.progress_shown() as progress:
        defects.watch(folder / GRADED)
        assigned = grade_sample(folder, date.today(), progress)
    result, target = assigned.graded, folder / GRADED
    console.show_summary(result)
    console.say_named("Who serves whom", assigned.proposal.sentence)
    _show_basis(Reading(), result, folder / CLIENTS)
    console.say_named("Open", f"{target}, in Excel or LibreOffice")
    console.say_named("Next", Reading().again("explain", target, "Hartnell"))


def main() -> None:
    """Run the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a name outside the terminal's alphabet must not end the command
    gc.disable()  # while modules are loaded
    with defects.in_one_sentence():
        app()


def _grade_large(source: str, target: str, engine_name: str, reading: Reading) -> None:
    from tierxl.engines import opened
    from tierxl.use_cases.large import grade_large
    from tierxl.use_cases.reading import chosen_policy

    defects.watch(Path(target))
    # Spark's own log is read while it works, so it is not kept back.
    with _reading_clients(quiet=engine_name != "spark"), console.progress_shown() as progress:
        request = reading.request(Path(source))
        policy = chosen_policy(request)
        with opened(engine_name) as engine:
            result = grade_large(source, target, engine, policy, request.as_of, progress)
    console.show_large_table(result)
    console.say_named("Next", KEEP_SETTINGS)


def _show_basis(reading: Reading, result: "GradedFile", source: Path | str, managers: Path | None = None) -> None:
    """Print what a result rests on: the columns that are used, and the first issues."""
    console.show_usage(result)
    check = f"in {reading.again('check', source, managers=managers)}"
    console.show_issues(result.issues, "on the sheet Checks" if console.is_workbook(result.target) else check)


def _of_written(reading: Reading, result: "GradedFile", source: Path | str) -> Reading:
    """The options that are still needed for what was written: a workbook keeps the others on its sheet Settings."""
    if not console.is_workbook(result.target):
        return reading
    return Reading(as_of=reading.as_of, table=reading.table if console.is_workbook(Path(source)) else None)


@contextlib.contextmanager
def _reading_clients(*, quiet: bool = True) -> Iterator[None]:
    """As :func:`console.refusing` where clients are read: nothing that is printed past Python may name them."""
    if not gc.isenabled():
        gc.freeze()  # modules stay, so nobody need look through them for garbage; see benchmarks/README.md
        gc.enable()
    with console.refusing(), defects.without_panics() if quiet else contextlib.nullcontext():
        yield


if __name__ == "__main__":
    sys.exit(main())  # type: ignore[func-returns-value]
