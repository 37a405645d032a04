"""The earlier output that a grading writes over, and what goes on from there into the new one."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tierxl.method.issues import CannotGrade
from tierxl.method.words import listed, plural
from tierxl.sheets import account_managers, history, settings
from tierxl.sheets.settings import SettingsRead
from tierxl.workbooks.managers import ManagerTable, managers_in
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile

_SIGNATURES = (b"PK", b"\xd0\xcf\x11\xe0")
"""The first bytes of a workbook, and of one behind a password. A file with others holds no sheet that could be lost."""


@dataclass(frozen=True)
class EarlierOutput:
    """The sheets of an earlier output that go on; None for each that it does not have, or that the input has itself.

    Attributes:
        name: the file's name; empty where nothing is written over.
        past: the gradings on its History.
        settings: its Settings.
        managers: the account managers that it lists.
    """

    name: str = ""
    past: history.Past | None = None
    settings: SettingsRead | None = None
    managers: ManagerTable | None = None

    @property
    def sentence(self) -> str:
        """A sentence on what goes on; empty where nothing is written over."""
        sheets = {history.TITLE: self.past, settings.TITLE: self.settings, account_managers.TITLE: self.managers}
        titles = [title for title, sheet in sheets.items() if sheet is not None]
        if titles:
            return f"{listed(titles)} of the earlier {self.name} {plural(len(titles), 'is', 'are')} carried on."
        return f"the earlier {self.name} had no History, Settings or Account managers to carry on." if self.name else ""


NO_OUTPUT = EarlierOutput()


def earlier_output(target: Path) -> EarlierOutput:
    """The earlier output in the place of a file that is to be written.

    Raises:
        CannotGrade: it may be one, and cannot be read, so that its sheets would be lost.
    """
    try:
        with target.open("rb") as file:
            if not file.read(max(map(len, _SIGNATURES))).startswith(_SIGNATURES):
                return EarlierOutput(target.name)
        workbook = WorkbookFile(target)
        with closing(workbook.package):
            return _of(workbook)
    except (CannotGrade, OSError) as error:
        why = str(error) if isinstance(error, CannotGrade) else f"it cannot be read: {error.strerror or error}."
        raise CannotGrade(
            f"{target} stays as it is, for its History, Settings and Account managers cannot be carried on: {why} "
            "Mend or remove it, or give -o with another name."
        ) from error


def _of(workbook: WorkbookFile) -> EarlierOutput:
    ours = workbook.own_sheets()
    if not ours:
        return EarlierOutput(workbook.name)
    managers = managers_in(workbook, "")
    return EarlierOutput(
        workbook.name,
        workbook.past() if history.KIND in ours else None,
        workbook.settings() if settings.KIND in ours else None,
        managers.on_new_sheet() if managers else None,
    )
