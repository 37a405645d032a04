"""Styles by their names, as ``styles.toml`` has them, and the styles that words take in a column.

Colour is never the only sign: a coloured cell also says its level, tier or action in words.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any, Literal


@dataclass(frozen=True)
class Style:
    """The look of a cell; colours as RRGGBB, "" for the workbook's own."""

    fill: str = ""
    colour: str = ""
    bold: bool = False
    italic: bool = False
    size: float = 10
    number_format: str = "General"
    align: Literal["left", "center", "right", ""] = ""
    wrap: bool = False
    bordered: bool = False


_LOOKS: dict[str, dict[str, Any]] = tomllib.loads((files("tierxl.sheets") / "styles.toml").read_text(encoding="utf-8"))
_COLOURS: dict[str, str] = _LOOKS["colours"]
INK, PAPER, MUTED, LINE = (_COLOURS[name] for name in ("ink", "paper", "muted", "line"))


def _style(look: Mapping[str, Any]) -> Style:
    named = {part: _COLOURS.get(look[part], look[part]) for part in ("fill", "colour") if part in look}
    return Style(**{**look, **named})


STYLES = {name: _style(look) for name, look in _LOOKS["styles"].items()}
DECIMALS = range(2, 10)
"""Decimals beyond the first that a column can have where a number would fall on the wrong side of a cut."""
STYLES |= {f"score-{count}": replace(STYLES["score"], number_format=f"0.{'0' * count}") for count in DECIMALS}
STYLES |= {f"percent-{count}": replace(STYLES["percent"], number_format=f"0.{'0' * count}%") for count in DECIMALS}
STYLES |= {
    f"{name}-exact": replace(STYLES[name], number_format="0.0##############%")
    for name in ("percent", "share", "reading-percent", "input-percent")
}

TIER_STYLES = {"A": "tier-a", "B": "tier-b", "C": "tier-c", "Not graded": "not-graded"}
SERIES_STYLES = {"A": "tier-a", "B": "tier-b", "C": "point-c", "Not graded": "point-none"}
"""The style of each tier in a chart, on whose white a light one would be lost."""
ACTION_STYLES = {"Protect": "protect", "Grow": "grow", "Shed": "shed", "Review exception": "review"}
MOVE_STYLES = {
    "Up": "good",
    "Down": "poor",
    "Now graded": "fair",
    "No longer graded": "not-rated",
    "New": "protect",
    "Gone": "review",
}
MORE_IS_BETTER = {"High": "good", "Medium": "fair", "Low": "poor", "Laggard": "loss", "Not rated": "not-rated"}
LESS_IS_BETTER = {"High": "poor", "Medium": "fair", "Low": "good", "Not rated": "not-rated"}
RATING_STYLES = {
    "Revenue rating": MORE_IS_BETTER,
    "Wallet rating": LESS_IS_BETTER,
    "Profit rating": MORE_IS_BETTER,
    "Strategic rating": MORE_IS_BETTER,
    "Pain rating": LESS_IS_BETTER,
}
REMARK_STYLES = {"Neglected": "overdue", "Never contacted": "warning"}
YES_STYLES = {"Yes": "warning"}
LATE = (0, "overdue")
"""The number of days above which something is overdue, and its style."""
