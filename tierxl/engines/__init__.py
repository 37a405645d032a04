"""Engines for tables that no memory holds: Polars in streaming, Spark on a cluster. They carry no rules."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from tierxl.method.issues import CannotGrade
from tierxl.method.rating.ranks import Ranks
from tierxl.method.table.kinds import LazyFrame


def is_address(place: str) -> bool:
    """True for an address, such as s3a://bucket/clients; False for a path of this machine."""
    return "://" in place


class EngineRanks(Ranks, Protocol):
    """The order of a column of a table that no memory holds; see :class:`tierxl.method.rating.ranks.Ranks`."""

    def beside(self, clients: LazyFrame, by: str) -> LazyFrame:
        """Clients with their place among the revenues, see :func:`tierxl.method.rating.ranks.with_place`."""


class Engine(Protocol):
    """An engine: all that a grading asks of the place where large tables are worked on.

    Attributes:
        name: what the option ``--engine`` calls it.
    """

    name: str

    def check_target(self, target: str) -> None:
        """Refuse a place that the engine cannot write to.

        Raises:
            CannotGrade: it cannot.
        """

    def scan(self, source: str) -> tuple[list[str], LazyFrame]:
        """The headers of some Parquet files, and their rows under names by position.

        Args:
            source: a file, a folder, a pattern, or an address that the engine knows.

        Raises:
            CannotGrade: there is no such file, or it cannot be read.
        """

    def table(self, columns: Mapping[str, Sequence[Any]]) -> LazyFrame:
        """A small table, known wherever the engine works."""

    def kept(self, frame: LazyFrame) -> LazyFrame:
        """The same frame, worked out once, whatever is asked of it."""

    def ranks(self, values: LazyFrame) -> EngineRanks:
        """The order of the values of a frame of one column; missing ones have no place in it."""

    def repeated(self, keys: LazyFrame) -> LazyFrame:
        """The keys that stand more than once in a frame of one column without gaps, each once."""

    def write(self, frame: LazyFrame, folder: str) -> None:
        """Write a frame into a new folder of Parquet files.

        Raises:
            CannotGrade: the folder cannot be written, or is there already.
        """


def opened(name: str) -> AbstractContextManager[Engine]:
    """An engine by its name, ``polars`` or ``spark``, open for work.

    Raises:
        CannotGrade: the engine is not installed.
    """
    if name == "polars":
        from tierxl.engines.streaming import opened_polars  # noqa: PLC0415  an engine is imported when it is asked for

        return opened_polars()
    try:
        from tierxl.engines.spark import opened_spark  # noqa: PLC0415  likewise
    except ImportError as error:
        raise CannotGrade("The engine spark is not installed: run pip install 'tierxl[spark]'.") from error
    return opened_spark()


def first_line(error: Exception) -> str:
    """The first line of the text of an error."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
