"""The earlier output that a grading writes over, and what goes on from there into the new one."""

from dataclasses import dataclass

from tierxl.method.words import listed, plural
from tierxl.sheets import account_managers, history, settings
from tierxl.sheets.settings import SettingsRead
from tierxl.workbooks.managers import ManagerTable


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
