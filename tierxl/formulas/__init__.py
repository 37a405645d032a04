"""The rules as worksheet formulas, of functions that Excel 2010, LibreOffice and Google Sheets know.

A rule of :mod:`tierxl.method.rating` is not written again here: ``translation`` reads the Narwhals expression that it
comes to, ``cases`` runs it once for each way that the settings can decide, ``row`` is the frame that it works on. So a
move that is added to ``moves.py`` is in the formulas as well.

Example:
    >>> from tierxl.formulas.graded import live_formulas
    >>> live = live_formulas(["revenue", "strategic_value"])
    >>> live.columns["revenue"]
    'IF(ISNUMBER(⟨Revenue⟩),⟨Revenue⟩,IFERROR(VALUE(TRIM(⟨Revenue⟩)),""))'

Whoever writes a workbook finds in the answer, a :class:`~tierxl.formulas.graded.LiveFormulas`:

* ``columns``: the cells of each row, by name, each behind those that it takes; the graded columns (but for What would
  lift it, and Why) and ``Check`` are among them. The others are helpers: they want a column of their own each.
* ``figures``: single cells, by name, on a sheet of their own: the settings in force, the cuts of the portfolio.
* ``words``: lists that cells are looked up in, a column of words and one of numbers each; words are texts, "3" too.

and puts the place of each name, with :func:`placed`, into the ⟨…⟩ of a formula:

* ⟨Revenue⟩: the client's own cell, by the name that the method gives its column, such as ``$B2``;
* ⟨revenue⟩, or any key of ``columns``: that cell of the same row;
* a key of ``figures``, ⟨day⟩ (the day of the grading, or TODAY()): a single cell, such as ``Live!$B$7``;
* ⟨cell weights.revenue⟩: the cell of a setting; :func:`tierxl.sheets.settings.places` has them;
* ⟨all revenue⟩, ⟨all Satisfaction⟩: a whole column of ``columns``, or of the client's own;
* ⟨words of levels⟩, ⟨numbers of levels⟩: the two columns of a list.

Plain references are a good deal quicker than structured ones. LibreOffice calculates large sheets reliably if the cells
stand in the order of ``columns``, from the left.
"""

from tierxl.formulas.code import placed, references

__all__ = ["placed", "references"]
