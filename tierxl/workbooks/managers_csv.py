"""The table of account managers in a CSV file."""

from pathlib import Path

from tierxl.method.table.headers import Headers
from tierxl.workbooks.csv_parquet import csv_lines
from tierxl.workbooks.header_rows import HeaderRow
from tierxl.workbooks.managers import ManagerTable, manager_header_row, no_managers
from tierxl.workbooks.text_file import CsvRows


def read_managers_csv(path: Path) -> ManagerTable:
    """Read a CSV file of account managers.

    Raises:
        CannotGrade: the file is no text, or has no such table.
    """

    def header_of(rows: CsvRows) -> HeaderRow:
        at = manager_header_row(rows)
        if at is None:
            raise no_managers(path.name)
        return HeaderRow(at, rows[at], Headers.of(rows[at]))

    _, header, body = csv_lines(path, header_of, lambda rows: manager_header_row(rows) is not None)
    return ManagerTable(
        list(header.texts),
        [line for _, line in body],
        [row for row, _ in body],
        lambda row, _: f"{path.name}, row {row}",
    )
