"""Words that several sheets share."""

import textwrap
from datetime import date

from tierxl.method.levels import NOT_GRADED, TIER_NAMES
from tierxl.method.policy import Policy
from tierxl.method.rating.figures import PERCENT, exactly
from tierxl.method.words import in_words

FIGURES = "Figures behind the charts"
"""The heading of what charts draw, which stands out of sight."""


def made_anew(as_of: date) -> str:
    """The note on a sheet that each grading makes anew."""
    return f"Updated {in_words(as_of)}. Grading again replaces this sheet."


def label(name: str) -> str:
    """A name of the policy as people read it."""
    words = name.replace("_", " ").capitalize()
    return f"{words.removesuffix(' id')} ID" if words.endswith(" id") else words


def tier_label(tier: str) -> str:
    """A tier as a chart or a figure names it: Tier A, or Not graded."""
    return tier if tier == TIER_NAMES[NOT_GRADED] else f"Tier {tier}"


def height_of(width: int, *texts: str) -> float:
    """The height of a row in points, for texts in cells so many characters wide."""
    return 15.0 * max(len(textwrap.wrap(text, width)) or 1 for text in texts)


def exact_style(style: str, cut: float) -> str:
    """The style of a percentage that is a cut: it has the decimals that the cut has."""
    return style if exactly(cut, 1, PERCENT) == f"{cut:.1%}" else f"{style}-exact"


def exit_line(policy: Policy) -> str:
    """The ways to part with a client, as one line."""
    first, *others = policy.shed.exit_options
    *middle, last = [first, *(option[0].lower() + option[1:] for option in others)]
    return f"{', '.join(middle)}, or {last}" if middle else last
