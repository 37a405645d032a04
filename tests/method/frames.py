"""Tables of clients for the tests, on either engine."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import narwhals as nw
import pandas as pd
import polars as pl
import pytest

from tierxl.method.policy import Policy
from tierxl.method.rating.grading import Grading, grade

ENGINES = ("polars", pytest.param("pandas", marks=pytest.mark.long))
AS_OF = date(2026, 11, 22)


def frame(columns: Mapping[str, Sequence[Any]], engine: str = "polars") -> nw.DataFrame[Any]:
    """Columns of cells as they come out of a sheet: a column whose cells are of several types stays as it is."""
    if engine == "pandas":
        return nw.from_native(pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()}))
    return nw.from_native(pl.DataFrame([_polars_series(name, cells) for name, cells in columns.items()]))


def _polars_series(name: str, cells: Sequence[Any]) -> pl.Series:
    types = {type(cell) for cell in cells if cell is not None}
    if not types:
        return pl.Series(name, cells, dtype=pl.String)
    return pl.Series(name, cells, dtype=pl.Object if len(types) > 1 else None)


def table(clients: Sequence[Mapping[str, Any]], engine: str = "polars") -> nw.DataFrame[Any]:
    """Clients as a frame; what a client does not mention is blank."""
    headers = list(dict.fromkeys(header for client in clients for header in client))
    return frame({header: [client.get(header) for client in clients] for header in headers}, engine)


_GRADINGS: dict[str, Grading] = {}


def graded(
    clients: Sequence[Mapping[str, Any]],
    settings: Mapping[str, Any] | None = None,
    as_of: date = AS_OF,
    engine: str = "polars",
) -> Grading:
    """Clients, named one by one where they have no name, and graded; the same ones are graded once."""
    asked = repr((clients, settings, as_of, engine))
    if asked not in _GRADINGS:
        _GRADINGS[asked] = _graded(clients, settings, as_of, engine)
    return _GRADINGS[asked]


def _graded(
    clients: Sequence[Mapping[str, Any]], settings: Mapping[str, Any] | None, as_of: date, engine: str
) -> Grading:
    named = [{"Client": f"Client {number}"} | dict(client) for number, client in enumerate(clients, 1)]
    return grade(table(named, engine), Policy.with_settings(settings or {}), as_of)


def graded_rows(grading: Grading) -> list[dict[str, Any]]:
    """The graded columns, one mapping a client, with None for whatever is missing."""
    return [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in grading.columns.iter_rows(named=True)
    ]
