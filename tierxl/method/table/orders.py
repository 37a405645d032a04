"""Orders and invoices instead of clients: known by the day of each, and summed to one row a client."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import narwhals as nw

from tierxl.method.engine import ENGINE
from tierxl.method.expressions import Expr, as_compared, midnight
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.policy import Policy
from tierxl.method.policy_sections import Rows
from tierxl.method.table import cells
from tierxl.method.table.clients import Frame, Series, read_clients
from tierxl.method.table.columns import BY_HEADER, Column, Kind
from tierxl.method.table.dates import is_day
from tierxl.method.table.headers import Headers, Usage
from tierxl.method.table.kinds import AnyFrame, is_date
from tierxl.method.table.vocabulary import normal, words_for
from tierxl.method.words import counted, in_words

ORDER_DATE = Column("Order date", Kind.DATE, "the day of an order or an invoice")
OF_ORDERS = ("Previous revenue", "Client since", "Last order")
"""The columns that the orders tell."""
SUMMED = ("revenue", "profit", "cost_to_serve", "support_cost", "overhead")
"""The fields that are summed over the latest 12 months; of the others the latest order tells."""
AS_GIVEN = (Kind.LEVEL, Kind.YES_NO, Kind.TIER)
"""The kinds of columns that the clients of orders have as the list has them, to be read when they are graded."""
_TOLD = ("previous_revenue", "client_since")
"""The fields that the orders tell, whatever the list says."""
_MOST_DAYS_BEHIND = 31
_DIGITS = 6
"""The decimals of sums, so that the order of adding does not show."""
SAMPLE = 200
WHICH_ORDER = "Where days can be read day first and month first, give --dates day-first or --dates month-first."


@dataclass(frozen=True)
class Window:
    """The 12 months whose orders are the revenue; the 12 before them are the previous revenue.

    Attributes:
        last: the last day.
    """

    last: date

    @classmethod
    def of(cls, latest: date, as_of: date) -> "Window":
        """The window that ends with the as-of date, or with the latest order where that is over 31 days earlier."""
        return cls(latest if (as_of - latest).days > _MOST_DAYS_BEHIND else as_of)

    def holds(self, day: Expr, years_before: int = 0) -> Expr:
        """True for the days of the 12 months, or of those so many years before."""
        until, after = (midnight(_years_before(self.last, years_before + more)) for more in (0, 1))
        return (day > nw.lit(after)) & (day <= nw.lit(until))


@dataclass(frozen=True)
class Orders:
    """The orders that clients were summed from.

    Attributes:
        headers: the user's headers of the list of orders.
        at: the position of the column with the days among them.
        rows: the number of orders that were summed.
        clients: the number of clients.
        window: the 12 months of the revenue.
        last: the day of the latest order of each client, where they are in memory.
    """

    headers: Headers
    at: int
    rows: int
    clients: int
    window: Window
    last: Sequence[date | None] = ()

    @property
    def usage(self) -> Usage:
        """The use that was made of the columns of the list of orders."""
        return self.headers.usage.with_column(ORDER_DATE.name, self.headers[self.at])

    @property
    def sentence(self) -> str:
        """A sentence on the orders that were summed."""
        return (
            f"{counted(self.rows, 'row')} of {counted(self.clients, 'client')}, summed over the 12 months to "
            f"{self.window.last}"
        )


@dataclass(frozen=True)
class ClientsOfOrders:
    """The clients of orders, as a table that is graded as any other.

    Attributes:
        headers: the headers: the columns that are used in the user's order, then those that the orders tell.
        cells: one row a client, in the order in which they come in the list.
        rows: the row of the first order of each.
        issues: the orders that cannot be read, or are left out.
        orders: what they were summed from.
    """

    headers: Headers
    cells: Frame
    rows: list[int]
    issues: list[Issue]
    orders: Orders


# --- Whether a list is one of orders ---------------------------------------------------------------------------------


def may_be_orders(headers: Headers) -> bool:
    """True where a header can be that of the days of orders."""
    return any(normal(header) in words_for("order_dates") for header in headers)


def order_date(headers: Headers, holds_dates: Callable[[int], bool]) -> int | None:
    """The position of the column with the days of orders; None where a list has no such column.

    Args:
        headers: the user's headers.
        holds_dates: true where the column at a position holds dates.
    """
    compared = list(map(normal, headers))
    free = [at for at in range(len(headers)) if at not in headers.columns]
    exact = next((at for at in free if compared[at] in words_for("order_dates", "exact")), None)
    if exact is not None:
        return exact
    alone = [at for at in free if compared[at] in words_for("order_dates", "alone") and holds_dates(at)]
    others = (at for at in range(len(headers)) if at not in alone)
    is_other = (at in headers.columns and headers.columns[at].kind == Kind.DATE for at in others)
    if len(alone) != 1 or any(is_other) or any(map(holds_dates, (at for at in free if at not in alone))):
        return None
    return alone[0]


def day_of_orders(frame: Frame, headers: Headers, rows: Rows = "auto") -> int | None:
    """The position of the column with the days of orders, where a table in memory is a list of orders.

    Args:
        frame: the cells of the user's columns, in the order of the headers.
        headers: the user's headers.
        rows: what the policy says that rows are.

    Raises:
        CannotGrade: the user calls it a list of orders, and it has no days.
    """
    if rows == "clients" or frame.is_empty() or not headers.are_of_clients:
        return None
    at = order_date(headers, lambda place: holds_dates(frame[:, place]))
    if rows == "orders":
        return at if at is not None else _only_dates(frame, headers)
    return at if at is not None and _repeat(frame, headers) else None


def _only_dates(frame: Frame, headers: Headers) -> int:
    """The position of the only column of dates, or of the only one that is called Date.

    Raises:
        CannotGrade: there is none, or another.
    """
    dates = [at for at in range(len(headers)) if holds_dates(frame[:, at])]
    named = [at for at in dates if normal(headers[at]) in words_for("order_dates", "alone")]
    dates = named or dates
    if len(dates) != 1:
        raise CannotGrade(
            "These are to be read as orders, but no column tells the day of each: give one the header Order date, or "
            "leave --orders out."
        )
    return dates[0]


def refuse_orders(frame: Frame, headers: Headers, policy: Policy) -> None:
    """Refuse orders where every row must get a grade of its own.

    Raises:
        CannotGrade: the table is a list of orders.
    """
    at = day_of_orders(frame, headers, policy.reading.rows)
    if at is not None:
        raise CannotGrade(
            f'These are orders, not clients: "{headers[at]}" is the day of each, and clients repeat. Sum them to one '
            "row a client first, as tierxl grade does with a file, or leave that column out. If each row is a client, "
            "write clients on Settings, Reading, Rows."
        )


def holds_dates(series: Series) -> bool:
    """True for a column of dates, or of texts of which the first can all be read as some."""
    if is_date(series.dtype):
        return True
    if series.dtype not in (nw.String, nw.Object):
        return False
    filled = [cell for cell in series.drop_nulls().head(SAMPLE).to_list() if not cells.is_blank(cell)]
    return bool(filled) and all(map(is_day, filled))


def _repeat(frame: Frame, headers: Headers) -> bool:
    """True where a client stands in more than one row."""
    field = "client_id" if "client_id" in headers.position_of else "client"
    keys = [" ".join(cells.shown(cell).casefold().split()) for cell in frame[:, headers.position_of[field]].to_list()]
    known = list(filter(None, keys))
    return len(set(known)) < len(known)


# --- The sums --------------------------------------------------------------------------------------------------------


def clients_of_orders(
    frame: Frame, headers: Headers, rows: Sequence[int], at: int, policy: Policy, as_of: date
) -> ClientsOfOrders:
    """The clients of a list of orders.

    Args:
        frame: one row an order, one column a header; Polars.
        headers: the user's headers.
        rows: the row of each order in the user's sheet or file.
        at: the position of the column with the days.
        policy: says how to read money and dates that are written as text.
        as_of: no order after this day counts.

    Raises:
        CannotGrade: see :func:`tierxl.method.table.clients.read_clients`; also no order has a day and a client.
    """
    read = read_clients(frame, policy, rows, headers, more={at: ORDER_DATE})
    table = with_key(read.table).with_columns(
        place=nw.Series.from_iterable("place", range(len(rows)), nw.Int64, backend=frame.implementation)
    )
    dated = table.filter(has_day_and_client())
    if dated.is_empty():
        raise CannotGrade(f'No order has a client and a day that can be read: look at "{headers[at]}". {WHICH_ORDER}')
    known = dated.filter(nw.col("order_date") <= nw.lit(midnight(as_of)))
    if known.is_empty():
        raise CannotGrade(f"All orders are dated after {in_words(as_of)}, the as-of date.")
    window = Window.of(known["order_date"].max().date(), as_of)
    sums = summed(
        known, window, [field for field in SUMMED if field in headers.position_of], place=nw.col("place").min()
    )
    latest = known.sort("order_date", "place").unique("key", keep="last", maintain_order=True)
    clients = sums.join(latest, on="key", suffix="_latest").sort("place")
    names, columns = _columns(clients, frame, headers)
    issues = [*headers.issues(), *read.issues, *_unknown(table, headers[at], rows, frame[:, at]), *_later(dated, as_of)]
    return ClientsOfOrders(
        Headers.of(names, letter_of=headers.letter_of).in_currencies({"revenue": read.currency}),
        nw.from_dict(columns, backend=ENGINE),
        [rows[place] for place in clients["place"].to_list()],
        sorted(issues, key=lambda issue: issue.row or 0),
        Orders(headers, at, len(known), len(clients), window, [day.date() for day in clients["last_order"].to_list()]),
    )


def with_key(table: AnyFrame) -> AnyFrame:
    """Orders with the ``key`` of their client: its ID, or its name in any case and with any spaces."""
    return table.with_columns(
        key=nw.when(~nw.col("client_id").is_null())
        .then(nw.concat_str(nw.lit("#"), nw.col("client_id").str.to_lowercase()))
        .otherwise(as_compared(nw.col("client")))
    )


def has_day_and_client() -> Expr:
    """True for orders, with their key, that can be summed."""
    return ~nw.col("order_date").is_null() & ~nw.col("key").is_null()


def summed(orders: AnyFrame, window: Window, fields: Sequence[str], **more: Expr) -> AnyFrame:
    """The figures of each client: ``key``, the fields, ``previous_revenue``, ``client_since``, ``last_order``.

    A client with no orders in a period has 0 there; one whose amounts there cannot be read has nothing.

    Args:
        orders: the orders, with their key.
        window: the 12 months.
        fields: the fields to sum over them.
        more: other figures of each client.
    """
    day = nw.col("order_date")
    now, before = window.holds(day), window.holds(day, 1)
    parts = {field: nw.when(now).then(nw.col(field)) for field in fields}
    parts["previous_revenue"] = nw.when(before).then(nw.col("revenue"))
    counts = {"orders_now": nw.when(now).then(nw.lit(1)).otherwise(nw.lit(0))}
    counts["orders_before"] = nw.when(before).then(nw.lit(1)).otherwise(nw.lit(0))
    marked = orders.with_columns(**{f"{name}_part": part for name, part in parts.items()}, **counts)
    figures = marked.group_by("key").agg(
        *(nw.col(f"{name}_part").sum().alias(f"{name}_sum") for name in parts),
        *(nw.col(f"{name}_part").count().alias(f"{name}_known") for name in parts),
        *(nw.col(name).sum() for name in counts),
        client_since=day.min(),
        last_order=day.max(),
        **more,
    )
    periods = dict.fromkeys(fields, "orders_now") | {"previous_revenue": "orders_before"}
    return figures.select(
        "key",
        "client_since",
        "last_order",
        *more,
        **{
            name: nw.when((nw.col(f"{name}_known") > 0) | (nw.col(period) == 0)).then(
                nw.col(f"{name}_sum").fill_null(0.0).round(_DIGITS)
            )
            for name, period in periods.items()
        },
    )


def _columns(clients: Frame, frame: Frame, headers: Headers) -> tuple[list[str], dict[str, Series]]:
    """The headers and the columns of the clients: those that are used, then those that the orders tell."""
    names, columns = [], []
    places = clients["place_latest"].to_list()
    for field, at in used_columns(headers):
        names.append(name_for(headers[at], field))
        columns.append(frame[:, at][places] if headers.columns[at].kind in AS_GIVEN else clients[field])
    for name in OF_ORDERS:
        values = clients[name.lower().replace(" ", "_")]
        columns.append(values.cast(nw.Date) if is_date(values.dtype) else values)
        names.append(name)
    return names, {f"c{at}": column.alias(f"c{at}") for at, column in enumerate(columns)}


def used_columns(headers: Headers) -> list[tuple[str, int]]:
    """The fields that the clients of orders keep, with their positions, in the user's order; each column once."""
    positions = {at: field for field, at in reversed(headers.position_of.items()) if field not in _TOLD}
    positions[headers.position_of["client"]] = "client"
    return [(field, at) for at, field in sorted(positions.items())]


def name_for(header: str, field: str) -> str:
    """The header of a field among those of the clients: the user's where it means the field in any list."""
    known: Column | None = BY_HEADER.get(normal(header))
    return header if known and known.field == field else field.replace("_", " ").capitalize()


def _unknown(table: Frame, header: str, rows: Sequence[int], days: Series) -> list[Issue]:
    """An issue for each order without a day, and for each without a client."""
    issues = []
    lines = table.filter(~has_day_and_client()).select("place", "client", "key", "order_date")
    for place, client, key, day in lines.rows():
        if key is None:
            issues.append(Issue("has no client, so this order is left out", rows[place]))
        elif day is None and cells.is_blank(days[place]):
            issues.append(Issue("has no day, so this order is left out", rows[place], cells.shown(client), header))
    return issues


def _later(dated: Frame, as_of: date) -> list[Issue]:
    """An issue where orders are dated after the as-of date."""
    count = len(dated.filter(nw.col("order_date") > nw.lit(midnight(as_of))))
    verb = "is" if count == 1 else "are"
    return (
        [Issue(f"{counted(count, 'order')} {verb} dated after {in_words(as_of)}, the as-of date, and left out")]
        if count
        else []
    )


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - years, day=day.day - 1)
