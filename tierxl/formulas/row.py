"""The row of a client: a frame to the rules, which keeps the formula of each column that a rule adds."""

from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw

from tierxl.formulas.code import FALSE, Code, Term, Truth, Value, known, reference, references, sure
from tierxl.formulas.translation import Columns, is_ratio_of, name_of, translated
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
        """See Narwhals."""
        return self.with_columns(*exprs, **named_exprs)


def _of_cell(cell: str, term: Term) -> Term:
    return sure(reference(cell)) if isinstance(term, Truth) else known(cell, nullable=term.missing != FALSE)


def _flat(expressions: Iterable[Any]) -> Iterable[nw.Expr]:
    for each in expressions:
        yield from [each] if isinstance(each, nw.Expr) else each


def _unused(name: str, formulas: Mapping[str, Code]) -> str:
    names = (name, *(f"{name} {number}" for number in range(2, 9)))
    return next(each for each in names if each not in formulas and each not in GRADED_COLUMNS)
