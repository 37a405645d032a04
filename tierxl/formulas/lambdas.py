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
from tierxl.formulas.code import Code, Term, Value, constant, known, placed, reference, references
from tierxl.formulas.graded import in_few_cells, reached
from tierxl.formulas.lambda_arguments import (
    ANSWERS,
    APPETITE,
    OTHERS,
    POTENTIAL,
    RATINGS,
    TIER_AND_SERVICE,
    Argument,
    Parameter,
)
from tierxl.formulas.lambda_readers import READERS, UNREAD
from tierxl.formulas.portfolio import (
    CUTS,
    PROFIT_CUTS,
    REVENUE_CUTS,
    STEPS,
    Figures,
    RanksOfCells,
    code_of,
    cuts_of_profit,
    cuts_of_revenue,
)
from tierxl.formulas.row import Row
from tierxl.formulas.settings import SETTINGS, cell_of, in_force
from tierxl.method.expressions import named
from tierxl.method.levels import NOT_GRADED, RATING_NAMES, TIER_NAMES, A, B
from tierxl.method.policy import Policy
from tierxl.method.rating.checks import OUTSIDE
from tierxl.method.rating.decision import decide
from tierxl.method.rating.ratings import Cuts, measure, rate
from tierxl.method.table import amounts, choices, percents
from tierxl.method.table.kinds import NO_MARGIN

MARK = "tierxl: "
_ANSWER, _PARAMETER = "answer", "parameter "
_CELL = cell_of("")
_LONGEST_NAME = 20
_ROWS = 200
"""The rows of the Settings sheet that are looked through."""


@dataclass(frozen=True)
class SettingsSheet:
    """Where the settings stand: the labels of each are in columns A and B, its value in C.

    Attributes:
        title: the title of the sheet.
        services: the header above the names of the services, whose levels are beside them.
        others: the heading below them.
        label: the label of a section or a setting.
    """

    title: str
    services: str
    others: str
    label: Callable[[str], str]


def lambdas(sheet: SettingsSheet) -> dict[str, str]:
    """The functions and the hidden names that they take, each as a defined name holds it.

    They find a setting by its labels, and not by its row, since a grading writes the Settings sheet anew.
    """
    title = sheet.title.replace("'", "''")
    places = {f"column {letter}": f"'{title}'!${letter}$1:${letter}${_ROWS}" for letter in "ABCD"}
    places |= {"services": constant(sheet.services).text, "others": constant(sheet.others).text}
    functions = {
        "TIER_RATING": _of_rules((*RATINGS, *OTHERS), _decided, "tier name"),
        "REVENUE_RATING": _revenue_rating(),
        "WALLET_RATING": _wallet_rating(),
        "PROFIT_RATING": _profit_rating(),
        "PAIN_RATING": _of_rules(ANSWERS, _rated, "pain name"),
        "TIER_SCORE": _of_rules((*RATINGS, APPETITE, POTENTIAL), _decided, "score"),
        "TIER_SERVICE": _tier_service(),
        "NEXT_DUE": _next_due(),
    }
    in_use = {name: Code(text) for name, text in in_force().items()}
    used = reached(in_use, [name for name in in_use if any(f"{_setting(name)}()" in it for it in functions.values())])
    readers = {f"tierxl_{name}": text for name, text in READERS.items()}
    names = {
        **functions,
        **readers,
        "tierxl_setting": _FOUND,
        **{_setting(name): _of_setting(code.text, sheet) for name, code in used.items()},
    }
    return {name: placed(text, places.__getitem__) for name, text in names.items()}


_FOUND = (
    "_xlfn.LAMBDA(_xlpm.section,_xlpm.label,INDEX(⟨column C⟩,"
    "MATCH(1,(⟨column A⟩=_xlpm.section)*(⟨column B⟩=_xlpm.label),0)))"
)
"""The LAMBDA that finds the cell of a setting."""


def _of_setting(formula: str, sheet: SettingsSheet) -> str:
    """The LAMBDA of a setting that is in force, or of what it takes."""
    cells = [name for name in references(formula) if name.startswith(_CELL)]
    value = placed(formula, lambda name: "_xlpm.value" if name in cells else f"{_setting(name)}()")
    if not cells:
        return f"_xlfn.LAMBDA({value})"
    labels = ",".join(constant(sheet.label(part)).text for part in cells[0].removeprefix(_CELL).split("."))
    return f'_xlfn.LAMBDA(_xlfn.LET(_xlpm.value,IFERROR(tierxl_setting({labels}),""),{value}))'


def is_hidden(name: str) -> bool:
    """True for a name that functions take, and nobody types."""
    return name.startswith("tierxl_")


# --- Of rules --------------------------------------------------------------------------------------------------------


def _of_rules(arguments: Iterable[Argument], rule: Callable[[Policy, Row], Row], answer: str) -> str:
    """The LAMBDA of a rule over ratings, levels and answers; the answer is one of its columns."""
    there = {argument.column: argument for argument in arguments}
    everything = {argument.column: argument for argument in (*RATINGS, *OTHERS, *ANSWERS)}
    terms = {
        column: known(column) if column in there else Value(constant(argument.blank))
        for column, argument in everything.items()
    }
    terms["override"] = Value(constant(NOT_GRADED))

    def formulas(policy: Policy) -> dict[str, Code]:
        row = rule(policy, Row({**reading.terms(()), **CUTS, **terms}, {}))
        return {**row.formulas, _ANSWER: row.formula_of(answer)}

    cells = in_few_cells(in_all_cases(formulas, {}), [_ANSWER])
    read = {column: _read(argument) for column, argument in there.items()}
    message = _message([*there.values()])
    return _answered(there.values(), read, message, cells)


def _decided(policy: Policy, row: Any) -> Row:
    decided: Any = decide(row, policy)
    named_tier: Row = decided.with_columns(**{"tier name": named(nw.col("tier"), TIER_NAMES)})
    return named_tier


def _rated(policy: Policy, row: Any) -> Row:
    cuts: Any = (cell(name) for name in CUTS)
    rated: Any = rate(measure(row), Cuts(0, *cuts), policy)
    ratings = {f"{name} name": f"{name}_rating" for name in ("revenue", "wallet", "profit", "pain")}
    names: Row = rated.with_columns(**{name: named(nw.col(rating), RATING_NAMES) for name, rating in ratings.items()})
    return names


def _read(argument: Argument) -> str:
    given = f"⟨{_PARAMETER}{argument.parameter}⟩"
    if argument.optional:
        given = f'IF(_xlfn.ISOMITTED({given}),"",{given})'
    return f"tierxl_{argument.reader}({given},{argument.blank})"


def _message(arguments: Iterable[Argument]) -> str:
    """The message on the first argument that cannot be read; an empty text where all can."""
    text = '""'
    for argument in reversed([*arguments]):
        mend = f'"{MARK}{argument.name} """&⟨{_PARAMETER}{argument.parameter}⟩&""" {argument.expected}"'
        text = f"IF(⟨{argument.column}⟩={UNREAD},{mend},{text})"
    return text


def _lambda(arguments: Iterable[Any], variables: Mapping[str, str], result: str) -> str:
    """A LAMBDA whose body is a LET, as a file holds it; ⟨names⟩ are parameters, variables and settings."""
    declared = ",".join(f"_xlop.{it.parameter}" if it.optional else f"_xlpm.{it.parameter}" for it in arguments)
    of_variables = {name: f"_xlpm.{_variable(name, at)}" for at, name in enumerate(variables)}

    def place(name: str) -> str:
        if name in of_variables:
            return of_variables[name]
        if name.startswith(_PARAMETER):
            return f"_xlpm.{name.removeprefix(_PARAMETER)}"
        return f"{_setting(name)}()" if name in SETTINGS else reference(name).text

    bound = "".join(f"{of_variables[name]},{_spilling(placed(text, place))}," for name, text in variables.items())
    body = _spilling(placed(result, place))
    return f"_xlfn.LAMBDA({declared},{f'_xlfn.LET({bound}{body})' if bound else body})"


def _variable(name: str, at: int) -> str:
    """The name of a variable, which must be no parameter's; of one with a long name, that of its place."""
    return f"the_{re.sub('[^a-z0-9]+', '_', name)}" if len(name) <= _LONGEST_NAME else f"the_{at}"


def _setting(name: str) -> str:
    """The hidden name of a setting that is in force."""
    return f"tierxl_{re.sub('[. ]', '_', name)}"


def _spilling(text: str) -> str:
    """A formula in which the larger and the smaller of two are found value by value: MAX() makes one of a range."""
    return re.sub(r"\bMIN\(", "tierxl_smaller(", re.sub(r"\bMAX\(", "tierxl_larger(", text))


# --- Of amounts ------------------------------------------------------------------------------------------------------


class _RanksOfRange(RanksOfCells):
    """The order of the amounts of a range that is an argument."""

    def share_cut(self, share: Any) -> Any:
        steps = "{" + ";".join(map(str, STEPS)) + "}"
        count, limit = code_of(self.larger_than(0)), code_of(share)
        further = self.further("_xlpm.at", "_xlpm.step", count, limit)
        place = f"_xlfn.REDUCE(0,{steps},_xlfn.LAMBDA(_xlpm.at,_xlpm.step,{further}))"
        place = code_of(self.figures.cell(f"place of {limit[1:-1]}", place))
        return self.figures.cell(f"cut of {limit[1:-1]}", f'IF({place}=0,"",LARGE({self.cells},{place}))')


def _given(name: str) -> str:
    return f"⟨{_PARAMETER}{name}⟩"


def _numbers(name: str, factor: str = "1") -> str:
    """The numbers of a parameter: of shares, divided by 100 where they are points."""
    given = _given(name)
    over = "" if factor == "1" else f"/{factor}"
    signed = "" if factor == "1" else f'/IF(ISNUMBER(FIND("%",{given})),1,{factor})'
    return f'IF(ISNUMBER({given}),{given}{over},IFERROR(VALUE(TRIM({given})){signed},""))'


def _points(name: str) -> str:
    """100 where the shares of a parameter, read as a whole, are points, else 1."""
    given = _given(name)
    beyond, filled = (f"SUMPRODUCT(({given}>{limit})*({given}<1E+300)+({given}<-{limit}))" for limit in (1, 0))
    return f"IF(({filled}>0)*({filled}<=2*{beyond}),100,1)"


def _unread(name: str, read: str, expected: str) -> str:
    """The message on a number that cannot be read; an empty text where it can, or is blank."""
    mend = f'"{MARK}{name} """&{_given(name)}&""" {expected}"'
    return f'IF((TRIM({_given(name)})<>"")*(⟨{read}⟩=""),{mend},"")'


def _first_message(*messages: str) -> str:
    text = '""'
    for message in reversed(messages):
        text = message if text == '""' else f'IF({message}<>"",{message},{text})'
    return text


def _rating_of(name: str, terms: Mapping[str, Term]) -> dict[str, str]:
    """The formulas of a rating's name, by the rules, of clients of whom this is known; the name is the answer."""

    def formulas(policy: Policy) -> dict[str, Code]:
        row = _rated(policy, Row({**reading.terms(()), **CUTS, **terms}, {}))
        return {**row.formulas, _ANSWER: row.formula_of(f"{name} name")}

    return in_few_cells(in_all_cases(formulas, CUTS), [_ANSWER])


def _answered(
    arguments: Iterable["Parameter | Argument"],
    variables: Mapping[str, str],
    messages: str,
    cells: Mapping[str, str],
) -> str:
    """The LAMBDA that answers with a message where there is one, else with the answer among some cells."""
    bound = {**variables, "message": messages, **cells}
    answer = bound.pop(_ANSWER)
    return _lambda(arguments, bound, f'IF(⟨message⟩<>"",⟨message⟩,{answer})')


def _revenue_rating() -> str:
    figures = Figures()
    cuts = cuts_of_revenue(_RanksOfRange("revenue", figures))
    needed = reached({**figures.formulas, **cuts}, REVENUE_CUTS)
    of_range = {name: code.text.replace("⟨all revenue⟩", _given("all_revenue")) for name, code in needed.items()}
    empty = f'"{MARK}all_revenue holds no amount: give it the revenue of all clients, such as Clients[Revenue]."'
    none = f'IF((COUNT({_given("all_revenue")})=0)*(⟨revenue.by⟩<>"amount"),{empty},"")'
    messages = _first_message(none, _unread("revenue", "amount", amounts.NO_AMOUNT))
    cells = _rating_of("revenue", {"revenue": known("amount", nullable=True)})
    return _answered(
        [Parameter("revenue"), Parameter("all_revenue")], {"amount": _numbers("revenue"), **of_range}, messages, cells
    )


def _wallet_rating() -> str:
    share = _given("share")
    outside = f'"{MARK}share """&100*{share}&"%"" {OUTSIDE}"'
    beyond = f'IF(⟨part⟩="","",IF((⟨part⟩<0)+(⟨part⟩>1)>0,{outside},""))'
    messages = _first_message(_unread("share", "part", percents.NO_PERCENTAGE), beyond)
    cells = _rating_of("wallet", {"wallet_share": known("part", nullable=True)})
    variables = {"points": _points("share"), "part": _numbers("share", "⟨points⟩")}
    return _answered([Parameter("share")], variables, messages, cells)


class _GivenMargins:
    """The settings of the profit rating, with the margins that are arguments in their place."""

    target, acceptable, target_top = map(cell, ("target in force", "acceptable in force", "profit.target_top"))


class _NoMargins:
    """The order of no margins: the argument is of one client, and not of all."""

    count = 0


def _profit_rating() -> str:
    variables: dict[str, str] = {}
    messages = []
    for name in ("margin", "target", "acceptable"):
        given = _given(name) if name == "margin" else f'IF(_xlfn.ISOMITTED({_given(name)}),"",{_given(name)})'
        variables |= {
            f"{name} points": _points(name).replace(_given(name), given),
            f"{name} read": _numbers(name, f"⟨{name} points⟩").replace(_given(name), given),
        }
        messages.append(_unread(name, f"{name} read", percents.NO_PERCENTAGE).replace(_given(name), given))
        no_margin = f'"{MARK}{name} """&{given}&""" {NO_MARGIN}"'
        messages.append(f'IF(⟨{name} read⟩="","",IF(⟨{name} read⟩>=1,{no_margin},""))')
        if name != "margin":
            variables[f"{name} in force"] = f'IF(⟨{name} read⟩="",⟨profit.{name}⟩,⟨{name} read⟩)'
    messages += [_LEFT_OUT, _TOO_MUCH]
    cuts = cuts_of_profit(_NoMargins, _GivenMargins)
    variables |= {name: code.text for name, code in reached(cuts, PROFIT_CUTS).items()}
    cells = _rating_of("profit", {"margin": known("margin read", nullable=True)})
    parameters = [Parameter("margin"), Parameter("target", True), Parameter("acceptable", True)]
    return _answered(parameters, variables, _first_message(*messages), cells)


_LEFT_OUT = (
    f'IF(⟨target in force⟩="auto","{MARK}target is left out: give one, since the policy takes the margin of all '
    f'clients.","")'
)
_OF_SETTINGS = "the Settings sheet's "
_TOO_MUCH = (
    'IF((⟨target in force⟩="auto")+(⟨acceptable in force⟩="auto")>0,"",IF(⟨acceptable in force⟩<=⟨target in force⟩,"",'
    f'"{MARK}"&IF(⟨acceptable read⟩="","{_OF_SETTINGS}","")&"acceptable "&100*⟨acceptable in force⟩&" % is more than "'
    f'&IF(⟨target read⟩="","{_OF_SETTINGS}","")&"target "&100*⟨target in force⟩&" %: it can be the target at most."))'
)


# --- Of services -----------------------------------------------------------------------------------------------------


_LEVEL = {
    "number": f"tierxl_tier({_given('tier')},{NOT_GRADED})",
    "found": f"IFERROR(MATCH({reading.cleared(_given('service'), '*?')},⟨column A⟩,0),0)",
    "first": "MATCH(⟨services⟩,⟨column A⟩,0)",
    "last": "MATCH(⟨others⟩,⟨column A⟩,0)",
    "at": "⟨found⟩*(⟨found⟩>⟨first⟩)*(⟨found⟩<⟨last⟩)",
    "there": "MAX(⟨at⟩,1)",
    "of tier": (
        f"IF(⟨number⟩={A},INDEX(⟨column B⟩,⟨there⟩),"
        f"IF(⟨number⟩={B},INDEX(⟨column C⟩,⟨there⟩),INDEX(⟨column D⟩,⟨there⟩)))"
    ),
    "level": 'IF(⟨at⟩=0,"",⟨of tier⟩&"")',
}
"""The level of a service by its tier, on the Settings sheet: the services stand between two headings."""


def _messages_of_services(*more: str) -> str:
    choose = 'choose "&_xlfn.TEXTJOIN(", ",TRUE,INDEX(⟨column A⟩,⟨first⟩+1):INDEX(⟨column A⟩,⟨last⟩-1))'
    tier, service = _given("tier"), _given("service")
    blank, unknown = f'"{MARK}service is blank: {choose}', f'"{MARK}service """&{service}&""" is no service: {choose}'
    return _first_message(
        f'IF(⟨number⟩={UNREAD},"{MARK}tier """&{tier}&""" {choices.NO_TIER}","")',
        f'IF(⟨at⟩=0,IF(TRIM({service})="",{blank},{unknown}),"")',
        *more,
    )


def _tier_service() -> str:
    answer = {_ANSWER: f'IF(⟨number⟩={NOT_GRADED},"{TIER_NAMES[NOT_GRADED]}",⟨level⟩)'}
    return _answered(TIER_AND_SERVICE, _LEVEL, _messages_of_services(), answer)


def _next_due() -> str:
    """The month's end is kept as that; a cadence that does not divide the year is counted in days."""
    last = _given("last")
    expected = f'"{MARK}last """&{last}&""" is not a date: write a date such as 2026-11-22"'
    blank = f'"{MARK}last is blank: write the day on which it happened last"'
    message = f'IF(⟨day⟩<>"","",IF(TRIM({last})="",{blank},{expected}))'
    year, month, of_month = (f"{part}(⟨day⟩)" for part in ("YEAR", "MONTH", "DAY"))
    before = 'TRIM(LEFT(⟨text⟩,FIND("/yr",⟨text⟩)-1))'
    variables = {
        **_LEVEL,
        "day": f'IF(ISNUMBER({last}),INT({last}),IFERROR(IF(MID({last},5,1)="-",DATEVALUE({last}),""),""))',
        "text": 'SUBSTITUTE(SUBSTITUTE(LOWER(⟨level⟩),"/ ","/")," /","/")',
        "often": f'IFERROR(VALUE(TRIM(RIGHT(SUBSTITUTE({before}," ",REPT(" ",50)),50))),0)',
        "months": "IF(⟨often⟩=0,0,ROUND(12/⟨often⟩,9))",
        "end": f"DATE({year},{month}+⟨months⟩+1,0)",
        "same": f"IF(MONTH(⟨day⟩+1)<>{month},⟨end⟩,MIN(⟨end⟩,DATE({year},{month}+⟨months⟩,{of_month})))",
        "later": "⟨day⟩+MAX(INT(365/⟨often⟩+0.5),1)",
    }
    due = "IF(⟨months⟩=INT(⟨months⟩),⟨same⟩,⟨later⟩)"
    answer = {_ANSWER: f'IF((⟨number⟩={NOT_GRADED})+(⟨often⟩=0)>0,"none",{due})'}
    return _answered((*TIER_AND_SERVICE, Parameter("last")), variables, _messages_of_services(message), answer)
