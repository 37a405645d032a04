"""Arrow types of columns: those that no way of grading can read."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa

from tierxl.method.issues import CannotGrade

_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})?")


def refuse_unreadable_types(schema: pa.Schema) -> None:
    """Refuse a table with a column of a type that cannot be read, or with two columns of one name.

    Raises:
        CannotGrade: there is such a column; the message names it, and says what to do.
    """
    (name, count), *_ = Counter(schema.names).most_common(1) or [("", 0)]
    if count > 1:
        raise CannotGrade(f'{count} columns have the name "{name}": give each a name of its own.')
    for field in schema:
        for kind in _kinds(field.type):
            zone = getattr(kind, "tz", None)
            if zone and not (_is_zone(zone) or (kind == field.type and offset_of(zone) is not None)):
                raise CannotGrade(
                    f'The column "{field.name}" has times in the zone {zone}, which cannot be read: store them in UTC.'
                )
            if pa.types.is_decimal256(kind):
                raise CannotGrade(
                    f'The column "{field.name}" has numbers of the type {kind}, which cannot be read: store them as '
                    "double, or as decimals of 38 digits at most."
                )
            if pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind):
                raise CannotGrade(f'The column "{field.name}" is a {kind}, which cannot be read: store it as a list.')


def offset_of(zone: str | None) -> timedelta | None:
    """The distance from UTC of a time zone that is written as such, as +05:30 is; None for any other."""
    found = _OFFSET.fullmatch(zone or "")
    if found is None:
        return None
    distance = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return -distance if found[1] == "-" else distance


def _kinds(kind: pa.DataType) -> Iterator[pa.DataType]:
    """A type and those inside it."""
    yield kind
    if isinstance(kind, pa.BaseExtensionType):
        yield from _kinds(kind.storage_type)
    elif pa.types.is_dictionary(kind):
        yield from _kinds(kind.value_type)
    for at in range(kind.num_fields):
        yield from _kinds(kind.field(at).type)


def _is_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
