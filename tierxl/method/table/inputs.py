"""The inputs of clients as they were read, as JSON can hold them."""

from typing import Any

from tierxl.method.levels import RATING_NAMES, TIER_NAMES, YES
from tierxl.method.table.clients import Clients
from tierxl.method.table.columns import COLUMNS, Column, Kind
from tierxl.method.table.orders import Orders

_LEVELS = {Kind.LEVEL, Kind.SATISFACTION}


def inputs(clients: Clients, orders: Orders | None = None) -> list[dict[str, Any]]:
    """The inputs of each client: the name of each column that the list has to the value.

    Args:
        clients: the clients.
        orders: the orders that they were summed from, if they were; of these also "Last order".

    Returns:
        Money and numbers as numbers, percentages as fractions, days as YYYY-MM-DD, answers as true and false, levels
        and tiers by their names; None where nothing is known.
    """
    columns = [column for column in COLUMNS if column.field in clients.headers]
    values = [[_value(column, value) for value in clients.table[column.field].to_list()] for column in columns]
    names = [column.name for column in columns]
    if orders:
        names.append("Last order")
        values.append([day and day.isoformat() for day in orders.last])
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def _value(column: Column, value: Any) -> Any:
    """A value of a column as JSON can hold it."""
    if value is None or value != value or (column.kind in (*_LEVELS, Kind.YES_NO, Kind.TIER) and value < 0):
        return None
    if column.kind in _LEVELS:
        return RATING_NAMES[value]
    if column.kind == Kind.YES_NO:
        return bool(value == YES)
    if column.kind == Kind.TIER:
        return TIER_NAMES[value] if value else None
    return value.date().isoformat() if column.kind == Kind.DATE else value
