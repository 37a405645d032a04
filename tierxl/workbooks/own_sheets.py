"""The titles of the sheets of our own in a workbook, and the names of their tables."""

import re
from collections.abc import Iterable, Mapping

from tierxl.method.issues import Issue
from tierxl.sheets.graded_workbook import OWN_TITLES
from tierxl.sheets.own_sheet import free_title
from tierxl.workbooks.workbook import ClientWorkbook


def own_titles(source: ClientWorkbook | None, wanted: Mapping[str, str] = OWN_TITLES) -> dict[str, str]:
    """The title of each sheet of our own that is wanted, by kind: as it is called already, or a free one."""
    if source is None:
        return dict(wanted)
    ours = source.own_sheets()
    titles = {title.casefold() for title in source.titles}
    return {kind: ours.get(kind) or free_title(title, titles) for kind, title in wanted.items()}


def title_issues(source: ClientWorkbook, titles: dict[str, str], wanted: Mapping[str, str] = OWN_TITLES) -> list[Issue]:
    """An issue for each sheet of our own that has another name than usual, as the user has a sheet of that name."""
    users = {title.casefold() for title in source.titles} - {title.casefold() for title in titles.values()}
    return [
        Issue(f'the sheet "{wanted[kind]}" is yours and stays as it is; ours is "{title}"')
        for kind, title in titles.items()
        if wanted[kind].casefold() in users
    ]


def taken_names(source: ClientWorkbook, titles: dict[str, str]) -> frozenset[str]:
    """The names that tables of our own cannot take; those of the sheets that are made anew are free."""
    ours = {table.name.casefold() for sheet in source.sheets if sheet.title in titles.values() and sheet.kind
            for table in sheet.tables}  # fmt: skip
    return frozenset(source.names - ours)


def looking_into(titles: Iterable[str], tables: Iterable[str]) -> re.Pattern[str]:
    """The pattern of formulas that look into some sheets or tables, by their names."""
    sheets = "|".join(re.escape(title.replace("'", "''")) for title in titles) or "(?!)"
    names = "|".join(map(re.escape, tables)) or "(?!)"
    return re.compile(rf"(?:'(?:{sheets})'|\b(?:{sheets}))!|\b(?:{names})\[", re.IGNORECASE)
