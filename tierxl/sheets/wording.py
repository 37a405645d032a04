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


_LABELS = {
    "differ_in": "Services that differ",
    "equal_gini_below": "Gini coefficient below",
    "full_at": "Full from",
    "homogeneous_from": "Alike clients from",
    "max_move": "Most tiers moved",
    "resources_from": "Hours for all from",
    "senior_on_c": "Senior on tier C",
    "small_below": "Fewer clients than",
    "two_factors_from": "Two rated factors from",
}
"""The names of the policy that say more in other words."""


def label(name: str) -> str:
    """A name of the policy as people read it."""
    return _LABELS.get(name) or former_label(name)


def former_label(name: str) -> str:
    """A name of the policy as an earlier edition wrote it: with spaces, and a capital."""
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
