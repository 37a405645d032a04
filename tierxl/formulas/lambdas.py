"""Worksheet functions as named LAMBDAs, for Excel 2024 and Microsoft 365 on any device, made of the same rules.

They have the names, the arguments and the answers of :mod:`tierxl.functions`, and spill over ranges. A file holds each
as a defined name, with ``_xlfn.`` before functions newer than Excel 2010, ``_xlpm.`` before parameters and the names of
LET, and ``_xlop.`` where an optional parameter is declared.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from tierxl.formulas import reading
from tierxl.formulas.cases import cell, in_all_cases
from tierxl.formulas.code import Code, Value, constant, known, placed, references
from tierxl.formulas.graded import in_few_cells, reached
from tierxl.formulas.portfolio import CUTS, PROFIT_CUTS, REVENUE_CUTS, RanksOfCells, cuts_of_revenue
from tierxl.formulas.row import Row
from tierxl.formulas.settings import SETTINGS, in_force
from tierxl.method.expressions import named
from tierxl.method.levels import NO, NOT_GRADED, NOT_RATED, RATING_NAMES, TIER_NAMES
from tierxl.method.policy import Policy
from tierxl.method.rating.decision import decide
from tierxl.method.rating.ratings import Cuts, measure, rate
from tierxl.method.table import choices
from tierxl.sheets.description import Area

MARK = "tierxl: "
_ANSWER, _PARAMETER = "answer", "parameter "
_UNREAD = -9
"""The number of a word that cannot be read."""


@dataclass(frozen=True)
class Argument:
    """An argument of a function.

    Attributes:
        name: its name in the add-in, which messages name.
        column: the column of the rules that it is.
        reader: the hidden name that reads it.
        expected: what is to be written there.
        blank: the number of a blank one.
        optional: whether it can be left out.
    """

    name: str
    column: str
    reader: str
    expected: str
    blank: int = NOT_RATED
    optional: bool = False

    @property
    def parameter(self) -> str:
        """The name of the parameter: no name of a function, such as REVENUE_RATING."""
        return self.name.removesuffix("_rating")


_RATINGS = (
    Argument("revenue_rating", "revenue_rating", "rating", choices.NO_LEVEL),
    Argument("wallet_rating", "wallet_rating", "rating", choices.NO_LEVEL),
    Argument("profit_rating", "profit_rating", "profit", choices.NO_RATING),
    Argument("strategic_rating", "strategic_rating", "rating", choices.NO_LEVEL),
    Argument("pain_rating", "pain_rating", "rating", choices.NO_LEVEL),
)
_APPETITE = Argument("appetite", "appetite_for_change", "level", choices.NO_LEVEL, optional=True)
_POTENTIAL = Argument("potential", "potential", "level", choices.NO_LEVEL, optional=True)
_OTHERS = (
    Argument("retention_risk", "retention_risk", "level", choices.NO_LEVEL, optional=True),
    Argument("opportunity", "opportunity", "opportunity", choices.NO_LEVEL, optional=True),
    _APPETITE,
    Argument("high_touch", "high_touch", "answer", choices.NO_ANSWER, NO, optional=True),
    Argument("marquee", "marquee", "answer", choices.NO_ANSWER, NO, optional=True),
    _POTENTIAL,
)
_ANSWERS = (
    Argument("well_aligned", "well_aligned", "answer", choices.NO_ANSWER),
    Argument("challenging", "challenging", "answer", choices.NO_ANSWER),
)


def lambdas(places: Mapping[str, Area], sheet: str = "Settings") -> dict[str, str]:
    """The functions and the hidden names that they take, each as a defined name holds it.

    Args:
        places: where each setting stands, see :func:`tierxl.sheets.settings.places`.
        sheet: the title of the Settings sheet.
    """
    functions = {
        "TIER_SCORE": _of_rules((*_RATINGS, _APPETITE, _POTENTIAL), _decided, "score"),
        "TIER_RATING": _of_rules((*_RATINGS, *_OTHERS), _decided, "tier name"),
        "PAIN_RATING": _of_rules(_ANSWERS, _rated, "pain name"),
    }
    names = {**functions, **{f"tierxl_{name}": text for name, text in _READERS.items()}}
    used = {name for text in functions.values() for name in SETTINGS if f"{_setting(name)}()" in text}
    for name in sorted(used):
        area = places[name]
        address = f"'{sheet}'!${'ABCDE'[area.left - 1]}${area.top}"
        names[_setting(name)] = f"_xlfn.LAMBDA({placed(in_force(name), lambda _, at=address: at)})"
    return names


def is_hidden(name: str) -> bool:
    """True for a name that functions take, and nobody types."""
    return name.startswith("tierxl_")


def as_typed(stored: str) -> str:
    """A stored formula as a person types it."""
    return re.sub(r"_xl(?:fn|pm)\.", "", re.sub(r"_xlop\.(\w+)", r"[\1]", stored))


# --- Of rules --------------------------------------------------------------------------------------------------------


def _of_rules(arguments: Iterable[Argument], rule: Callable[[Policy, Row], Row], answer: str) -> str:
    """The LAMBDA of a rule over ratings, levels and answers; the answer is one of its columns."""
    there = {argument.column: argument for argument in arguments}
    everything = {argument.column: argument for argument in (*_RATINGS, *_OTHERS, *_ANSWERS)}
    terms = {
        column: known(column) if column in there else Value(constant(argument.blank))
        for column, argument in everything.items()
    }
    terms["override"] = Value(constant(NOT_GRADED))

    def formulas(policy: Policy) -> dict[str, Code]:
        row = rule(policy, Row(reading.terms(()) | CUTS | terms, {}))
        return {**row.formulas, _ANSWER: row.formula_of(answer)}

    cells = in_few_cells(in_all_cases(formulas, {}), [_ANSWER])
    read = {column: _read(argument) for column, argument in there.items()}
    message = _message(there.values())
    result = f'IF(⟨message⟩<>"",⟨message⟩,{cells.pop(_ANSWER)})'
    return _lambda(there.values(), {**read, "message": message, **cells}, result)


def _decided(policy: Policy, row: Any) -> Row:
    decided: Any = decide(row, policy)
    row = decided.with_columns(**{"tier name": named(nw.col("tier"), TIER_NAMES)})
    return row


def _rated(policy: Policy, row: Any) -> Row:
    cuts: Any = (cell(name) for name in CUTS)
    rated: Any = rate(measure(row), Cuts(0, *cuts), policy)
    ratings = {f"{name} name": f"{name}_rating" for name in ("revenue", "wallet", "profit", "pain")}
    row = rated.with_columns(**{name: named(nw.col(rating), RATING_NAMES) for name, rating in ratings.items()})
    return row


def _read(argument: Argument) -> str:
    given = f"⟨{_PARAMETER}{argument.parameter}⟩"
    if argument.optional:
        given = f'IF(_xlfn.ISOMITTED({given}),"",{given})'
    return f"tierxl_{argument.reader}({given},{argument.blank})"


def _message(arguments: Iterable[Argument]) -> str:
    """What to mend in the first argument that cannot be read; an empty text where all can."""
    text = '""'
    for argument in reversed([*arguments]):
        mend = f'"{MARK}{argument.name} """&⟨{_PARAMETER}{argument.parameter}⟩&""" {argument.expected}"'
        text = f"IF(⟨{argument.column}⟩={_UNREAD},{mend},{text})"
    return text


def _lambda(arguments: Iterable[Any], variables: Mapping[str, str], result: str) -> str:
    """A LAMBDA whose body is a LET, as a file holds it; ⟨names⟩ are parameters, variables and settings."""
    declared = ",".join(f"_xlop.{it.parameter}" if it.optional else f"_xlpm.{it.parameter}" for it in arguments)
    of_variables = {name: f"_xlpm.the_{re.sub(r'[^A-Za-z0-9]+', '_', name)}" for name in variables}

    def place(name: str) -> str:
        if name in of_variables:
            return of_variables[name]
        return f"_xlpm.{name.removeprefix(_PARAMETER)}" if name.startswith(_PARAMETER) else f"{_setting(name)}()"

    bound = "".join(f"{of_variables[name]},{_spilling(placed(text, place))}," for name, text in variables.items())
    body = _spilling(placed(result, place))
    return f"_xlfn.LAMBDA({declared},{f'_xlfn.LET({bound}{body})' if bound else body})"


def _setting(name: str) -> str:
    """The hidden name of a setting that is in force."""
    return f"tierxl_{name.replace('.', '_')}"


def _spilling(text: str) -> str:
    """A formula in which the larger and the smaller of two are found value by value: MAX() makes one of a range."""
    return re.sub(r"\bMIN\(", "tierxl_smaller(", re.sub(r"\bMAX\(", "tierxl_larger(", text))


# --- Reading ---------------------------------------------------------------------------------------------------------


def _words(of: str, number: int) -> str:
    return "{" + ",".join(f'"{word}"' for word, code in reading.words(of).items() if code == number) + "}"


def _found(of: str) -> str:
    """The number of a word, 0 where it is none of a list; value by value, so that it spills."""
    numbers = sorted({code for code in reading.words(of).values() if code})
    return "+".join(f"{code}*ISNUMBER(MATCH(_xlpm.word,{_words(of, code)},0))" for code in numbers)


def _reader(body: str) -> str:
    """The LAMBDA that reads a cell: its word, cleared, is ``word``; a blank one is ``blank``."""
    text = reading.cleared("_xlpm.cell")
    return f'_xlfn.LAMBDA(_xlpm.cell,_xlpm.blank,_xlfn.LET(_xlpm.word,{text},IF(_xlpm.word="",_xlpm.blank,{body})))'


_NOT_RATED = f'IF(_xlpm.word="notrated",{NOT_RATED},tierxl_level(_xlpm.word,_xlpm.blank))'
_NONE = f"ISNUMBER(MATCH(_xlpm.word,{{{','.join(chr(34) + word + chr(34) for word in reading.words('none'))}}},0))"
_READERS = {
    "level": _reader(f"_xlfn.LET(_xlpm.number,{_found('levels')},IF(_xlpm.number=0,{_UNREAD},_xlpm.number))"),
    "rating": _reader(_NOT_RATED),
    "profit": _reader(f'IF(_xlpm.word="laggard",0,{_NOT_RATED})'),
    "opportunity": _reader(f"IF({_NONE},1,tierxl_level(_xlpm.word,_xlpm.blank))"),
    "answer": _reader(
        f"IF(ISNUMBER(MATCH(_xlpm.word,{_words('answers', 1)},0)),1,"
        f"IF(ISNUMBER(MATCH(_xlpm.word,{_words('answers', 0)},0)),0,{_UNREAD}))"
    ),
    "larger": "_xlfn.LAMBDA(_xlpm.one,_xlpm.other,IF(_xlpm.one<_xlpm.other,_xlpm.other,_xlpm.one))",
    "smaller": "_xlfn.LAMBDA(_xlpm.one,_xlpm.other,IF(_xlpm.other<_xlpm.one,_xlpm.other,_xlpm.one))",
}
