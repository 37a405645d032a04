"""The print of a sheet as Excel has it, in its PageSetup: on a computer without a printer, Excel may refuse that."""

import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

import xlwings as xw

from tierxl.workbooks.outline import Pages

_IS_MAC = sys.platform == "darwin"
_LANDSCAPE = 2
_ON_A_MAC = {
    "PrintTitleColumns": "print_title_columns",
    "PrintTitleRows": "print_title_rows",
    "Orientation": "page_orientation",
    "Zoom": "zoom",
}
"""The names of PageSetup's properties in AppleScript, as xlwings' dictionary has them; it could not be tried."""
_IS_PORTRAIT = ("1", "k.portrait")


def pages_of(sheet: xw.Sheet) -> Pages | None:
    """The pages that somebody has set up on a sheet; None where nobody has. Unlike ours where Excel does not say."""
    setup = sheet.page_setup
    try:
        area, columns, rows = setup.print_area, *(_get(setup, f"PrintTitle{part}") for part in ("Columns", "Rows"))
        is_plain = str(_get(setup, "Orientation")) in _IS_PORTRAIT and _get(setup, "Zoom") == 100
    except Exception:  # noqa: BLE001  each system has its own kind of error
        return Pages()
    if not (area or columns or rows) and is_plain:
        return None
    from tierxl.workbooks.ooxml.print_setup import pages_named  # noqa: PLC0415  openpyxl, for which few have to wait

    return pages_named(area or "", f"{columns},{rows}")


def set_up_pages(sheet: xw.Sheet, pages: Pages) -> None:
    """Print a sheet on such pages, as far as Excel does so."""
    from tierxl.workbooks.ooxml.print_setup import (  # noqa: PLC0415  openpyxl, for which only writing waits
        area_named,
        columns_named,
        rows_named,
    )

    setup = sheet.page_setup
    with suppress(Exception):  # without a printer
        setup.print_area = area_named(pages)
        if pages.scale:
            _set(setup, "PrintTitleColumns", columns_named(pages))
            _set(setup, "PrintTitleRows", rows_named(pages))
            _set(setup, "Orientation", import_module("appscript").k.landscape if _IS_MAC else _LANDSCAPE)
            _set(setup, "Zoom", pages.scale)


def _get(setup: Any, name: str) -> Any:
    if not _IS_MAC:
        return getattr(setup.api, name)
    value = getattr(setup.api, _ON_A_MAC[name]).get()
    return "" if str(value) == "k.missing_value" else value


def _set(setup: Any, name: str, value: Any) -> None:
    if _IS_MAC:
        getattr(setup.api, _ON_A_MAC[name]).set(value)
    else:
        setattr(setup.api, name, value)
