"""Questions about a workbook in xlwings Lite that its object model only answers later: formats, formulas, widths."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from tierxl.lite.areas import range_of
from tierxl.sheets.description import Area
from tierxl.workbooks.number_formats import NumberFormats

_MOST_FORMATS = 500
"""The most questions for the number formats of one column."""


class Question(NamedTuple):
    """A question about an area of a sheet."""

    about: str
    sheet: str
    area: Area


class Unanswered(Exception):
    """Questions that somebody has to await before the work can begin anew."""

    def __init__(self, questions: list[Question]) -> None:
        super().__init__(questions)
        self.questions = questions


class Answers:
    """The answers to the questions that were asked about a workbook so far.

    Attributes:
        grids: the values of the sheets that were read.
    """

    def __init__(self, live: Any) -> None:
        self._live = live
        self.grids: dict[str, list[list[Any]]] = {}
        self._known: dict[Question, Any] = {}

    def __call__(self, *questions: Question) -> list[Any]:
        """The answers to some questions.

        Raises:
            Unanswered: some have to be awaited first.
        """
        if unknown := [question for question in questions if question not in self._known]:
            raise Unanswered(unknown)
        return [self._known[question] for question in questions]

    async def fetch(self, questions: list[Question]) -> None:
        """Ask Excel."""
        for question in questions:
            sheet = self._live.sheets[question.sheet]
            self._known[question] = await _ASK[question.about](sheet, question.area)


async def _number_formats(sheet: Any, area: Area) -> dict[int, str]:
    """The number format of each row of a column, as far as some questions tell; one tells where all have the same."""
    formats = NumberFormats(area.top, area.bottom, _MOST_FORMATS)
    for top, bottom in formats.ranges():
        formats.answer(top, bottom, await sheet.range((top, area.left), (bottom, area.left)).get_number_format())
    return formats.by_row


_ASK: dict[str, Callable[[Any, Area], Awaitable[Any]]] = {
    "number formats": _number_formats,
    "formulas": lambda sheet, area: range_of(sheet, area).options(ndim=2).get_formula(),
    "column width": lambda sheet, area: range_of(sheet, area).get_column_width(),
    "vertical alignment": lambda sheet, area: range_of(sheet, area).get_vertical_alignment(),
}
"""How each is asked; the width of a column is in points."""
