"""The template whose tiers are formulas: nothing is to be installed, and nothing is to be run."""

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tierxl.method.progress import silent
from tierxl.sheets import (
    account_managers,
    capacity,
    engagement_plan,
    live,
    service_levels,
    settings,
    shed_list,
    start_here,
    summary,
)
from tierxl.sheets.description import Sheet
from tierxl.sheets.graded_workbook import own_sheets
from tierxl.template.clients_sheet import BUTTON_ROW, write_clients
from tierxl.template.growth import growing_sheet
from tierxl.template.lambda_names import add_lambdas
from tierxl.template.sample import ACCOUNT_MANAGERS, CLIENTS, SAMPLE_DAY
from tierxl.template.shipped import Parts, in_one_form, read_parts, write_parts
from tierxl.use_cases.grade import clients_to_write, write
from tierxl.use_cases.graded import GradedFile, graded
from tierxl.use_cases.reading import Request
from tierxl.workbooks.ooxml.new_sheets import Draft, write_draft
from tierxl.workbooks.ooxml.package import MAIN
from tierxl.workbooks.ooxml.sheet_writer import SheetWriter

NAME = "Client Tiers Live.xlsx"
_TIERS_FOLLOW = "The tiers right of them are formulas: they follow each change here and on the sheet Settings, at once."
_START_HERE = "xl/worksheets/sheet1.xml"
_FOLLOWING = (summary.KIND, engagement_plan.KIND, service_levels.KIND, shed_list.KIND, capacity.KIND, settings.KIND)
"""The kinds of the sheets that have something to show where nobody grades again."""


@dataclass(frozen=True)
class _Lasting(GradedFile):
    """A grading that is shown by formulas alone."""

    def sheets(self) -> list[Sheet]:
        """The sheets of our own on which formulas follow each change."""
        sheets = own_sheets(self.grading, self.portfolio, (), kinds=_FOLLOWING, is_live=True, has_team=True)
        return [*map(live.lasting, sheets)]


def build_live_workbook(target: Path) -> None:
    """Build the template.

    Raises:
        CannotGrade: the file cannot be written.
    """
    with TemporaryDirectory() as folder:
        source, made = Path(folder) / "clients.xlsx", Path(folder) / NAME
        write_draft(_draft(), source)
        with clients_to_write(Request(source, SAMPLE_DAY), made, silent) as read:
            result = replace(_Lasting(**vars(graded(SAMPLE_DAY, read, silent))), is_today=True)
            write(read, made, result, silent, live=True)
        parts = in_one_form(read_parts(made), made)
    date_with_the_sample(parts)
    _open_on_start_here(parts)
    write_parts(parts, target)


def _draft() -> Draft:
    draft = Draft()
    draft.book.properties.title, draft.book.properties.creator = "Client tiers", "tierxl"
    writer = SheetWriter(draft)
    described = start_here.describe_live()
    writer.sheet(described, described.title)
    clients = write_clients(writer, CLIENTS, has_macros=False)
    writer.write(clients, BUTTON_ROW, 1, _TIERS_FOLLOW, "note")
    growing_sheet(writer, account_managers.describe(ACCOUNT_MANAGERS))
    add_lambdas(draft.book)
    return draft


def _open_on_start_here(parts: Parts) -> None:
    for view in parts["xl/workbook.xml"].iter(f"{{{MAIN}}}workbookView"):
        view.set("activeTab", "0")
    for name in (name for name in parts if name.startswith("xl/worksheets/sheet")):
        for view in parts[name].iter(f"{{{MAIN}}}sheetView"):
            view.set("tabSelected", str(int(name == _START_HERE)))


def date_with_the_sample(parts: Parts) -> None:
    """Set the hours at which a workbook was made and saved."""
    for name in ("created", "modified"):
        parts["docProps/core.xml"].find(f"{{http://purl.org/dc/terms/}}{name}").text = f"{SAMPLE_DAY}T00:00:00Z"
