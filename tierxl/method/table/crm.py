"""Exports of accounts as customer relationship systems write them: the headers that mark one, and their meaning.

Headers are compared as :func:`tierxl.method.table.vocabulary.normal` writes them. Their meaning holds in such
an export only: in any other table a column "Created on" is the user's own.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from tierxl.method.table.vocabulary import normal, words_for

MARKS_OF_AN_EXPORT = 2
"""Headers by which a system is known that a table needs to be taken for its export; one can be a coincidence."""


@dataclass(frozen=True)
class Export:
    """The export of accounts of one system.

    Attributes:
        system: its name.
        marks: headers that tell it from other tables.
        names: for each field, the headers that mean it, the best first. Another name of the column, that every table
            may use, comes before all of these where it is not among them.
        doubts: a warning on the contents of a column that is read, by its header.
        has_footer: True where lines about the report stand below the accounts.
    """

    system: str
    marks: frozenset[str]
    names: Mapping[str, tuple[str, ...]]
    doubts: Mapping[str, str] = field(default_factory=dict)
    has_footer: bool = False


def _exports() -> Iterator[Export]:
    text = (files("tierxl.method.table") / "crm.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    for export in document["exports"]:
        doubts = {
            normal(header): doubt for reason, doubt in document["doubts"].items() for header in export.pop(reason, ())
        }
        names = {field: tuple(headers) for field, headers in export.pop("names").items()}
        yield Export(**export | {"marks": frozenset(map(normal, export["marks"]))}, names=names, doubts=doubts)


EXPORTS = tuple(_exports())

CONVERTED = ("(base)", "(converted)")
"""The ends of the headers of amounts that the system has converted to one currency."""


def export_of(names: Collection[str]) -> Export | None:
    """The system that a table with such headers was exported from: the one with most marks, if any."""
    present = set(names)
    likely = max(EXPORTS, key=lambda export: len(export.marks & present))
    return likely if len(likely.marks & present) >= MARKS_OF_AN_EXPORT else None


def currency_header(amount: str, names: Collection[str]) -> str | None:
    """The header among others of the column that says in which currency the amounts of a column are.

    Args:
        amount: the header of the amounts.
        names: all headers.
    """
    own = (f"{amount}currency", f"{amount}currencycode")
    shared = () if amount.endswith(CONVERTED) else words_for("currency_headers")
    return next((name for name in (*own, *shared) if name in names), None)
