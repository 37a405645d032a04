"""Narwhals expressions as worksheet formulas: what a rule says of columns, said of the cells of a row.

Narwhals keeps an expression as a list of steps with names and arguments; each has its formula here. So a rule that is
written once runs on every engine, and in a worksheet.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial, reduce
from typing import Any

import narwhals as nw

from tierxl.formulas.code import (
    CONCATENATION,
    EMPTY,
    FALSE,
    MISSING,
    PRODUCT,
    SIGN,
    SUM,
    Code,
    Term,
    Truth,
    Value,
    calculated,
    call,
    choose,
    chosen,
    compared,
    constant,
    grouped,
    infix,
    known,
    of_function,
    sure,
    truth,
    value,
)
from tierxl.method.expressions import RATIO_DECIMALS, with_thousands

Columns = Mapping[str, Term]
Node = Any

_EPOCH = datetime(1899, 12, 30)
"""The day 0 of worksheets."""
_COMPARISONS = {"__eq__": "=", "__ne__": "<>", "__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}
_CALCULATIONS = {
    "__add__": ("+", SUM),
    "__sub__": ("-", SUM),
    "__mul__": ("*", PRODUCT),
    "__truediv__": ("/", PRODUCT),
}


def translated(expression: Any, columns: Columns) -> Term:
    """The formula of an expression.

    Args:
        expression: an expression, or a plain value.
        columns: what the names of columns stand for; others stand for cells that are never missing.

    Raises:
        NotImplementedError: the expression takes a step that has no formula here.
    """
    if not isinstance(expression, nw.Expr):
        return _literal(expression)
    first, *steps = expression._nodes  # noqa: SLF001  Narwhals has no other way to read an expression
    days = [at for at, node in enumerate(steps) if _ends_day_number(node)]
    if days:
        result = translated(_day_of(steps[days[0]]), columns)
        steps = steps[days[0] + 1 :]
    elif _is_ratio([first, *steps[:2]]):
        result = _ratio(first, columns)
        steps = steps[2:]
    else:
        result = _beginning(first, columns)
    for step in steps:
        result = _continued(step, result, columns)
    return result


def is_ratio_of(expression: nw.Expr, name: str) -> bool:
    """True where an expression only rounds a column, as :func:`tierxl.method.expressions.ratio` does."""
    nodes = [node for node in expression._nodes if node.name != "alias"]  # noqa: SLF001  likewise
    return _is_ratio(nodes) and repr(_unrounded(nodes[0])) == repr(nw.col(name))


def name_of(expression: nw.Expr) -> str:
    """The name of the column that an expression makes."""
    nodes = expression._nodes  # noqa: SLF001  likewise
    names = [node.kwargs["name"] for node in nodes if node.name == "alias"]
    return str(names[-1] if names else nodes[0].kwargs["names"][0])


def _ends_day_number(node: Node) -> bool:
    """True for the step with which :func:`tierxl.method.expressions.day_number` ends."""
    return node.name == "__add__" and any(each.name == "dt.ordinal_day" for each in _nodes_of(node.exprs[0]))


def _day_of(node: Node) -> nw.Expr:
    """The day of that step. Its number in a worksheet counts from another day: what lies between two is the same."""
    nodes = _nodes_of(node.exprs[0])
    return nw.Expr(*nodes[: [each.name for each in nodes].index("dt.ordinal_day")])


def _nodes_of(expression: Any) -> tuple[Node, ...]:
    return tuple(getattr(expression, "_nodes", ()))


def _literal(plain: Any) -> Term:
    if plain is None:
        return MISSING
    if isinstance(plain, bool):
        return sure(constant(plain))
    if isinstance(plain, datetime):
        plain = (plain - _EPOCH).days
    if isinstance(plain, timedelta):
        plain = plain.days
    return Value(constant(plain))


def _beginning(node: Node, columns: Columns) -> Term:
    match node.name:
        case "col":
            (name,) = node.kwargs["names"]
            return columns.get(name) or known(name)
        case "lit":
            plain = node.kwargs["value"]
            return translated(plain, columns) if isinstance(plain, nw.Expr) else _literal(plain)
        case "concat_str" if _is_with_thousands(node):
            return _with_thousands(translated(_without_thousands(node), columns))
    names_columns = node.name.endswith("_horizontal")
    arguments = [
        translated(nw.col(each) if names_columns and isinstance(each, str) else each, columns) for each in node.exprs
    ]
    match node.name:
        case "when_then":
            condition, one, *others = arguments
            return chosen(truth(condition), one, others[0] if others else MISSING)
        case "all_horizontal":
            return reduce(lambda one, other: one & other, map(truth, arguments))
        case "any_horizontal":
            return reduce(lambda one, other: one | other, map(truth, arguments))
        case "max_horizontal" | "min_horizontal":
            return reduce(partial(_extreme, node.name[:3].upper()), arguments)
        case "coalesce":
            return reduce(lambda rest, one: _filled(one, rest), reversed(arguments))
        case "sum_horizontal":
            known_ones = (_filled(each, Value(constant(0))) for each in arguments)
            return reduce(lambda one, other: calculated("+", SUM, one, other), known_ones)
        case "concat_str":
            return reduce(_joined, arguments)
    raise NotImplementedError(f"{node.name} has no worksheet formula")


def _joined(one: Term, other: Term) -> Term:
    empty = Value(EMPTY)
    return other if one == empty else one if other == empty else calculated("&", CONCATENATION, one, other)


def _extreme(function: str, one: Term, other: Term) -> Term:
    """The larger or the smaller of two; the other one where one is missing."""
    return _filled(of_function(function, one, other), _filled(one, other))


def _is_with_thousands(node: Node) -> bool:
    return len(node.exprs) == len(_GROUPED) and repr(with_thousands(_without_thousands(node))._nodes[0]) == repr(node)  # noqa: SLF001  likewise


def _without_thousands(node: Node) -> nw.Expr:
    """The numbers that :func:`tierxl.method.expressions.with_thousands` groups."""
    return nw.Expr(*_nodes_of(node.exprs[0])[:-1])


def _with_thousands(term: Term) -> Term:
    digits = value(term)
    return Value(Code(grouped(digits.code.within(CONCATENATION), sum(_GROUPED))), digits.missing)


_GROUPED = (5, 5, 5)
"""The digits that are grouped, in three parts."""


def _filled(term: Term, other: Term) -> Term:
    """A term, or another where it is missing."""
    if isinstance(term, Truth):
        return term if term.is_sure else chosen(sure(term.missing), other, sure(term.holds))
    missing = choose(term.missing, other.missing, FALSE)
    return Value(choose(term.missing, value(other).code, term.code), missing)


def _continued(node: Node, term: Term, columns: Columns) -> Term:
    arguments = [translated(each, columns) for each in node.exprs or ()]
    if node.name in _COMPARISONS:
        return compared(_COMPARISONS[node.name], term, *arguments)
    if node.name in _CALCULATIONS:
        return calculated(*_CALCULATIONS[node.name], term, arguments[0])
    turned = node.name.replace("__r", "__")
    if turned in _CALCULATIONS:
        return calculated(*_CALCULATIONS[turned], arguments[0], term)
    if node.name not in _STEPS:
        raise NotImplementedError(f"{node.name} has no worksheet formula")
    return _STEPS[node.name](term, *arguments, **node.kwargs)


def _clipped(term: Term, lowest: Term, highest: Term) -> Term:
    return of_function("MAX", lowest, of_function("MIN", highest, term))


def _negated(term: Term) -> Term:
    return Value(Code(f"-{value(term).code.within(PRODUCT)}", SIGN), term.missing)


def _cast(term: Term, dtype: Any) -> Term:
    if dtype == nw.String:
        return of_function("TEXT", term, Value(constant("0")))
    return value(term)


def _with_blank_filled(term: Term, other: Term, **_: Any) -> Term:
    if isinstance(term, Truth) and other == sure(FALSE):
        return Truth(term.holds, term.lacks)
    return _filled(term, other)


def _without_start(term: Term, offset: int, length: None) -> Term:
    assert length is None
    return of_function("MID", term, Value(constant(offset + 1)), Value(constant(99)))


def _replaced(term: Term, value: Term, pattern: str, literal: bool, **_: Any) -> Term:
    assert literal
    return of_function("SUBSTITUTE", term, Value(constant(pattern)), value)


def _one_of(term: Term, numbers: Sequence[int], texts: Sequence[str]) -> Term:
    assert list(numbers) == list(range(len(numbers)))
    of_all = Code("{" + ",".join(constant(text).text for text in texts) + "}")  # CHOOSE() has 30 in LibreOffice
    return of_function("INDEX", Value(of_all), Value(constant(1)), calculated("+", SUM, term, Value(constant(1))))


def _day_text(term: Term, **format_as: str) -> Term:
    assert format_as == {"format": "%Y-%m-%d"}
    day = value(term)
    two = (
        call("RIGHT", infix("&", CONCATENATION, constant("0"), call(part, day.code)), constant(2))
        for part in ("MONTH", "DAY")
    )
    text = reduce(
        lambda one, other: infix("&", CONCATENATION, infix("&", CONCATENATION, one, constant("-")), other),
        two,
        call("YEAR", day.code),
    )
    return Value(text, day.missing)


_STEPS: dict[str, Callable[..., Term]] = {
    "__and__": lambda term, other: truth(term) & truth(other),
    "__rand__": lambda term, other: truth(other) & truth(term),
    "__or__": lambda term, other: truth(term) | truth(other),
    "__ror__": lambda term, other: truth(other) | truth(term),
    "__invert__": lambda term: ~truth(term),
    "__neg__": _negated,
    "__floordiv__": lambda term, other: of_function("INT", calculated("/", PRODUCT, term, other)),
    "abs": lambda term: of_function("ABS", term),
    "floor": lambda term: of_function("INT", term),
    "ceil": lambda term: of_function("ROUNDUP", term, Value(constant(0))),
    "round": lambda term, decimals: of_function("ROUND", term, Value(constant(decimals))),
    "is_in": lambda term, other: reduce(
        lambda one, another: one | another, (compared("=", term, _literal(each)) for each in other)
    ),
    "is_null": lambda term: sure(term.missing),
    "fill_null": _with_blank_filled,
    "clip": _clipped,
    "clip_lower": lambda term, lowest: of_function("MAX", lowest, term),
    "clip_upper": lambda term, highest: of_function("MIN", highest, term),
    "dt.year": lambda term: of_function("YEAR", term),
    "dt.month": lambda term: of_function("MONTH", term),
    "dt.day": lambda term: of_function("DAY", term),
    "replace_strict": lambda term, old, new, **_: _one_of(term, old, new),
    "cast": _cast,
    "alias": lambda term, **_: term,
    "str.slice": _without_start,
    "str.replace_all": _replaced,
    "dt.to_string": _day_text,
}


def _is_ratio(nodes: list[Node]) -> bool:
    """True for the steps with which :func:`tierxl.method.expressions.ratio` rounds: a worksheet has ROUND()."""
    names = [node.name for node in nodes]
    return names == ["when_then", "__truediv__", "round"] and nodes[2].kwargs["decimals"] == RATIO_DECIMALS


def _unrounded(node: Node) -> nw.Expr:
    """The expression that a ratio rounds."""
    return nw.Expr(*node.exprs[-1]._nodes[:-1])  # noqa: SLF001  likewise


def _ratio(node: Node, columns: Columns) -> Term:
    return of_function("ROUND", translated(_unrounded(node), columns), Value(constant(RATIO_DECIMALS)))
