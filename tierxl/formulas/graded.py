"""The formulas of the graded columns, made of the rules of :mod:`tierxl.method.rating`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from tierxl.formulas import capacity, reading
from tierxl.formulas import services as service_levels
from tierxl.formulas.cases import cell, in_all_cases
from tierxl.formulas.code import ATOM, REFERENCE, Code, arguments_of, calls, placed, reference, references, size
from tierxl.formulas.plan import AMOUNTS, LISTED, PLACES, SHOWN, figures_of_plan, planned
from tierxl.formulas.portfolio import CUTS, cuts_of_cells
from tierxl.formulas.row import Row
from tierxl.formulas.settings import in_force
from tierxl.formulas.translation import Columns
from tierxl.method.plan.due_dates import APPOINTMENTS
from tierxl.method.policy import Policy
from tierxl.method.rating.decision import decide
from tierxl.method.rating.figures import Wording
from tierxl.method.rating.grading import decided_columns
from tierxl.method.rating.profiles import with_profile
from tierxl.method.rating.ratings import Cuts, earned_margins, measure, rate
from tierxl.method.rating.reasons import with_own_reasons
from tierxl.method.rating.score import score_cuts
from tierxl.method.table.columns import GRADED_COLUMNS, GRADED_SENTENCES
from tierxl.method.table.kinds import beyond_use

LIVE = tuple(name for name in GRADED_COLUMNS if name not in GRADED_SENTENCES)
"""The graded columns that are formulas."""
CHECK = "Check"
"""The column that names what cannot be read of a client."""
_WORDS, _ALL = "words of ", "all "
_SHORT, _MOST_REPEATED, _LONGEST = 40, 150, 7_000
"""A formula stands within those that use it, and has no cell of its own, where it is short or is not repeated much."""
_LEAST_SAVED = 60
"""A repeated part of formulas has a cell of its own where that saves so many of their names, values and signs."""


@dataclass(frozen=True)
class LiveFormulas:
    """The formulas with which a table of clients grades itself.

    In a formula ⟨name⟩ stands for a cell or a range; :func:`tierxl.formulas.placed` puts what is written for it.

    Attributes:
        columns: the formula of each cell of a row, by name; the graded columns and Check among them, under their
            names, and before each those that it takes. ⟨Revenue⟩ is the client's own cell, by the column's name in
            the method, ⟨revenue⟩ a cell of these formulas.
        figures: the formula of each single cell, by name: the settings in force, and figures of the portfolio.
            ⟨all revenue⟩ is a column of all clients, ⟨cell weights.revenue⟩ the cell of a setting on Settings,
            ⟨day⟩ the cell with the day of the grading.
        words: the lists that cells are looked up in, each word with its number; ⟨words of levels⟩ and
            ⟨numbers of levels⟩ are the two columns of the list "levels".
        listed: the formula of each cell that only lists of clients have, by name, behind those that it takes; the
            cells of a client's row that stand in it are those of the client whose turn it is.
    """

    columns: Mapping[str, str]
    figures: Mapping[str, str]
    words: Mapping[str, Mapping[str, int]]
    listed: Mapping[str, str]


def live_formulas(
    fields: Iterable[str],
    factors: Mapping[str, float] | None = None,
    shown: Mapping[str, nw.Expr] | None = None,
    currency: str = "",
    services: int = 0,
    has_team: bool = False,
) -> LiveFormulas:
    """The formulas for clients of whom some fields are in the table.

    Args:
        fields: the fields, such as "revenue"; see :mod:`tierxl.method.table.columns`.
        factors: by what columns of money are multiplied, by field; such as 1000 for one in thousands.
        shown: cells that sheets show of the engagement plan, made of its columns; without any there is no plan.
        currency: the currency of the amounts.
        services: the rows of services on the sheet Settings.
        has_team: whether there are account managers: how many hours a year clients take.
    """
    there = [*fields]
    terms, read = reading.terms(there) | CUTS, reading.readings(there, factors)
    columns = in_all_cases(lambda policy: _graded(policy, terms, read), CUTS) | reading.unreadable(there, CHECK)
    in_plan: list[str] = []
    listed: list[str] = []
    if shown:
        columns |= planned(terms, columns, CUTS, shown, currency)
        columns |= capacity.of_clients(columns) if has_team else {}
        listed = [name for cells in LISTED.values() for name in cells if name in columns]
        in_plan = [name for name in (*PLACES, *AMOUNTS, *SHOWN) if name in columns and not columns[name].is_constant]
        in_plan += [name for name in capacity.COLUMNS if name in columns]
    figures = (
        {name: Code(text) for name, text in in_force().items() if name != "reading.currency"}
        | reading.figures(there)
        | cuts_of_cells()
        | {name: Code(text) for name, text in service_levels.figures(services).items()}
        | figures_of_plan(columns)
        | (capacity.figures(services) if has_team else {})
    )
    named = (name for code in (*figures.values(), *columns.values()) for name in references(code.text))
    of_all = (name.removeprefix(_ALL) for name in named if name.startswith(_ALL))
    kept = [name for name in (*of_all, *LIVE, CHECK, *in_plan) if name in columns]
    kept = [*dict.fromkeys(kept)]  # LibreOffice has the fewest cells to wait for in this order
    columns = _named_alike(reached(columns, [*kept, *listed]), kept)
    cells = _short(_with_parts(_in_few(reached(columns, kept), kept)))
    of_lists = {name: code for name, code in columns.items() if name not in cells}
    in_lists = _in_few(reached(of_lists, listed), [*filter(of_lists.__contains__, listed)], most_repeated=_LONGEST)
    texts = [*cells.values(), *in_lists.values()]
    in_ranges = [name for name in figures if name.startswith(tuple(f"{each.rhythm} " for each in APPOINTMENTS))]
    on_sheets = [*(capacity.FIGURES if has_team else ()), *service_levels.names(services)]
    used = reached(figures, [*in_ranges, *on_sheets, *(name for text in texts for name in references(text))])
    lists = _lists([*texts, *(code.text for code in used.values())])
    return LiveFormulas(
        cells,
        {name: code.text for name, code in figures.items() if name in used},
        {of: reading.words(of) for of in lists},
        in_lists,
    )


def _lists(texts: Iterable[str]) -> list[str]:
    """The lists of words that formulas look cells up in."""
    names = (name for text in texts for name in references(text))
    return [*dict.fromkeys(name.removeprefix(_WORDS) for name in names if name.startswith(_WORDS))]


def _graded(policy: Policy, terms: Columns, read: Mapping[str, Code]) -> dict[str, Code]:
    """The formulas of the cells of a row, as the rules come to them under one policy of cells.

    Args:
        policy: the policy of cells.
        terms: what each field stands for.
        read: the formulas of the fields' own cells.
    """
    day: Any = cell(reading.DAY)
    cuts: Any = (cell(name) for name in CUTS)
    row: Any = Row(terms, read)
    row = row.with_columns(**{name: nw.when(~beyond).then(nw.col(name)) for name, beyond in beyond_use(day)})
    row = measure(row)
    margins: Any = earned_margins(row)
    row = decide(with_profile(rate(row, Cuts(0, *cuts), policy), policy, day), policy)
    row = Wording(nw.col("score"), score_cuts(policy)).added_to(row, "score_text")
    row = row.with_columns(lift=nw.lit("")).with_columns(decided_columns(policy))
    row = with_own_reasons(row, policy).with_columns(Upside=nw.col("upside"))
    formulas: dict[str, Code] = row.formulas | {"rated margin": margins.formula_of("earned_margin")}
    return formulas | {name: row.terms[name].cell for name in LIVE}


def reached(formulas: Mapping[str, Code], names: Iterable[str]) -> dict[str, Code]:
    """The formulas of some names, and those that they take, these first."""
    found: dict[str, Code] = {}

    def reach(name: str) -> None:
        if name in formulas and name not in found:
            for each in references(formulas[name].text):
                reach(each)
            found[name] = formulas[name]

    for name in names:
        reach(name)
    return found


_PLACE = 50
"""The characters that the place of a name takes: in a table that of the table and of a header stand in it."""


def _length(text: str) -> int:
    """The length of a formula with what is written for the names in it, roughly."""
    return len(text) + _PLACE * len(references(text))


def _short(cells: Mapping[str, str]) -> dict[str, str]:
    """Formulas of which none is too long: the longest arguments of one that is have cells of their own before it."""
    short: dict[str, str] = {}
    for name, formula in cells.items():
        text, arguments, number = formula, arguments_of(formula), 1
        while _length(text) > _LONGEST and arguments:
            at = max(range(len(arguments)), key=lambda each: _length(arguments[each]))
            part, number = f"{name} part {number}", number + 1
            short |= _short({part: arguments[at]})
            arguments[at] = reference(part).text
            text = f"{text[: text.index('(')]}({','.join(arguments)})"
        short[name] = text
    return short


def _with_parts(cells: Mapping[str, str]) -> dict[str, str]:
    """Formulas of which what is repeated has a cell of its own, before the first that takes it."""
    parts, result = 0, dict(cells)
    while True:
        counts = Counter(part for text in result.values() for part in calls(text) if "{" not in part)
        worth, part = max((((count - 1) * size(part) - count, part) for part, count in counts.items()), default=(0, ""))
        if worth < _LEAST_SAVED:
            return result
        name, parts = f"part {parts + 1}", parts + 1
        users = [each for each, text in result.items() if part in text]
        shorter = {each: text.replace(part, reference(name).text) for each, text in result.items()}
        result = {}
        for each, text in shorter.items():
            result |= {name: part, each: text} if each == users[0] else {each: text}


def in_few_cells(columns: Mapping[str, Code], kept: Sequence[str]) -> dict[str, str]:
    """The formulas of some names and those that they take; the short ones, and those used once, within the others."""
    return _in_few(_named_alike(reached(columns, kept), kept), kept)


def _named_alike(columns: Mapping[str, Code], kept: Sequence[str]) -> dict[str, Code]:
    """Formulas without those that another is no more than a reference to: that has its place, and its name."""
    needed = dict(columns)
    shown = {REFERENCE.sub(r"\1", needed[name].text): name for name in kept if REFERENCE.fullmatch(needed[name].text)}
    shown = {inner: name for inner, name in shown.items() if inner not in kept}
    needed |= {name: needed.pop(inner) for inner, name in shown.items()}
    return {
        name: replace(code, text=placed(code.text, lambda each: reference(shown.get(each, each)).text))
        for name, code in needed.items()
    }


def _in_few(codes: Mapping[str, Code], kept: Iterable[str], most_repeated: int = _MOST_REPEATED) -> dict[str, str]:
    """The formulas of some names; what they take stands within them where it is short or not repeated much."""
    cells = {name: codes[name].text for name in kept}
    for name, code in reversed([*codes.items()]):
        if name in cells:
            continue
        within = {each: references(text).count(name) for each, text in cells.items()}
        repeated = (sum(within.values()) - 1) * len(code.text)
        longest = max(_length(cells[each]) + count * _length(code.text) for each, count in within.items() if count)
        if len(code.text) > _SHORT and (repeated > most_repeated or longest > _LONGEST):
            cells[name] = code.text
        else:
            inside = code.within(ATOM)
            cells |= {
                each: cells[each].replace(reference(name).text, inside) for each, count in within.items() if count
            }
    return {name: cells[name] for name in codes if name in cells}
