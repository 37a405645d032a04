"""Integer programs: whole numbers within bounds and rows for which a sum is least, by the solver HiGHS.

Nothing that the solver returns is trusted. Each run is a fresh one, so that nothing of an earlier run stays
behind, and whoever asks compares the values with their objective. HiGHS 1.16 returns the start that it got with the
objective of a better solution, now and then, when it reduces a program that has a start; so it never does both.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from highspy import Highs, HighsSolution, HighsVarType

Terms = Sequence[tuple[int, float]]
"""A sum: numbers of the program by their places, each with its coefficient."""

_OPTIONS = {"output_flag": False, "mip_rel_gap": 0.0, "mip_abs_gap": 0.9, "random_seed": 0}
"""Silent, the same each time, and no less than a solution that is within one whole unit of its bound."""


@dataclass(frozen=True)
class Answer:
    """The outcome of a run.

    Attributes:
        values: a value for each number of the program; None where there is no solution.
        objective: the sum that the solver says these values have.
        bound: the solver's lower bound on the sum: no solution has less.
    """

    values: Sequence[float] | None
    objective: float
    bound: float


class _SilentHighs(Highs):
    """HiGHS without its banner, which it prints when callbacks are set, before any option can be. None are used."""

    def enableCallbacks(self) -> None:  # noqa: N802  the name is HiGHS's
        pass


@dataclass
class IntegerProgram:
    """Numbers from 0 on, some of them whole, and the rows that hold for them."""

    _upper: list[float] = field(default_factory=list)
    _are_whole: list[bool] = field(default_factory=list)
    _rows: list[tuple[Terms, float, float]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """The count of numbers."""
        return len(self._upper)

    def add_number(self, upper: float = math.inf, *, whole: bool = False) -> int:
        """The place of a new number from 0 to an upper bound."""
        self._upper.append(upper)
        self._are_whole.append(whole)
        return self.size - 1

    def add_row(self, terms: Terms, lower: float = -math.inf, upper: float = math.inf) -> None:
        """Keep a sum within bounds."""
        self._rows.append((terms, lower, upper))

    def copy(self) -> "IntegerProgram":
        """A copy of the program, to add to."""
        return IntegerProgram([*self._upper], [*self._are_whole], [*self._rows])

    def least(self, aim: Terms, start: Sequence[float] | None, steps: int) -> Answer:
        """Values for which a sum is least.

        Args:
            aim: the sum.
            start: values that are possible, to search on from without reducing the program first; None to reduce the
                program and search from nothing.
            steps: how many nodes of the search tree are visited at most.
        """
        solver = self._solver(aim)
        solver.setOptionValue("mip_max_nodes", steps)
        if start is not None:
            solver.setOptionValue("presolve", "off")
            known = HighsSolution()
            known.col_value = list(start)
            solver.setSolution(known)
        solver.run()
        info = solver.getInfo()
        is_solved = math.isfinite(info.objective_function_value)
        values = solver.getSolution().col_value if is_solved else None
        return Answer(values, info.objective_function_value, info.mip_dual_bound)

    def relaxed(self, aim: Terms) -> Sequence[float]:
        """Values for which a sum is least where no number need be whole."""
        solver = self._solver(aim)
        solver.setOptionValue("solve_relaxation", True)
        solver.run()
        return solver.getSolution().col_value

    def _solver(self, aim: Terms) -> Highs:
        solver = _SilentHighs()  # type: ignore[no-untyped-call]
        for option, value in _OPTIONS.items():
            solver.setOptionValue(option, value)
        for place, (upper, is_whole) in enumerate(zip(self._upper, self._are_whole, strict=True)):
            solver.addVar(0.0, upper)
            if is_whole:
                solver.changeColIntegrality(place, HighsVarType.kInteger)
        for place, cost in aim:
            solver.changeColCost(place, cost)
        for terms, lower, upper in self._rows:
            places, coefficients = [place for place, _ in terms], [coefficient for _, coefficient in terms]
            solver.addRow(lower, upper, len(terms), places, coefficients)
        return solver
