"""The command: what a person types, and what they read when it is done."""

import contextlib
import gc
import io
import logging
import os
import sys
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from tierxl import console, defects

if TYPE_CHECKING:
    from tierxl.use_cases.reading import Request

app = typer.Typer(
    help="Grade clients A, B or C, with the reasons, and plan the time for each.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

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
        if in_place or overwrite or table is not None or managers:
            _refuse(
                "--engine writes a new folder from Parquet: leave --in-place, --overwrite, --table and --managers out."
            )
        if not output:
            _refuse("Give -o with the name of a new folder.")
        _grade_lake(source, output, engine, policy, method, as_of)
        return
    path = Path(source)
    target = _target(path, None if output is None else Path(output), in_place=in_place, overwrite=overwrite)
    with _reading_clients(), console.progress_shown() as progress:
        from tierxl.use_cases.grade import grade_file

        result = grade_file(_request(path, table, policy, method, as_of, managers), target, progress)
    console.show_issues(result.issues)
    console.show_summary(result)


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
    with _reading_clients(), console.progress_shown() as progress:
        from tierxl.use_cases.report import report_file

        result = report_file(_request(source, table, policy, method, as_of), target, progress)
    console.show_issues(result.issues)
    console.say(f"{'Written:':<18}{result.target}")


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
    with _reading_clients():
        from tierxl.use_cases.explain import explain_file

        explained = explain_file(_request(source, table, policy, method, as_of), client)
    console.show_explanations(explained)


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
    with _reading_clients():
        from tierxl.use_cases.grade import check_file

        result = check_file(_request(source, table, policy, method, as_of, managers))
    if as_json:
        console.say_for_programs(console.check_for_programs(result))
    else:
        console.show_check(result)


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
    with _reading_clients(), console.progress_shown() as progress:
        from tierxl.method.plan.parameters import settings_tried
        from tierxl.use_cases.what_if import Tried
        from tierxl.use_cases.what_if import what_if as find_out

        settings: dict[str, dict[str, object]] = settings_tried(weights or [], cuts or [])
        if method:
            settings["grading"] = {"method": method.value}
        tried = Tried(settings, other_policy)
        found = find_out(_request(source, table, policy, None, as_of), tried, target, progress)
    console.show_issues(found.graded.issues)
    console.show_what_if(found)


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
    with _reading_clients():
        from tierxl.use_cases.movers import movers_between

        found = movers_between(*(_request(path, None, policy, method, as_of) for path in (old, new)))
    if as_json:
        console.say_for_programs(console.movers_for_programs(found))
    else:
        console.show_movers(found)


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
    with _reading_clients(), console.progress_shown() as progress:
        from tierxl.use_cases.calendar import calendar_file

        written = calendar_file(_request(source, table, policy, method, as_of), target, manager, progress)
    console.show_issues(written.issues)
    console.show_calendar(written)


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
    with _reading_clients(), console.progress_shown() as progress:
        from tierxl.use_cases.assign import assign_file

        request = _request(source, table, policy, method, as_of, managers)
        assigned = assign_file(request, target, apply=apply, progress=progress)
    console.show_issues(assigned.graded.issues)
    console.show_proposal(assigned)


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
    with _reading_clients(), console.progress_shown() as progress:
        from tierxl.method.issues import CannotGrade
        from tierxl.template.shipped import SAMPLE, shipped
        from tierxl.use_cases.grade import grade_file
        from tierxl.use_cases.reading import Request

        try:
            folder.mkdir(parents=True, exist_ok=True)
            clients = folder / "sample-portfolio.csv"
            clients.write_bytes(shipped(SAMPLE).read_bytes())
        except OSError as error:
            raise CannotGrade(f"{folder} cannot be written: {error.strerror or error}.") from error
        target = folder / "sample-portfolio-graded.xlsx"
        defects.watch(target)
        result = grade_file(Request(clients, _SAMPLE_DAY), target, progress)
    console.show_issues(result.issues)
    console.show_summary(result)
    console.say("")
    console.say(f"Open {target} in Excel or LibreOffice: start with the sheet Engagement plan.")
    console.say(f'Then try: tierxl explain "{clients}" "Hartnell, Voss & Pryde LLP"')


_SAMPLE_DAY = date(2026, 11, 22)


@template.command()
def build(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to write.")] = Path(),
) -> None:
    """Build the template, with macros and without, and the extension for LibreOffice Calc."""
    with _one_sentence_for_errors():
        from tierxl.template.build import build as build_workbooks

        for path in build_workbooks(folder):
            console.say(f"{'Written:':<18}{path}")


@app.command()
def install(
    unpacked: Annotated[
        Path | None, typer.Option("--bundle", help="An unpacked bundle, whose template is taken as it is.")
    ] = None,
    calc: Annotated[
        bool, typer.Option("--calc", help="Add the extension to LibreOffice Calc; nothing is done for Excel.")
    ] = False,
) -> None:
    """Put the template where Excel offers it, or the extension into LibreOffice Calc."""
    if calc:
        if unpacked:
            _refuse("--calc takes no template: leave --bundle out.")
        _install_in_calc()
        return
    with _one_sentence_for_errors():
        from tierxl.deployment.install import install as install_here
        from tierxl.deployment.places import places_on
        from tierxl.doctor import this_machine
        from tierxl.template.shipped import write_template

        machine = this_machine()
        installed = install_here(machine, places_on(machine), write_template, unpacked)
    console.show_installed(installed)


def _install_in_calc() -> None:
    with _one_sentence_for_errors():
        from tierxl.deployment.calc import install_in_calc
        from tierxl.deployment.places import places_on
        from tierxl.doctor import this_machine
        from tierxl.template.shipped import CALC_EXTENSION, shipped

        machine = this_machine()
        installed = install_in_calc(machine, places_on(machine), shipped(CALC_EXTENSION))
    console.show_installed_in_calc(installed)


@app.command()
def uninstall() -> None:
    """Remove what install has written."""
    with _one_sentence_for_errors():
        from tierxl.deployment.install import uninstall as uninstall_here
        from tierxl.deployment.places import places_on
        from tierxl.doctor import this_machine

        machine = this_machine()
        uninstalled = uninstall_here(machine, places_on(machine))
    console.show_uninstalled(uninstalled)


@app.command()
def bundle(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write.")],
) -> None:
    """Make a zip for IT, to install without internet."""
    with _one_sentence_for_errors():
        from tierxl.deployment.bundle import bundle as make_bundle
        from tierxl.template.shipped import write_template

        console.say("Collecting the wheels; this takes a minute or more.")
        written = make_bundle(folder, write_template)
    console.say(f"{'Written:':<18}{written}")
    console.say("Unpack it, and read GUIDE.txt first.")


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
        console.say(f"{finding.status:<7}{finding.check + ':':<14}{finding.found}")
        if finding.cure:
            console.say(f"{'':<7}{'Cure:':<14}{finding.cure}")
    if any(finding.status == "wrong" for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Run the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a name outside the terminal's alphabet must not end the command
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    with defects.in_one_sentence():
        app()


def _request(
    source: Path,
    table: str | None,
    policy_file: Path | None,
    method: Method | None,
    as_of: datetime | None,
    managers: Path | None = None,
) -> "Request":
    from tierxl.use_cases.reading import Request

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
    # Spark's own log is read while it works, so it is not kept back.
    in_order = _one_sentence_for_errors() if engine_name == EngineName.SPARK else _reading_clients()
    defects.watch(Path(target))
    with in_order, console.progress_shown() as progress:
        from tierxl.engines import opened
        from tierxl.use_cases.large import grade_large
        from tierxl.use_cases.reading import chosen_policy

        policy = chosen_policy(policy_file, method.value if method else None)
        with opened(engine_name.value) as engine:
            day = as_of.date() if as_of else date.today()
            result = grade_large(source, target, engine, policy, day, progress)
    console.show_large_table(result)


def _target(source: Path, output: Path | None, *, in_place: bool, overwrite: bool) -> Path:
    if in_place and output:
        _refuse("Give either --in-place or -o, not both.")
    if in_place and _is_file(source):
        _say_what_other_names_keep(source)
        defects.watch(source)
        return source
    return _new_target(source, output, "-graded.xlsx", overwrite=overwrite)


def _new_target(source: Path, output: Path | None, ending: str, *, overwrite: bool) -> Path:
    if not _is_file(source):
        _refuse(f"There is no file {source}.")
    target = output or source.with_name(f"{source.stem}{ending}")
    try:
        target.resolve()
        exists = target.exists()
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "it is a link that leads to itself"
        _refuse(f"{target} cannot be written: {why}. Give another name with -o.")
    if exists and not overwrite:
        _refuse(f"{target} exists already: give --overwrite to replace it, or -o with another name.")
    _say_what_other_names_keep(target)
    defects.watch(target)
    return target


def _is_file(path: Path) -> bool:
    """Whether there is such a file; there is none of a name that no disk can hold."""
    return os.path.isfile(path)  # noqa: PTH113  Path.is_file raises for such names


def _say_what_other_names_keep(target: Path) -> None:
    """A file is written whole or not at all by taking the place of one name: hard links to it part."""
    if target.exists() and target.stat().st_nlink > 1:
        console.say(
            f"{target} has another name on this disk (a hard link): what is written now stands under {target.name} "
            "alone, and the other name keeps the file as it was.",
            err=True,
        )


@app.command("calc-worker", hidden=True)
def calc_worker() -> None:
    """Answer LibreOffice Calc: its extension starts this, and talks to it over pipes."""
    from tierxl.calc.wire import standard_streams
    from tierxl.calc.worker import serve

    serve(*standard_streams())


@contextlib.contextmanager
def _one_sentence_for_errors() -> Iterator[None]:
    from tierxl.deployment.errors import CannotDeploy
    from tierxl.method.issues import CannotGrade

    try:
        yield
    except (CannotGrade, CannotDeploy) as error:
        _refuse(str(error))


@contextlib.contextmanager
def _reading_clients() -> Iterator[None]:
    with _one_sentence_for_errors(), defects.without_panics():
        yield


def _refuse(sentence: str) -> NoReturn:
    console.say(sentence, err=True)
    raise typer.Exit(2)


if __name__ == "__main__":
    sys.exit(main())  # type: ignore[func-returns-value]
