"""Orders and totals in tables that no memory holds: see :mod:`tierxl.method.table.orders` and ``rows``."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import narwhals as nw

from tierxl.method.expressions import Expr, as_compared, midnight
from tierxl.method.issues import CannotGrade
from tierxl.method.policy import Policy
from tierxl.method.policy_sections import Rows
from tierxl.method.table.columns import Kind
from tierxl.method.table.headers import Headers
from tierxl.method.table.kinds import LazyFrame, collected, column_name, is_date
from tierxl.method.table.many_clients import TableOf, plain, read_many
from tierxl.method.table.orders import (
    AS_GIVEN,
    OF_ORDERS,
    ORDER_DATE,
    SAMPLE,
    SUMMED,
    WHICH_ORDER,
    Orders,
    Window,
    has_day_and_client,
    holds_dates,
    name_for,
    order_date,
    summed,
    used_columns,
    with_key,
)
from tierxl.method.table.vocabulary import words, written_words
from tierxl.method.words import in_words

_BETWEEN_WORDS = r"[\s_.,;:/*=()-]+"


@dataclass(frozen=True)
class ManyClientsOfOrders:
    """The clients of orders that no memory holds.

    Attributes:
        frame: one row a client, its columns named by :func:`tierxl.method.table.kinds.column_name`.
        headers: their headers.
        orders: what they were summed from.
        issues: the number of orders with each issue, by column and message.
    """

    frame: LazyFrame
    headers: Headers
    orders: Orders
    issues: Counter[tuple[str, str]]


def is_total(headers: Headers, frame: LazyFrame) -> Expr:
    """True for rows whose name is nothing but a word for a total, and that have nothing but amounts beside it."""
    schema = frame.collect_schema()
    at = headers.position_of["client"]
    totals = {"".join(form) for word in written_words("totals") for form in (word.casefold().split(), words(word))}
    name = plain(column_name(at), schema[column_name(at)]).cast(nw.String).str.to_lowercase()
    total = name.str.replace_all(_BETWEEN_WORDS, "").is_in(sorted(totals))
    for place in range(len(headers)):
        column, dtype = headers.columns.get(place), schema[column_name(place)]
        if place != at and (column.kind in (Kind.TEXT, Kind.DATE) if column else not dtype.is_numeric()):
            total = total & _is_blank(nw.col(column_name(place)), dtype)
    return total.fill_null(False)


def _is_blank(cell: Expr, dtype: nw.dtypes.DType) -> Expr:
    blank = cell.is_null()
    return blank | (cell.str.strip_chars() == "").fill_null(False) if dtype == nw.String else blank


def day_of_many_orders(
    frame: LazyFrame, headers: Headers, repeated: Callable[[LazyFrame], LazyFrame], rows: Rows
) -> int | None:
    """The position of the column with the days of orders, where a table is a list of orders.

    Args:
        frame: the table; each column is named by :func:`tierxl.method.table.kinds.column_name`.
        headers: the user's headers, in the order of the columns.
        repeated: the keys that stand more than once in a frame of one column without gaps.
        rows: what the policy says that rows are.

    Raises:
        CannotGrade: the user calls it a list of orders, and it has no days.
    """
    if rows == "clients":
        return None
    schema = frame.collect_schema()

    def has_dates(at: int) -> bool:
        name = column_name(at)
        if is_date(schema[name]):
            return True
        return schema[name] == nw.String and holds_dates(
            collected(frame.select(name).filter(~nw.col(name).is_null()).head(SAMPLE))[name]
        )

    at = order_date(headers, has_dates)
    if rows == "orders":
        if at is None:
            raise CannotGrade("No column tells the day of each order: give one the header Order date.")
        return at
    field = "client_id" if "client_id" in headers.position_of else "client"
    name = column_name(headers.position_of[field])
    key = as_compared(plain(name, schema[name]).cast(nw.String).str.strip_chars())
    keys = frame.select(key=key).filter(~nw.col("key").is_null() & (nw.col("key") != ""))
    return None if at is None or collected(repeated(keys).head(1)).is_empty() else at


def clients_of_many_orders(
    frame: LazyFrame, headers: Headers, at: int, policy: Policy, as_of: date, table_of: TableOf
) -> ManyClientsOfOrders:
    """The clients of a list of orders that stays with its engine; see :func:`~orders.clients_of_orders`.

    Where two orders of a client are of its latest day, the last text of the alphabet is taken.
    """
    read = read_many(frame, headers, policy, table_of, more={at: ORDER_DATE})
    table = with_key(read.table)
    day, until = nw.col("order_date"), nw.lit(midnight(as_of))
    checks = {f"check_{number}": check.applies for number, check in enumerate(read.unread)}
    counts: dict[str, Expr] = {
        "dated": has_day_and_client() & (day <= until),
        "later": has_day_and_client() & (day > until),
        "no_client": nw.col("key").is_null(),
        "no_day": ~nw.col("key").is_null() & day.is_null() & nw.col(column_name(at)).is_null(),
        **checks,
    }
    found = collected(
        table.select(
            **{name: _one(applies).sum() for name, applies in counts.items()},
            latest=nw.when(counts["dated"]).then(day).max(),
        )
    ).rows(named=True)[0]
    if not found["dated"]:
        raise CannotGrade(
            f"No order to {in_words(as_of)} has a client and a day that can be read: look at "
            f'"{headers[at]}". {WHICH_ORDER}'
        )
    window = Window.of(found["latest"].date(), as_of)
    known = table.filter(counts["dated"])
    sums = summed(known, window, [field for field in SUMMED if field in headers.position_of])
    kept = used_columns(headers)
    others = {field: _other(field, place, headers) for field, place in kept if field not in SUMMED}
    latest = (
        known.join(sums.select("key", nw.col("last_order").alias("latest")), on="key", how="inner")
        .filter(day == nw.col("latest"))
        .select("key", **{f"{field}_latest": other for field, other in others.items()})
        .group_by("key")
        .agg(nw.col(f"{field}_latest").max() for field in others)
    )
    columns = [nw.col(field if field in SUMMED else f"{field}_latest") for field, _ in kept]
    columns += [nw.col("previous_revenue"), nw.col("client_since"), nw.col("last_order")]
    names = [*(name_for(headers[place], field) for field, place in kept), *OF_ORDERS]
    clients = sums.join(latest, on="key", how="inner").select(
        column.alias(column_name(place)) for place, column in enumerate(columns)
    )
    issues: Counter[tuple[str, str]] = Counter()
    header_of = {field: headers[place] for field, place in headers.position_of.items()} | {"order_date": headers[at]}
    for number, check in enumerate(read.unread):
        usual = next((why for (field, _), why in read.messages.items() if field == check.field), "cannot be read")
        issues[header_of[check.field], check.message or usual] += found[f"check_{number}"] or 0
    issues[headers[headers.position_of["client"]], "has no client, so this order is left out"] += found["no_client"]
    issues[headers[at], "has no day, so this order is left out"] += found["no_day"]
    issues[headers[at], f"is after {in_words(as_of)}, the as-of date, so this order is left out"] += found["later"]
    count = collected(sums.select(nw.len())).item()
    orders = Orders(headers, at, found["dated"], count, window)
    return ManyClientsOfOrders(clients, Headers.of(names).in_currencies({"revenue": read.currency}), orders, +issues)


def _one(applies: Expr) -> Expr:
    return nw.when(applies.fill_null(False)).then(nw.lit(1)).otherwise(nw.lit(0))


def _other(field: str, place: int, headers: Headers) -> Expr:
    return nw.col(column_name(place) if headers.columns[place].kind in AS_GIVEN else field)
