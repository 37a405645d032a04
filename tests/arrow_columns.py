"""A column of each type that Arrow can write into a Parquet file, with the values at its ends."""

import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

FAR, DAY = 2**63 - 1, 86_400
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
ZONES = (None, "UTC", "Europe/Paris", "+05:30", "-0800", "Mars/Olympus")


def _whole(kind: pa.DataType) -> dict[str, pa.Array]:
    return {str(kind): pa.array([1, None], kind)}


def _moments() -> dict[str, pa.Array]:
    columns = {}
    for unit, second in _PER_SECOND.items():
        for zone in ZONES:
            kind = pa.timestamp(unit, zone)
            columns[str(kind)] = pa.array([18_262 * DAY * second, None], pa.int64()).cast(kind)
            end = FAR if unit != "s" else FAR // 1000
            columns[f"{kind} far"] = pa.array([end, -end], pa.int64()).cast(kind)
    last = pa.array([datetime(9999, 12, 31), datetime(1, 1, 1)], pa.timestamp("us"))
    return columns | {"last of the calendar": last, "last in UTC": last.cast(pa.timestamp("us", "UTC"))}


def _numbers() -> dict[str, pa.Array]:
    columns: dict[str, pa.Array] = {}
    for size in (8, 16, 32, 64):
        columns |= _whole(getattr(pa, f"int{size}")()) | _whole(getattr(pa, f"uint{size}")())
    return columns | {
        "uint64 far": pa.array([2**64 - 1, 0], pa.uint64()),
        "half": pa.array([1.5, None], pa.float64()).cast(pa.float16()),
        "float": pa.array([0.5, 2.0**100], pa.float32()),
        "double": pa.array([1e20, None], pa.float64()),
        "no numbers": pa.array([math.nan, -math.inf], pa.float64()),
        "decimal32": pa.array([Decimal("1.50"), None], pa.decimal32(5, 2)),
        "decimal64": pa.array([Decimal("1.50"), None], pa.decimal64(15, 2)),
        "decimal128": pa.array([Decimal("1.50"), None], pa.decimal128(38, 2)),
        "decimal256": pa.array([Decimal("1.50"), None], pa.decimal256(76, 2)),
    }


def _days() -> dict[str, pa.Array]:
    far = pa.array([2**31 - 1, -(2**31)], pa.int32()).cast(pa.date32())
    columns: dict[str, pa.Array] = {
        "date32": pa.array([date(2020, 1, 1), None], pa.date32()),
        "date32 far": far,
        "date64": pa.array([date(2020, 1, 1), None], pa.date64()),
        "list of date32 far": pa.ListArray.from_arrays([0, 1, 2], far),
        "time32 s": pa.array([1, None], pa.time32("s")),
        "time32 ms": pa.array([1, None], pa.time32("ms")),
        "time64 us": pa.array([1, None], pa.time64("us")),
        "time64 ns": pa.array([1, None], pa.time64("ns")),
        "time64 far": pa.array([FAR, -1], pa.int64()).cast(pa.time64("us")),
    }
    for unit in _PER_SECOND:
        columns[f"duration {unit}"] = pa.array([DAY, None], pa.int64()).cast(pa.duration(unit))
        columns[f"duration {unit} far"] = pa.array([FAR // 1000, -FAR // 1000], pa.int64()).cast(pa.duration(unit))
    return columns


def _texts() -> dict[str, pa.Array]:
    raw = pa.array([b"x", b"\xff\xfe"], pa.binary())
    return {
        "string": pa.array(["High", None], pa.string()),
        "large string": pa.array(["High", None], pa.large_string()),
        "string view": pa.array(["High", None], pa.string_view()),
        "no UTF-8": pa.Array.from_buffers(pa.string(), 2, raw.buffers()),
        "binary": raw,
        "large binary": raw.cast(pa.large_binary()),
        "binary view": pa.array([b"x", b"\xff"], pa.binary_view()),
        "fixed binary": pa.array([b"xx", None], pa.binary(2)),
        "dictionary": pa.array(["High", None]).dictionary_encode(),
        "dictionary int8": pa.DictionaryArray.from_arrays(pa.array([0, None], pa.int8()), pa.array(["High"])),
        "ordered dictionary": pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int16()), ["x", "y"], ordered=True),
        "dictionary of numbers": pa.array([5, None]).dictionary_encode(),
        "null": pa.nulls(2),
        "bool": pa.array([True, None], pa.bool_()),
    }


def _nested() -> dict[str, pa.Array]:
    whole = pa.int32()
    zoned = pa.list_(pa.timestamp("us", "+05:30"))
    return {
        "list": pa.array([[1], None], pa.list_(whole)),
        "large list": pa.array([[1], []], pa.large_list(whole)),
        "fixed list": pa.array([[1], None], pa.list_(whole, 1)),
        "list view": pa.array([[1], None], pa.list_view(whole)),
        "list of lists": pa.array([[[1]], None]),
        "list of times with an offset": pa.array([[1], None], zoned),
        "map": pa.array([[("a", 1)], None], pa.map_(pa.string(), whole)),
        "struct": pa.array([{"a": 1}, None]),
        "struct of decimal256": pa.array([{"a": Decimal(1)}, None], pa.struct([("a", pa.decimal256(50, 1))])),
        "uuid": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"x" * 16, None], pa.binary(16))),
        "json": pa.ExtensionArray.from_storage(pa.json_(), pa.array(["{}", None], pa.string())),
        "bool8": pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, None], pa.int8())),
        "opaque": pa.ExtensionArray.from_storage(pa.opaque(whole, "a", "b"), pa.array([1, None], whole)),
        "tensor": pa.ExtensionArray.from_storage(
            pa.fixed_shape_tensor(whole, [1]), pa.array([[1], [2]], pa.list_(whole, 1))
        ),
    }


COLUMNS: dict[str, Any] = _numbers() | _days() | _moments() | _texts() | _nested()

NOT_IN_PARQUET: dict[str, Any] = {
    "interval": pa.array([(1, 2, 3), None], pa.month_day_nano_interval()),
    "runs": pa.RunEndEncodedArray.from_arrays([2], ["a"]),
    "union": pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", "b"])]),
    "empty struct": pa.array([{}, None], pa.struct([])),
}
"""Columns that Arrow cannot write; once it can, they belong to the others."""
