"""The command ``tierxl``: its arguments and options, read and passed on to the use cases."""

import contextlib
import gc
import io
import logging
import os
import sys
from collections.abc import Iterator
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from tierxl import cli_setup, console, defects
from tierxl.cli_reading import Method, Reading, with_reading

app = typer.Typer(
    help="Grade clients A, B or C, with the reasons, and plan the time for each.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(cli_setup.app)
app.add_typer(cli_setup.template, name="template", help="The workbook for a team.")


Input = Annotated[
    Path, typer.Argument(metavar="INPUT", help="The clients: .xlsx, .xlsm, .ods, .xls, .csv or .parquet.")
]
ManagersFile = Annotated[
    Path | None,
    typer.Option("--managers", help="The account managers with their hours, where INPUT has none: .csv or .xlsx."),
]


class EngineName(StrEnum):
    """The engines that grade Parquet files larger than memory."""

    POLARS = "polars"
    SPARK = "spark"


def _output(meaning: str) -> Any:
    return typer.Option("-o", "--output", help=meaning)


InPlace = Annotated[bool, typer.Option("--in-place", help="Write into INPUT itself.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an output that exists.")]
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
        bool, typer.Option("--verbose", help="Log more, for a report of a defect: clients are named in it.")
    ] = False,
) -> None:
    """The options of every command."""
    if verbose:
        logging.basicConfig()
        logging.getLogger("tierxl").setLevel(logging.DEBUG)


@app.command()
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
    engine: Annotated[EngineName | None, _ENGINE] = None,
) -> None:
    """Grade the clients of a file and write a graded workbook."""
    if engine:
        if in_place or overwrite or reading.table is not None or managers:
            console.refuse(
                "--engine writes a new folder from Parquet: leave --in-place, --overwrite, --table and --managers out."
            )
        if not output:
            console.refuse("Give -o with the name of a new folder.")
        _grade_large(source, output, engine, reading)
        return
    path = Path(source)
    target = _target(path, None if output is None else Path(output), in_place=in_place, overwrite=overwrite)
    from tierxl.use_cases.grade import grade_file

    with _reading_clients(), console.progress_shown() as progress:
        result = grade_file(reading.request(path, managers), target, progress)
    console.show_usage(result)
    console.show_issues(result.issues)
    console.show_summary(result)


@app.command()
@with_reading
def report(
    reading: Reading,
    source: Input,
    output: Annotated[Path | None, _output("A .pdf or .html file; INPUT-report.pdf if left out.")] = None,
    overwrite: Overwrite = False,
    title: Annotated[str, typer.Option("--title", help="The title of the report, such as your firm's name.")] = "",
) -> None:
    """Write a report for the board: a page that says what to decide, then the plan by tier."""
    target = _target(source, output, "-report.pdf", overwrite=overwrite)
    from tierxl.use_cases.report import report_file

    with _reading_clients(), console.progress_shown() as progress:
        result = report_file(reading.request(source), target, progress, title)
    console.show_usage(result)
    console.show_issues(result.issues)
    console.say(f"{'Written:':<18}{result.target}")


@app.command()
@with_reading
def explain(
    reading: Reading,
    source: Input,
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="The client's name or Client ID.")],
) -> None:
    """Say why a client has its tier, step by step, and what would change it."""
    from tierxl.use_cases.explain import explain_file

    with _reading_clients():
        explained = explain_file(reading.request(source), client)
    console.show_explanations(explained)


@app.command()
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
    """Say which columns are used, what is wrong, whether to tier at all, and whether service levels are distinct."""
    from tierxl.use_cases.grade import check_file

    with _reading_clients(), console.errors_for_programs() if as_json else contextlib.nullcontext():
        result = check_file(reading.request(source, managers))
    if as_json:
        console.say_for_programs(console.check_for_programs(result, with_values=values))
    else:
        console.show_check(result)


@app.command("whatif")
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
    """Say what other settings would change, and which settings the tiers hang on.

    Nothing that is tried is applied.
    """
    is_written = bool(output or in_place)
    target = _target(source, output, in_place=in_place, overwrite=overwrite) if is_written else None
    from tierxl.method.plan.parameters import settings_tried
    from tierxl.use_cases.what_if import Tried
    from tierxl.use_cases.what_if import what_if as find_out

    with _reading_clients(), console.progress_shown() as progress:
        settings: dict[str, dict[str, object]] = settings_tried(weights or [], cuts or [])
        if method:
            settings["grading"] = {"method": method.value}
        tried = Tried(settings, other_policy)
        result = find_out(reading.request(source), tried, target, progress)
    console.show_usage(result.graded)
    console.show_issues(result.graded.issues)
    console.show_what_if(result)


@app.command()
@with_reading
def movers(
    reading: Reading,
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The clients as they were: .xlsx, .xlsm, .csv, .parquet.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The clients as they are.")],
    as_json: AsJson = False,
) -> None:
    """Say who is in another tier in NEW than in OLD, and what changed.

    Both are graded now, but an OLD workbook with a History sheet is taken as it was at its last grading.
    """
    from tierxl.use_cases.movers import movers_between

    with _reading_clients():
        moved = movers_between(*(reading.request(path) for path in (old, new)))
    if as_json:
        console.say_for_programs(console.movers_for_programs(moved))
    else:
        console.show_movers(moved)


@app.command()
@with_reading
def calendar(
    reading: Reading,
    source: Input,
    output: Annotated[Path | None, _output("Where to write; INPUT-plan.ics if left out.")] = None,
    manager: Annotated[
        str | None, typer.Option("--manager", help="The account manager whose appointments to write; all if left out.")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Write the review meetings and personal contacts of the next twelve months as a calendar."""
    target = _target(source, output, "-plan.ics", overwrite=overwrite)
    from tierxl.use_cases.calendar import calendar_file

    with _reading_clients(), console.progress_shown() as progress:
        written = calendar_file(reading.request(source), target, manager, progress)
    console.show_issues(written.issues)
    console.show_calendar(written)


@app.command()
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
    """Propose who should serve whom, and write a graded workbook with the sheet Assignments.

    Tier A goes to Seniors, nobody is over capacity if that can be, and as few clients as possible change hands.
    """
    target = _target(source, output, in_place=in_place, overwrite=overwrite)
    from tierxl.use_cases.assign import assign_file

    with _reading_clients(), console.progress_shown() as progress:
        request = reading.request(source, managers)
        assigned = assign_file(request, target, apply=apply, progress=progress)
    console.show_usage(assigned.graded)
    console.show_issues(assigned.graded.issues)
    console.show_proposal(assigned)


@app.command()
def policy() -> None:
    """Print the default policy as TOML, every number with its source, ready to edit."""
    from tierxl.method.policy import policy_toml

    typer.echo(policy_toml(), nl=False)


@app.command()
def demo(folder: cli_setup.Folder = Path("tierxl-demo")) -> None:
    """Grade the sample portfolio and say what to open."""
    from tierxl.use_cases.demo import CLIENTS, GRADED, grade_sample

    with _reading_clients(), console.progress_shown() as progress:
        defects.watch(folder / GRADED)
        result = grade_sample(folder, progress)
    console.show_usage(result)
    console.show_issues(result.issues)
    console.show_summary(result)
    console.say("")
    console.say(f"Open {result.target} in Excel or LibreOffice: start with the sheet Engagement plan.")
    console.say(f'Then try: tierxl explain "{folder / CLIENTS}" "Hartnell, Voss & Pryde LLP"')


def main() -> None:
    """Run the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a name outside the terminal's alphabet must not end the command
    gc.disable()  # while modules are loaded
    with defects.in_one_sentence():
        app()


def _grade_large(source: str, target: str, engine_name: EngineName, reading: Reading) -> None:
    from tierxl.engines import opened
    from tierxl.use_cases.large import grade_large
    from tierxl.use_cases.reading import chosen_policy

    defects.watch(Path(target))
    # Spark's own log is read while it works, so it is not kept back.
    with _reading_clients(quiet=engine_name != EngineName.SPARK), console.progress_shown() as progress:
        request = reading.request(Path(source))
        policy = chosen_policy(request)
        with opened(engine_name.value) as engine:
            result = grade_large(source, target, engine, policy, request.as_of, progress)
    console.show_large_table(result)


def _target(
    source: Path, output: Path | None, ending: str = "-graded.xlsx", *, overwrite: bool, in_place: bool = False
) -> Path:
    """The file to write: INPUT itself, the output, or a new file beside INPUT with its name and an ending."""
    if in_place and output:
        console.refuse("Give either --in-place or -o, not both.")
    if not os.path.isfile(source):  # noqa: PTH113  Path.is_file raises for names that no disk can hold
        console.refuse(f"There is no file {source}.")
    target = source if in_place else output or source.with_name(f"{source.stem}{ending}")
    if not in_place:
        _refuse_existing(target, overwrite=overwrite)
    if target.exists() and target.stat().st_nlink > 1:
        console.say(
            f"{target} has another name on this disk (a hard link): what is written now stands under {target.name} "
            "alone, and the other name keeps the file as it was.",
            err=True,
        )
    defects.watch(target)
    return target


def _refuse_existing(target: Path, *, overwrite: bool) -> None:
    try:
        target.resolve()
        exists = target.exists()
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "it is a link that leads to itself"
        console.refuse(f"{target} cannot be written: {why}. Give another name with -o.")
    if exists and not overwrite:
        console.refuse(f"{target} exists already: give --overwrite to replace it, or -o with another name.")


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
