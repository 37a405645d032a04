"""Words that several sheets share."""

from collections.abc import Sequence
from datetime import date

import narwhals as nw

from tierxl.method.plan.capacity import full_at
from tierxl.method.policy import Policy
from tierxl.method.rating.figures import PERCENT, Cut, Wording, exactly
from tierxl.method.table.clients import Frame
from tierxl.sheets.description import MOST_REPEATED, Cell

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


def too_long(shown: int, there: int, why: str = "a sheet has no more rows") -> str:
    """A remark on a table that shows only its first rows, with the reason; empty where it shows all."""
    return f" (the first {shown:,} of {there:,}: {why})" if shown < there else ""


def shortened(lines: Frame, room: int, elsewhere: str) -> tuple[Frame, str]:
    """The first rows of a table that repeats another, and a remark where it has more.

    Args:
        lines: the rows.
        room: the rows that the sheet has room for.
        elsewhere: where all of them stand.
    """
    fitting = lines.head(min(room, MOST_REPEATED))
    is_full = len(fitting) < MOST_REPEATED
    return fitting, too_long(len(fitting), len(lines), *(() if is_full else (elsewhere,)))


def style_beside(style: str, frame: Frame, column: str, cuts: Sequence[Cut], unit: int = 1) -> str:
    """The style of a column of scores or percentages, with the decimals that keep each on its side of the cuts."""
    decimals = Wording(nw.col(column), cuts, unit).decimals(frame)
    return style if decimals == 1 else f"{style}-{decimals}"


def utilisation_style(shares: Sequence[float | None], policy: Policy) -> str:
    """The style of a column of utilisations."""
    frame = nw.from_dict({"share": shares}, {"share": nw.Float64}, backend="polars")
    return style_beside("percent", frame, "share", [full_at(policy)], PERCENT)


def exact_style(style: str, cut: float) -> str:
    """The style of a percentage that is a cut: it has the decimals that the cut has."""
    return style if exactly(cut, 1, PERCENT) == f"{cut:.1%}" else f"{style}-exact"


def exit_line(policy: Policy) -> str:
    """The ways to part with a client, as one line."""
    first, *others = policy.shed.exit_options
    *middle, last = [first, *(option[0].lower() + option[1:] for option in others)]
    return f"{', '.join(middle)}, or {last}" if middle else last
