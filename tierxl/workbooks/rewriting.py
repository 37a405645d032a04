"""Cells of the user's that get another text, because the user asked for it; their formats stay."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tierxl.workbooks.ooxml.bulk_cells import Block, Column, by_kind
from tierxl.workbooks.ooxml.row_patch import CellPatch


@dataclass(frozen=True)
class Rewriting:
    """Cells that get another text.

    Attributes:
        column: their column; the first is 1.
        texts: the text of each, by its row.
    """

    column: int
    texts: Mapping[int, str]

    def patches(self, styles: Mapping[int, int]) -> Iterator[Iterator[CellPatch]]:
        """The cells, to write into the rows of the sheet.

        Args:
            styles: the number of the style of each cell there, by its row, where it has one.
        """
        by_style: dict[int, list[int]] = {}
        for row in sorted(self.texts):
            by_style.setdefault(styles.get(row, 0), []).append(row)
        for style, rows in by_style.items():
            texts = by_kind([self.texts[row] for row in rows])
            yield Block(rows, [Column(self.column, texts, style, style)]).patches()
