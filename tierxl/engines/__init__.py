"""Engines for tables that no memory holds: Polars in streaming, Spark on a cluster. They carry no rules."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import narwhals as nw

LazyFrame = nw.LazyFrame[Any]


class Engine(Protocol):
    """What tables need of an engine."""

    def scan(self, source: str) -> tuple[list[str], LazyFrame]:
        """The headers of some Parquet files, and their rows under names by position.

        Args:
            source: a file, a folder, a pattern, or an address that the engine knows.
            name: the name of the column at a position.

        Raises:
            CannotGrade: there is no such file, or it cannot be read.
        """

    def table(self, columns: Mapping[str, Sequence[Any]]) -> LazyFrame:
        """A small table, known wherever the engine works."""

    def ranks(self, revenues: LazyFrame) -> LazyFrame:
        """Each distinct amount of the column ``revenue`` with its ``rank``: the clients with more, and one.

        Amounts that are missing have no rank.
        """

    def write(self, frame: LazyFrame, folder: str) -> None:
        """Write a frame into a new folder of Parquet files.

        Raises:
            CannotGrade: the folder cannot be written, or is there already.
        """


Opened = Callable[[], AbstractContextManager[Engine]]


def opened(name: str) -> AbstractContextManager[Engine]:
    """An engine by its name, ``polars`` or ``spark``, open for work.

    Raises:
        CannotGrade: the engine is not installed.
    """
    if name == "spark":
        from tierxl.engines.spark import opened_spark  # noqa: PLC0415  an engine is imported when it is asked for

        return opened_spark()
    from tierxl.engines.streaming import opened_polars  # noqa: PLC0415  likewise

    return opened_polars()
