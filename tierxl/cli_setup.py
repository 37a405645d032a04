"""The commands of ``tierxl`` that set up a computer: the template, installing, removing, and finding what is amiss."""

from pathlib import Path
from typing import Annotated

import typer

from tierxl import console
from tierxl.cli_help import SET_UP
from tierxl.cli_target import Overwrite, target_of

app = typer.Typer()
template = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Where to write.")]


@template.command()
def build(folder: Folder = Path()) -> None:
    """Build the templates, the add-in and the Calc extension."""
    with console.refusing():
        from tierxl.template.build import build as build_workbooks

        for path in build_workbooks(folder):
            console.say_named("Written", path)


@app.command(rich_help_panel=SET_UP)
def install(
    unpacked: Annotated[
        Path | None, typer.Option("--bundle", help="An unpacked bundle, whose files are taken as they are.")
    ] = None,
    calc: Annotated[
        bool, typer.Option("--calc", help="Add the extension to LibreOffice Calc; nothing is done for Excel.")
    ] = False,
) -> None:
    """Install the add-in for Excel, or for Calc.

    The add-in goes where Excel opens it when it starts, the template where Excel offers it. With --calc the extension
    goes into LibreOffice Calc.
    """
    if calc and unpacked:
        console.refuse("--calc takes no template: leave --bundle out.")
    with console.refusing():
        from tierxl.deployment.calc import install_in_calc
        from tierxl.deployment.install import install as install_here
        from tierxl.deployment.places import places_on
        from tierxl.doctor import this_machine
        from tierxl.template.shipped import CALC_EXTENSION, write_template
        from tierxl.workbooks.shipped import shipped

        machine = this_machine()
        places = places_on(machine)
        if calc:
            console.show_installed_in_calc(install_in_calc(machine, places, shipped(CALC_EXTENSION)))
        else:
            console.show_installed(install_here(machine, places, write_template, unpacked))


@app.command(rich_help_panel=SET_UP)
def upgrade(
    workbook: Annotated[
        Path, typer.Argument(metavar="WORKBOOK", help="A workbook that was made from the template: .xlsm or .xltm.")
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where to write; WORKBOOK-upgraded.xlsm if left out.")
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Write into WORKBOOK itself; a copy of the old one is kept beside it.")
    ] = False,
    overwrite: Overwrite = False,
) -> None:
    """Bring an older workbook to this version.

    Its macros, worksheet functions, ribbon and settings become those of the template that is installed; all else stays
    as it is, macros of your own too.
    """
    target = target_of(workbook, output, f"-upgraded{workbook.suffix}", overwrite=overwrite, in_place=in_place)
    with console.refusing():
        from tierxl.deployment.upgrade import upgrade as upgrade_here

        upgraded = upgrade_here(workbook, target)
    if not upgraded.changes:
        console.say(f"{workbook} is of this version already: nothing was written.")
        return
    for change in upgraded.changes:
        console.say_named("New", change)
    if upgraded.original:
        console.say_named("As it was", upgraded.original)
    console.say_named("Written", upgraded.target)


@app.command(rich_help_panel=SET_UP)
def uninstall() -> None:
    """Remove what install has written."""
    with console.refusing():
        from tierxl.deployment.install import uninstall as uninstall_here
        from tierxl.deployment.places import places_on
        from tierxl.doctor import this_machine

        machine = this_machine()
        uninstalled = uninstall_here(machine, places_on(machine))
    console.show_uninstalled(uninstalled)


@app.command(rich_help_panel=SET_UP)
def bundle(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write.")]) -> None:
    """Make a zip for IT, to install without internet."""
    with console.refusing():
        from tierxl.deployment.bundle import bundle as make_bundle
        from tierxl.template.shipped import write_template

        console.say("Collecting the wheels; this takes a minute or more.")
        written = make_bundle(folder, write_template)
    console.say_named("Written", written)
    console.say("Unpack it, and read GUIDE.txt first.")


@app.command(rich_help_panel=SET_UP)
def doctor(
    workbook: Annotated[
        Path | None, typer.Argument(metavar="WORKBOOK", help="A workbook to examine; the add-in if left out.")
    ] = None,
) -> None:
    """Find what keeps the buttons from working.

    Each finding comes with its cure.

    The exit status is 1 if something is wrong.
    """
    from tierxl.deployment.install import installed_workbook
    from tierxl.deployment.places import places_on
    from tierxl.doctor import examine, this_machine

    machine = this_machine()
    findings = examine(workbook or installed_workbook(places_on(machine)), machine)
    for finding in findings:
        console.say(f"{finding.status:<7}{finding.check + ':':<14}{finding.detail}")
        if finding.cure:
            console.say(f"{'':<7}{'Cure:':<14}{finding.cure}")
    if any(finding.status == "wrong" for finding in findings):
        raise typer.Exit(1)


@app.command("calc-worker", hidden=True)
def calc_worker() -> None:
    """Answer LibreOffice Calc: its extension starts this, and talks to it over pipes."""
    from tierxl.calc.wire import standard_streams
    from tierxl.calc.worker import serve

    serve(*standard_streams())
