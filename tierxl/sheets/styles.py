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
    """The look of a cell; colours as RRGGBB, "" for the workbook's own; the indent in characters.

    A text that shrinks is set smaller where its column is too narrow for it.
    """

    fill: str = ""
    colour: str = ""
    bold: bool = False
    italic: bool = False
    size: float = 10
    number_format: str = "General"
    align: Literal["left", "center", "right", ""] = ""
    indent: int = 0
    wrap: bool = False
    shrink: bool = False
    bordered: bool = False


FONT, TABLE_STYLE = "Calibri", "TableStyleLight1"
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

TABS = {name: _COLOURS.get(colour, colour) for name, colour in _LOOKS["tabs"].items()}
"""The colours of the tabs, by what a user does with a sheet."""

_WORDS: dict[str, dict[str, str]] = _LOOKS["words"]
TIER_STYLES, ACTION_STYLES, MOVE_STYLES = _WORDS["tier"], _WORDS["action"], _WORDS["move"]
STYLES |= {
    f"{name}-{mark}": replace(STYLES[name], number_format=number_format)
    for name in TIER_STYLES.values()
    for mark, number_format in _LOOKS["marks"].items()
}
REMARK_STYLES, YES_STYLES = _WORDS["remark"], _WORDS["yes"]
RATING_STYLES = {rating: _WORDS[direction] for rating, direction in _LOOKS["ratings"].items()}
SERIES_STYLES = TIER_STYLES | _WORDS["series"]
"""The style of each tier in a chart, on whose white a light one would be lost."""
LATE = (0, "overdue")
"""The number of days above which something is overdue, and its style."""
