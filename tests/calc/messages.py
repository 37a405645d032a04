"""Small messages that write into a document, as tierxl sends them."""

from copy import deepcopy
from dataclasses import asdict
from typing import Any

from tierxl.sheets.description import LAST_ROW
from tierxl.sheets.styles import FONT, INK, LINE, STYLES

Message = dict[str, Any]

CLIENTS = (("Client", "Revenue", "Note"), ("Abel", 5, "mine"), ("Baker", 7, ""), ("Cohen", 1, "=1+1"))
"""What the user has on the sheet Clients."""

_SERIES = [
    {"name": "Clients", "x": [6, 1, 7, 1], "y": [6, 2, 7, 2], "style": "tier-a"},
    {"name": "Revenue", "x": [6, 1, 7, 1], "y": [6, 3, 7, 3], "style": "tier-b"},
]
_CHART = {
    "kind": "columns", "title": "Clients and revenue", "row": 10, "column": 1, "series": _SERIES, "marks": [],
    "x_title": "", "y_title": "How many", "x_format": "General", "y_format": "#,##0", "x_logarithmic": False,
    "y_maximum": None, "width": 12, "height": 7, "labelled": False, "named": [], "has_legend": True,
}  # fmt: skip


def message(**parts: Any) -> Message:
    return {
        "doing": "Grade clients",
        "styles": {name: asdict(style) for name, style in STYLES.items()},
        "font": FONT,
        "ink": INK,
        "line": LINE,
        "columns": None,
        "sheets": [],
        **parts,
    }


def columns(**changed: Any) -> Message:
    """A tier and a reason for each client, right of what the user has."""
    return {
        "sheet": "Clients",
        "header_row": 1,
        "header_height": 27,
        "vertical": "bottom",
        "rows": [2, 3, 4],
        "removed_rows": [],
        "columns": [
            {"column": 4, "header": "Tier", "header_style": "graded-header-center", "style": "tier",
             "values": ["A", "B", "C"]},
            {"column": 5, "header": "Why", "header_style": "graded-header", "style": "text",
             "values": ["=1+1", None, True]},
        ],
        "colourings": [
            {"area": [2, 4, LAST_ROW, 4], "styles": {"A": "tier-a", "B": "tier-b", "C": "tier-c"}, "above": None,
             "formulas": {'AND($D2="C",$D2<$A2)': "tier-c-up"}}
        ],
        "choices": [
            {"area": [2, 2, LAST_ROW, 2], "values": ["High", "Low"], "title": "Level", "prompt": "How high.",
             "limits": None},
        ],
        "table": {"name": "Clients", "area": [1, 1, 4, 5]},
        "filtered": None,
        "widths": [[1, 20], [4, 11], [5, 90]],
        "frozen": [2, 2],
        "beside": 4,
        "pages": {"area": [1, 4, 4, 5], "columns": [1, 1], "rows": [1, 1], "scale": 80},
        **changed,
    }  # fmt: skip


def sheet(rows: int = 2, **changed: Any) -> Message:
    """A sheet of ours: a title over a table, live colours, a list of values, and a chart."""
    last = 5 + rows
    return {
        "kind": "portfolio",
        "title": "Portfolio",
        "cells": [[1, 1, "Portfolio", "title", 3], [3, 1, "Is it ours?", "label", 1], [3, 2, True, "input", 1]],
        "tables": [
            {"row": 5, "column": 1, "headers": ["Tier", "Clients", "Revenue"],
             "header_styles": ["header", "header-right", "header-right"],
             "rows": [["ABC"[row % 3], row + 1, 10.5 * row] for row in range(rows)],
             "styles": ["tier", "count", "money"], "name": "Tiers", "is_filtered": True, "area": [5, 1, last, 3]}
        ],
        "colourings": [
            {"area": [6, 1, last, 1], "styles": {"A": "tier-a", "B": "tier-b"}, "above": None, "formulas": {}},
            {"area": [6, 2, last, 2], "styles": {}, "above": [1, "overdue"], "formulas": {}},
        ],
        "choices": [
            {"area": [3, 2, 3, 2], "values": ["Yes", "No"], "title": "", "prompt": "", "limits": None},
            {"area": [1, 6, 1, 6], "values": [], "title": "", "prompt": "",
             "limits": ["whole", "1", "3", "No", "1 to 3."]},
            {"area": [2, 6, 2, 6], "values": [], "title": "", "prompt": "",
             "limits": ["custom", 'OR(EXACT(F2;"auto");ISNUMBER(F2))', "", "No", "auto, or a number."]},
        ],
        "charts": [chart()],
        "widths": [20, 10, 12],
        "heights": {"1": 25.5},
        "freeze": [6, 2],
        "print_area": [1, 1, 34, 3],
        "print_header_row": 5,
        "links": [],
        "tab": "1F7A5C",
        "page": {"is_one": False, "is_portrait": False},
        "is_hidden": False,
        **changed,
    }  # fmt: skip


def chart(**changed: Any) -> Message:
    """A chart that may cover 24 rows below its first one."""
    return {**deepcopy(_CHART), "bottom": changed.get("row", _CHART["row"]) + 24, **changed}
