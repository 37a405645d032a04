"""Words that several sheets share."""

from datetime import date

from tierxl.method.policy import Policy
from tierxl.sheets.description import Cell

TITLE_HEIGHT = 26
"""The height of the first row, in points."""


def heading(title: str, as_of: date) -> tuple[Cell, ...]:
    """The title of a sheet of ours, and what becomes of it."""
    return (
        Cell(1, 1, title, "title"),
        Cell(2, 1, f"As of {as_of:%Y-%m-%d}. tierxl makes this sheet anew at each grading.", "note"),
    )


def label(name: str) -> str:
    """A name of the policy as people read it."""
    return name.replace("_", " ").capitalize()


def too_long(shown: int, there: int) -> str:
    """What is to be said of a table that a sheet has no room for; empty where it has."""
    return f" (the first {shown:,} of {there:,}: a sheet has no more rows)" if shown < there else ""


def exit_line(policy: Policy) -> str:
    """The ways to part with a client, as one line."""
    first, *others = policy.shed.exit_options
    *middle, last = [first, *(option[0].lower() + option[1:] for option in others)]
    return f"{', '.join(middle)}, or {last}" if middle else last
