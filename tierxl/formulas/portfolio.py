"""The figures of a whole portfolio as cells: the order of its amounts, and the cuts of its ratings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tierxl.formulas.cases import Cell, cell, in_all_cases
from tierxl.formulas.code import Code, known, value
from tierxl.formulas.translation import translated
from tierxl.method.expressions import RATIO_DECIMALS
from tierxl.method.policy import Policy
from tierxl.method.rating.ratings import profit_cuts, revenue_cuts

REVENUE_CUTS, PROFIT_CUTS = ("high revenue", "medium revenue"), ("target margin", "acceptable margin")
CUTS = {name: known(name, nullable=True) for name in (*REVENUE_CUTS, *PROFIT_CUTS)}
"""The cuts of a portfolio's ratings, as in :class:`~tierxl.method.rating.ratings.Cuts`; may be missing."""
_HALVINGS = 21
"""The steps in which a place among at most 2,000,000 is found."""


@dataclass
class Figures:
    """Cells with a figure of the portfolio each, by name; one that is asked for again is the same cell."""

    formulas: dict[str, Code] = field(default_factory=dict)

    def cell(self, name: str, formula: str) -> Cell:
        self.formulas[name] = Code(formula)
        return cell(name)


@dataclass(frozen=True)
class RanksOfCells:
    """The order of a column of cells; see :class:`tierxl.method.rating.ranks.Ranks`."""

    column: str
    figures: Figures

    @property
    def count(self) -> Any:
        return self.figures.cell(f"{self.column} count", f"COUNT({self._cells})")

    def value_at(self, place: Any) -> Any:
        return self._figure("at", place, lambda at: f'IFERROR(LARGE({self._cells},{at}),"")')

    def larger_than(self, value: Any) -> Any:
        return self._figure("above", value, lambda limit: self._number_of(">", limit))

    def reaching(self, value: Any) -> Any:
        return self._figure("from", value, lambda limit: self._number_of(">=", limit))

    def share_cut(self, share: Any) -> Any:
        """See :class:`Ranks`. The place is found by halving: to add up to every place would take all pairs of them."""
        cells, limit = self._cells, _text(share)
        of = f"{self.column} {limit.translate(_PLAIN)}"
        total = self.figures.cell(f"{self.column} total", f'SUMIF({cells},">0")')
        lowest, highest = "0", self.larger_than(0)
        highest_text = _text(highest)
        for step in range(_HALVINGS):
            name = f"{of} {step}"
            middle = self.figures.cell(f"{name} place", f"INT(({lowest}+{highest_text}+1)/2)")
            amount = self.figures.cell(f"{name} amount", f'IFERROR(LARGE({cells},{_text(middle)}),"")')
            larger = f'SUMPRODUCT(({cells}<>"")*({cells}>{_text(amount)}),{cells})'
            is_within = f"ROUND({larger}/{_text(total)},{RATIO_DECIMALS})<{limit}"
            within = self.figures.cell(f"{name} within", f'IF({_text(amount)}="",FALSE,{is_within})')
            low = self.figures.cell(f"{name} low", f"IF({_text(within)},{_text(middle)},{lowest})")
            high = self.figures.cell(
                f"{name} high", f"IF({_text(within)},{highest_text},MAX({_text(low)},{_text(middle)}-1))"
            )
            lowest, highest_text = _text(low), _text(high)
        return self.figures.cell(f"{of} cut", f'IF({lowest}=0,"",LARGE({cells},{lowest}))')

    @property
    def _cells(self) -> str:
        return f"⟨all {self.column}⟩"

    def _figure(self, name: str, argument: Any, formula: Callable[[str], str]) -> Cell:
        text = _text(argument)
        return self.figures.cell(f"{self.column} {name} {text.translate(_PLAIN)}", formula(text))

    def _number_of(self, operator: str, limit: str) -> str:
        return f'SUMPRODUCT(({self._cells}<>"")*({self._cells}{operator}{limit}))'


_PLAIN = str.maketrans("⟨⟩", "[]")


def _text(term: Any) -> str:
    return value(translated(term, CUTS)).cell.text


def cuts_of_cells() -> dict[str, Code]:
    """The formulas of the cuts, and of the figures that they are made of, by name."""
    figures = Figures()
    revenues, margins = RanksOfCells("revenue", figures), RanksOfCells("rated margin", figures)

    def of_revenue(policy: Policy) -> dict[str, Code]:
        return _cells_of(REVENUE_CUTS, revenue_cuts(revenues, policy.revenue)[:2])

    def of_profit(policy: Policy) -> dict[str, Code]:
        return _cells_of(PROFIT_CUTS, profit_cuts(lambda: margins, policy.profit))

    cuts = in_all_cases(of_revenue, CUTS) | in_all_cases(of_profit, CUTS)
    return figures.formulas | cuts


def _cells_of(names: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Code]:
    return {name: value(translated(each, CUTS)).cell for name, each in zip(names, values, strict=True)}
