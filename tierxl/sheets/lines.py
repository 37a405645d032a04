"""The rows of tables that stand in a frame."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import narwhals as nw

Value = str | int | float | bool | date | datetime | None


class Lines(Sequence[tuple[Value, ...]]):
    """The rows of a table that stand in a frame, for tables as long as a portfolio."""

    def __init__(self, frame: nw.DataFrame[Any]) -> None:
        self._frame = frame

    def __len__(self) -> int:
        return len(self._frame)

    def __getitem__(self, at: Any) -> Any:
        row = range(len(self))[at]
        return next(iter(Lines(self._frame[row : row + 1])))

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        if self._frame.implementation.is_polars():
            return iter(self._frame.iter_rows())
        return zip(*map(_with_blanks, self._frame.iter_columns()), strict=True)

    def columns(self) -> list[Any]:
        """The columns, as the engine behind the frame has them."""
        return [column.to_native() for column in self._frame.iter_columns()]

    def extremes(self, at: int) -> tuple[Any, Any]:
        """The least and the greatest value of a column; None where it has none."""
        column = self._frame[:, at]
        return column.min(), column.max()


def _with_blanks(column: nw.Series[Any]) -> list[Any]:
    """The values of a column, with None for each that is missing: pandas has several marks for these."""
    return [None if missing else value for value, missing in zip(column, column.is_null(), strict=True)]
