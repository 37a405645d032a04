"""The look of every style, by its name: the one place where colours stand.

Colour is never the only sign: a coloured cell also says its level, tier or action in words.
"""

from dataclasses import dataclass, replace
from typing import Literal


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


INK, PAPER, MUTED, LINE = "1F2933", "FFFFFF", "5F6B7A", "C9D1D9"

STYLES = {
    "text": Style(align="left"),
    "wrapped": Style(align="left", wrap=True),
    "title": Style(bold=True, size=18, colour=INK),
    "section": Style(bold=True, size=12, colour="1F6F54"),
    "note": Style(italic=True, colour=MUTED),
    "verdict": Style(bold=True, size=14, colour="1F6F54"),
    "header": Style(bold=True, fill="33475B", colour=PAPER, wrap=True, align="left"),
    "header-center": Style(bold=True, fill="33475B", colour=PAPER, wrap=True, align="center"),
    "header-right": Style(bold=True, fill="33475B", colour=PAPER, wrap=True, align="right"),
    "header-a": Style(bold=True, fill="1F6F54", colour=PAPER, wrap=True, align="left"),
    "header-b": Style(bold=True, fill="8CC7A8", colour=INK, wrap=True, align="left"),
    "header-c": Style(bold=True, fill="D9DEE4", colour=INK, wrap=True, align="left"),
    "graded-header": Style(bold=True, fill="1F6F54", colour=PAPER, wrap=True, align="left"),
    "graded-header-center": Style(bold=True, fill="1F6F54", colour=PAPER, wrap=True, align="center"),
    "graded-header-right": Style(bold=True, fill="1F6F54", colour=PAPER, wrap=True, align="right"),
    "live-header": Style(bold=True, fill="1F6F54", colour=PAPER, align="left"),
    "label": Style(bold=True, align="left"),
    "link": Style(bold=True, align="left", colour="1A4B8C"),
    "identifier": Style(number_format="@", align="left"),
    "level": Style(align="left", wrap=True, bordered=True),
    "level-label": Style(bold=True, align="left", wrap=True, bordered=True),
    "level-count": Style(bold=True, align="left", number_format="#,##0", bordered=True),
    "centred": Style(align="center"),
    "tier": Style(bold=True, align="center"),
    "money": Style(number_format="#,##0;[Red]-#,##0", align="right"),
    "count": Style(number_format="#,##0", align="right"),
    "change": Style(number_format="+#,##0;-#,##0;0", align="right"),
    "figure": Style(align="right"),
    "number": Style(number_format="0.00", align="right"),
    "days": Style(number_format="#,##0", align="center"),
    "reading": Style(number_format="0.00", align="left", bold=True),
    "reading-percent": Style(number_format="0.0%", align="left", bold=True),
    "percent": Style(number_format="0.0%", align="right"),
    "share": Style(number_format="0.0%", align="left"),
    "score": Style(number_format="0.0", align="right"),
    "date": Style(number_format="yyyy-mm-dd", align="center"),
    "input": Style(fill="FFF9E5", colour="1A4B8C", align="left", bordered=True),
    "input-percent": Style(fill="FFF9E5", colour="1A4B8C", align="left", bordered=True, number_format="0.0%"),
    "input-wrapped": Style(fill="FFF9E5", colour="1A4B8C", align="left", wrap=True, bordered=True),
    "unused": Style(fill="FADBD8", colour="8A1C12", align="left", bordered=True),
    "unused-percent": Style(fill="FADBD8", colour="8A1C12", align="left", bordered=True, number_format="0.0%"),
    "unused-date": Style(fill="FADBD8", colour="8A1C12", align="left", bordered=True, number_format="yyyy-mm-dd"),
    "unused-wrapped": Style(fill="FADBD8", colour="8A1C12", align="left", wrap=True, bordered=True),
    "unused-note": Style(colour="8A1C12", bold=True, align="left"),
    "tier-a": Style(fill="1F6F54", colour=PAPER, bold=True),
    "tier-b": Style(fill="8CC7A8", colour=INK, bold=True),
    "tier-c": Style(fill="D9DEE4", colour=INK, bold=True),
    "not-graded": Style(colour=MUTED, italic=True),
    "point-none": Style(fill="C9D1D9", colour=INK),
    "point-c": Style(fill="7B8794", colour=PAPER),
    "hours": Style(fill=INK, colour=PAPER),
    "good": Style(fill="D5EBDD", colour="14532D"),
    "fair": Style(fill="FFF1CC", colour="6B4500"),
    "poor": Style(fill="FADBD8", colour="8A1C12"),
    "loss": Style(fill="8A1C12", colour=PAPER, bold=True),
    "not-rated": Style(fill="F0F2F4", colour=MUTED, italic=True),
    "protect": Style(fill="D6E4F5", colour="123F73", bold=True),
    "grow": Style(fill="D5EBDD", colour="14532D", bold=True),
    "shed": Style(fill="8A1C12", colour=PAPER, bold=True),
    "review": Style(fill="FFE0B8", colour="6B3A00", bold=True),
    "overdue": Style(fill="FADBD8", colour="8A1C12", bold=True),
    "warning": Style(fill="FFF1CC", colour="6B4500"),
}

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
