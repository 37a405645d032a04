"""The row of a client: a frame to the rules, which keeps the formula of each column that a rule adds."""

from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw

from tierxl.formulas.code import (
    CONCATENATION,
    FALSE,
    PRODUCT,
    Code,
    Term,
    Truth,
    Value,
    constant,
    known,
    reference,
    references,
    sure,
)
from tierxl.formulas.translation import Columns, is_ratio_of, name_of, translated
from tierxl.method.expressions import LARGEST_TEXT, RATIO_DECIMALS
from tierxl.method.rating.figures import Wording
from tierxl.method.table.columns import GRADED_COLUMNS


class Row(nw.LazyFrame[Any]):
    """A frame of one row of cells.

    Attributes:
        terms: what each column stands for now: a cell, or a constant.
        formulas: the formula of each cell, by its name; a column that is replaced has another cell.
        made: what each column that a rule added was made of.
    """

    def __init__(self, terms: Columns, formulas: Mapping[str, Code], made: Columns | None = None) -> None:
        self.terms = terms
        self.formulas = formulas
        self.made = made or {}

    def with_columns(self, *exprs: Any, **named_exprs: Any) -> "Row":
        """See Narwhals. What another column is already stands for itself, and what is rounded needs no cell before.

        A column that a rule makes for itself again, under a name such as ``_number``, is the one that is there.
        """
        added = {name_of(each): each for each in _flat(exprs)} | named_exprs
        terms, formulas, made = dict(self.terms), dict(self.formulas), dict(self.made)
        for name, expression in added.items():
            columns = {**self.terms, name: self.made[name]} if is_ratio_of(expression, name) else self.terms
            term = made[name] = translated(expression, columns)
            again = (each for each in formulas if each.startswith(name) and formulas[each].text == term.cell.text)
            cell = (name.startswith("_") and next(again, "")) or _unused(name, formulas)
            formulas[cell] = term.cell
            is_there = term.cell.is_constant or term.cell.text in self._own_cells()
            terms[name] = term if isinstance(term, Value) and is_there else _of_cell(cell, term)
        return Row(terms, formulas, made)

    def with_wording(self, wording: Wording, name: str) -> "Row":
        """A row with the text of a number, with one decimal at most, or as many as it takes; see :class:`Wording`."""
        row = self.with_cell(f"{name} number", translated(wording.numbers.fill_null(0), self.terms).cell)
        number, most = row.terms[f"{name} number"].cell, wording.most_decimals
        shift = RATIO_DECIMALS - most

        def fits(places: int) -> str:
            shown = {"shown": Value(Code(f"ROUND({number.text},{places})")), "number": Value(number)}
            sides = [
                [f"({translated(cut.is_passed_by(nw.col(of)), shown).cell.text})" for of in shown]
                for cut in wording.cuts
            ]
            return "*".join(f"({'='.join(each)})" for each in sides)

        # no arrays of numbers: LibreOffice 7.4 loses the cell of a formula with some where rows are deleted
        decimals = str(most if wording.cuts else 1)
        for fewer in range(most - 1, 0, -1) if wording.cuts else ():
            decimals = f"IF({fits(fewer + shift)},{fewer},{decimals})"
        limit = f"MAX(-{constant(LARGEST_TEXT).text},MIN({constant(LARGEST_TEXT).text},{_times(number, wording.unit)}))"
        row = row.with_cell(f"{name} decimals", Code(decimals))
        places = row.terms[f"{name} decimals"].cell.text
        row = row.with_cell(f"{name} rounded", Code(f"ROUND({limit},{places})"))
        rounded = row.terms[f"{name} rounded"].cell.text
        size = f"ABS({rounded})"
        digits = f'RIGHT(REPT("0",{places})&TEXT(ROUND(({size}-INT({size}))*10^{places},0),"0"),{places})'
        sign = f'IF({rounded}<0,"-","")'
        text = f'{sign}&TEXT(INT({size}),"0")&IF({size}=INT({size}),"","."&{digits})'
        return row.with_cell(name, Code(text, CONCATENATION))

    def with_cell(self, name: str, formula: Code) -> "Row":
        """A row with a cell more, of a formula."""
        cell = _unused(name, self.formulas)
        return Row({**self.terms, name: known(cell)}, {**self.formulas, cell: formula}, self.made)

    def formula_of(self, name: str) -> Code:
        """The formula of a column's cell; of a constant, that itself."""
        code = self.terms[name].cell
        return code if code.is_constant else self.formulas[references(code.text)[0]]

    def _own_cells(self) -> set[str]:
        return {self.terms[name].cell.text for name in self.made}

    def drop(self, *_: Any, **__: Any) -> "Row":
        """See Narwhals; a formula that nobody asks for is left out in the end."""
        return self

    def filter(self, *predicates: Any, **_: Any) -> "Row":
        """See Narwhals: cells of a row that is filtered out are missing."""
        (condition,) = predicates
        return self.with_columns(**{name: nw.when(condition).then(nw.col(name)) for name in self.made})

    def select(self, *exprs: Any, **named_exprs: Any) -> "Row":
        return self.with_columns(*exprs, **named_exprs)


def _times(number: Code, unit: int) -> str:
    return number.text if unit == 1 else f"{number.within(PRODUCT)}*{unit}"


def _of_cell(cell: str, term: Term) -> Term:
    return sure(reference(cell)) if isinstance(term, Truth) else known(cell, nullable=term.missing != FALSE)


def _flat(expressions: Iterable[Any]) -> Iterable[nw.Expr]:
    for each in expressions:
        yield from [each] if isinstance(each, nw.Expr) else each


def _unused(name: str, formulas: Mapping[str, Code]) -> str:
    names = (name, *(f"{name} {number}" for number in range(2, 9)))
    return next(each for each in names if each not in formulas and each not in GRADED_COLUMNS)
