"""Pieces of worksheet formulas: text with what it takes to put parentheses around it, and values that may be missing.

Conditions are products and sums of comparisons, not AND() and OR(), which would not spill over a range.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

COMPARISON, CONCATENATION, SUM, PRODUCT, SIGN, ATOM = range(6)
"""How closely the operators of a worksheet bind, the loosest first."""

REFERENCE = re.compile("⟨([^⟩]+)⟩")
"""A place in a formula where a cell, a range or a name belongs; see :func:`reference`."""


CONSTANT = re.compile(r'-?[0-9.]+(E[+-]?[0-9]+)?|"[^"]*"')


@dataclass(frozen=True)
class Code:
    """A piece of a formula, and how closely its outermost operator binds."""

    text: str
    binds: int = ATOM
    any_of: tuple["Code", ...] = ()
    inverse: str = ""

    @property
    def is_constant(self) -> bool:
        return CONSTANT.fullmatch(self.text) is not None

    def within(self, binds: int) -> str:
        """The text, in parentheses where an operator that binds so closely stands beside it."""
        return self.text if self.binds >= binds else f"({self.text})"


TRUE, FALSE, EMPTY = Code("TRUE"), Code("FALSE"), Code('""')


def reference(name: str) -> Code:
    """The place of a column, a setting or a figure."""
    return Code(f"⟨{name}⟩")


def references(text: str) -> list[str]:
    """The names of the places in a formula, in their order and as often as they appear."""
    return REFERENCE.findall(text)


def placed(text: str, place: Callable[[str], str]) -> str:
    """A formula with what stands for each name in it."""
    return REFERENCE.sub(lambda match: place(match[1]), text)


_PIECES = re.compile(r'"[^"]*"|⟨[^⟩]*⟩|[(),]|[^"⟨(),]+')


def arguments_of(text: str) -> list[str]:
    """The arguments of the function that a formula is a call of; none if it is something else."""
    depth, arguments, pieces = 0, [""], _PIECES.findall(text)
    for at, piece in enumerate(pieces):
        depth += (piece == "(") - (piece == ")")
        if depth == 0 and piece == ")":
            return arguments if at == len(pieces) - 1 else []
        if depth == 1 and piece == ",":
            arguments.append("")
        elif depth > 1 or (depth == 1 and piece != "("):
            arguments[-1] += piece
        elif depth == 0 and at > 0:
            return []
    return []


def calls(text: str) -> Iterator[str]:
    """The function calls in a formula, each within others as well."""
    starts, at, before = [], 0, ""
    for piece in _PIECES.findall(text):
        if piece == "(":
            starts.append(at - len("".join(_FUNCTION.findall(before))))
        elif piece == ")" and text[(start := starts.pop())] != "(":
            yield text[start : at + 1]
        before, at = piece, at + len(piece)


_FUNCTION = re.compile("[A-Z]*$")
_TOKEN = re.compile(r'"[^"]*"|⟨[^⟩]*⟩|[A-Z]+|[0-9.]+|[^A-Z0-9]')


def size(text: str) -> int:
    """The number of names, values, functions and signs of a formula: so much memory and time each cell of it takes."""
    return len(_TOKEN.findall(text))


def call(function: str, *arguments: Code) -> Code:
    return Code(f"{function}({','.join(argument.text for argument in arguments)})")


def grouped(digits: str, most: int) -> str:
    """The formula of digits, at most so many, with a comma between thousands."""
    padded = f'REPT(" ",{most})&{digits}'
    groups = '&" "&'.join(f"MID({padded},LEN({digits})+{at},3)" for at in range(1, most, 3))
    return f'SUBSTITUTE(TRIM({groups})," ",",")'


def infix(operator: str, binds: int, left: Code, right: Code) -> Code:
    return Code(f"{left.within(binds)}{operator}{right.within(binds + 1)}", binds)


def constant(value: Any) -> Code:
    """A number, a text or an answer as a formula has it."""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, str):
        return Code('"' + value.replace('"', '""') + '"')
    number = float(value)
    written = [repr(number).upper(), f"{number:.0f}", f"{number:.0E}"]
    text = min((each for each in written if float(each) == number), key=len)
    return Code(text, SIGN if number < 0 else ATOM)


def both(one: Code, other: Code) -> Code:
    if FALSE in (one, other):
        return FALSE
    if TRUE in (one, other) or one == other:
        return other if one == TRUE else one
    return infix("*", PRODUCT, one, other)


def either(one: Code, other: Code) -> Code:
    if TRUE in (one, other):
        return TRUE
    if FALSE in (one, other) or one == other:
        return other if one == FALSE else one
    parts = (*(one.any_of or (one,)), *(part for part in other.any_of or (other,) if part not in one.any_of))
    return Code("+".join(part.within(SUM) for part in parts) + ">0", COMPARISON, parts)


def opposite(condition: Code) -> Code:
    if condition in (TRUE, FALSE):
        return FALSE if condition == TRUE else TRUE
    if condition.inverse:
        return Code(condition.inverse, COMPARISON, inverse=condition.text)
    return call("NOT", condition)


_INVERSE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def comparison(operator: str, left: Code, right: Code) -> Code:
    """Two sides compared; of constants, how that comes out."""
    if left.text == right.text:
        return TRUE if operator in ("=", ">=", "<=") else FALSE
    if left.is_constant and right.is_constant and operator in ("=", "<>"):
        return FALSE if operator == "=" else TRUE
    text, inverse = (infix(each, COMPARISON, left, right).text for each in (operator, _INVERSE[operator]))
    return Code(text, COMPARISON, inverse=inverse)


def choose(condition: Code, one: Code, other: Code) -> Code:
    """IF(), without it where there is nothing to choose."""
    if condition in (TRUE, FALSE) or one == other:
        return one if condition != FALSE else other
    if condition.text == comparison("<>", one, other).text:
        return one
    return call("IF", condition, one, other)


def chosen_within(condition: Code, one: Code, other: Code) -> Code:
    """IF() around no more than in which two formulas differ: what settings decide is often a small part."""
    (start, separator, *parts), (start_of_other, _, *others) = _parts(one.text), _parts(other.text)
    differing = [at for at, (this, that) in enumerate(zip(parts, others, strict=False)) if this != that]
    if (start, len(parts), len(differing)) != (start_of_other, len(others), 1) or not separator:
        return choose(condition, one, other)
    (at,) = differing
    parts[at] = chosen_within(condition, Code(parts[at]), Code(others[at])).text
    return Code(f"{start}{separator.join(parts)}{')' if start else ''}", one.binds)


def _parts(text: str) -> list[str]:
    """The beginning of a call and its arguments, or the sides of a concatenation, behind what stands between them."""
    if arguments := arguments_of(text):
        return [text[: text.index("(") + 1], ",", *arguments]
    sides, depth = [""], 0
    for piece in _PIECES.findall(text):
        depth += (piece == "(") - (piece == ")")
        if depth or piece[0] in '"⟨()':
            sides[-1] += piece
            continue
        first, *rest = piece.split("&")
        sides = [*sides[:-1], sides[-1] + first, *rest]
        if set("=<>") & set(piece):
            return ["", "", text]
    return ["", "&" if len(sides) > 1 else "", *sides]


@dataclass(frozen=True)
class Truth:
    """A condition: where it holds and where it fails, which is neither where a value in it is missing."""

    holds: Code
    fails: Code
    is_sure: bool = True

    @property
    def missing(self) -> Code:
        return FALSE if self.is_sure else opposite(either(self.holds, self.fails))

    @property
    def lacks(self) -> Code:
        """Where it does not hold."""
        return self.fails if self.is_sure else opposite(self.holds)

    @property
    def cell(self) -> Code:
        """The code of a cell that is true where the condition holds."""
        return self.holds

    def __invert__(self) -> "Truth":
        return Truth(self.fails, self.holds, self.is_sure)

    def __and__(self, other: "Truth") -> "Truth":
        return Truth(both(self.holds, other.holds), either(self.fails, other.fails), self.is_sure and other.is_sure)

    def __or__(self, other: "Truth") -> "Truth":
        return ~(~self & ~other)


def sure(condition: Code) -> Truth:
    """A condition that is never missing."""
    return Truth(condition, opposite(condition))


@dataclass(frozen=True)
class Value:
    """A number, a text or a date; the code counts for nothing where the value is missing."""

    code: Code
    missing: Code = FALSE

    @property
    def cell(self) -> Code:
        """The code of a cell with the value: an empty text where it is missing."""
        if self.missing.text == f'{self.code.text}=""':
            return self.code
        return choose(self.missing, EMPTY, self.code)


Term = Value | Truth
MISSING = Value(EMPTY, TRUE)


def known(name: str, *, nullable: bool = False) -> Value:
    """The value of another cell."""
    code = reference(name)
    return Value(code, comparison("=", code, EMPTY) if nullable else FALSE)


def compared(operator: str, left: Term, right: Term) -> Truth:
    if isinstance(left, Truth) and isinstance(right, Truth):
        if left.is_sure and right.is_sure and left.holds.binds == right.holds.binds == COMPARISON:
            same = sure(comparison("=", Code(f"({left.holds.text})"), Code(f"({right.holds.text})")))
        else:
            same = (left & right) | (~left & ~right)
        return same if operator == "=" else ~same
    missing = either(left.missing, right.missing)
    sides = value(left).code, value(right).code
    holds, fails = (_guarded(missing, comparison(each, *sides)) for each in (operator, _INVERSE[operator]))
    return Truth(holds, fails, missing == FALSE)


def _guarded(missing: Code, condition: Code) -> Code:
    """A condition that does not hold where a value in it is missing."""
    guarded = choose(missing, FALSE, condition)
    if guarded in (TRUE, FALSE, condition):
        return guarded
    return replace(guarded, inverse=choose(missing, TRUE, opposite(condition)).text)


def value(term: Term) -> Value:
    """A term as a value: 1 for a condition that holds, 0 for one that does not."""
    if isinstance(term, Value):
        return term
    one = term.holds if term.holds.binds == PRODUCT else infix("*", PRODUCT, term.holds, constant(1))
    return Value(one)


def truth(term: Term) -> Truth:
    """A term as a condition."""
    return term if isinstance(term, Truth) else sure(term.code)


def _factor(code: Code) -> Code:
    """A factor of a product: a condition is 1 or 0 there without being multiplied by 1."""
    return Code(code.text.removesuffix("*1"), PRODUCT) if code.binds == PRODUCT else code


def calculated(operator: str, binds: int, left: Term, right: Term) -> Value:
    one, other = value(left), value(right)
    missing = either(one.missing, other.missing)
    if operator == "*" and constant(1) in (one.code, other.code):
        return Value(other.code if one.code == constant(1) else one.code, missing)
    if operator == "*":
        return Value(infix(operator, binds, _factor(one.code), _factor(other.code)), missing)
    if operator == "+" and constant(0) in (one.code, other.code):
        return Value(other.code if one.code == constant(0) else one.code, missing)
    return Value(infix(operator, binds, one.code, other.code), missing)


def of_function(function: str, *terms: Term) -> Value:
    """A function of values; missing where one of them is."""
    values = [*map(value, terms)]
    return Value(call(function, *(each.code for each in values)), reduce(either, (each.missing for each in values)))


def chosen(condition: Truth, one: Term, other: Term) -> Term:
    """One term where a condition holds, else another."""
    if isinstance(one, Truth) or isinstance(other, Truth):
        ones, others = (Truth(FALSE, FALSE, False) if each == MISSING else truth(each) for each in (one, other))
        return Truth(
            choose(condition.holds, ones.holds, others.holds),
            choose(condition.holds, ones.fails, others.fails),
            ones.is_sure and others.is_sure,
        )
    missing = choose(condition.holds, one.missing, other.missing)
    if other.missing == TRUE:
        return Value(one.code, either(condition.lacks, one.missing))
    if one.missing == TRUE:
        return Value(other.code, either(condition.holds, other.missing))
    return Value(choose(condition.holds, one.code, other.code), missing)
