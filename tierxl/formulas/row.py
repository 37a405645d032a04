"""The row of a client: a frame to the rules, which keeps the formula of each column that a rule adds."""

from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw

from tierxl.formulas.code import REFERENCE, Code, Term, Truth, Value, known, reference, opposite
from tierxl.formulas.translation import Columns, name_of, translated


class Row(nw.LazyFrame[Any]):
    """A frame of one row of cells.

    Attributes:
        terms: what the name of each column stands for now.
        formulas: the formula of each cell, by its name; a column that is replaced has another cell.
    """

    def __init__(self, terms: Columns, formulas: Mapping[str, Code] | None = None) -> None:
        self.terms = dict(terms)
        self.formulas = dict(formulas or {})

    def with_columns(self, *exprs: Any, **named_exprs: Any) -> "Row":
        """See Narwhals."""
        added = {name_of(expression): expression for expression in _flat(exprs)} | named_exprs
        terms, formulas = dict(self.terms), dict(self.formulas)
        for name, expression in added.items():
            term = translated(expression, self.terms)
            if not _is_plain(term):
                cell = _unused(name, formulas)
                formulas[cell] = term.cell
                term = _of_cell(cell, term)
            terms[name] = term
        return Row(terms, formulas)

    def drop(self, *_: Any, **__: Any) -> "Row":
        """See Narwhals; a formula that nobody asks for is left out in the end."""
        return self

    def filter(self, *predicates: Any) -> "Row":
        """See Narwhals: cells of a row that is filtered out are missing."""
        (condition,) = predicates
        return self.with_columns(**{name: nw.when(condition).then(nw.col(name)) for name in self.terms})

    def select(self, *exprs: Any, **named_exprs: Any) -> "Row":
        """See Narwhals."""
        return self.with_columns(*exprs, **named_exprs)


def _flat(expressions: Iterable[Any]) -> Iterable[nw.Expr]:
    for each in expressions:
        yield from [each] if isinstance(each, nw.Expr) else each


def _is_plain(term: Term) -> bool:
    return isinstance(term, Value) and (REFERENCE.fullmatch(term.code.text) is not None)


def _unused(name: str, formulas: Mapping[str, Code]) -> str:
    return next(each for number in range(1, 9) if (each := name if number == 1 else f"{name} {number}") not in formulas)


def _of_cell(name: str, term: Term) -> Term:
    if isinstance(term, Truth):
        return Truth(code := reference(name), opposite(code))
    return known(name, nullable=term.missing.text != "FALSE")
