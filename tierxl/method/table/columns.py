"""The columns of a Clients table: their names, their kinds, their meaning, and their other names."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from tierxl.method.table.vocabulary import normal


class Kind(StrEnum):
    """The kind of value that the cells of a column hold."""

    TEXT = "text"
    MONEY = "money"
    PERCENT = "percent"
    NUMBER = "number"
    LEVEL = "High/Medium/Low"
    SATISFACTION = "High/Medium/Low or 0 to 10"
    YES_NO = "yes/no"
    TIER = "A/B/C"
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """One column that the method knows."""

    name: str
    kind: Kind
    meaning: str
    aliases: tuple[str, ...] = ()
    required: bool = False

    @property
    def field(self) -> str:
        """The column's name inside the method."""
        return self.name.lower().replace(" ", "_")


def _columns() -> Iterator[Column]:
    for column in tomllib.loads((files("tierxl.method.table") / "columns.toml").read_text(encoding="utf-8"))["columns"]:
        aliases = tuple(column.pop("aliases", ()))
        yield Column(**column | {"kind": Kind(column["kind"]), "aliases": aliases})


COLUMNS = tuple(_columns())
"""The columns in the order in which they are offered, as ``columns.toml`` has them."""

GRADED_COLUMNS = (
    "Tier",
    "Action",
    "Reason",
    "Score",
    "Starting tier",
    "Revenue rating",
    "Wallet rating",
    "Profit rating",
    "Strategic rating",
    "Pain rating",
    "Upside",
    "Provisional",
    "Borderline",
    "What would lift it",
    "Why",
)
WITH_CONTENT_ONLY = ("Wallet rating", "Profit rating", "Strategic rating", "Pain rating", "Upside")
"""The graded columns that a workbook may lack, since they are left out where no client has anything in them."""
TEXTS = ("What would lift it", "Why")
"""The graded columns with sentences, which are as of a grading where the others are formulas."""
FORMER_GRADED_COLUMNS = {"Next step": "What would lift it"}
"""The names that graded columns had in an earlier edition, and those that they have today."""


BY_FIELD = {column.field: column for column in COLUMNS}
BY_HEADER = {normal(name): column for column in COLUMNS for name in (column.name, *column.aliases)}
"""The column that a header means; headers as they are compared."""
