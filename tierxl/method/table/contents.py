"""The columns of a list of clients that no header names, by what their cells hold: the clients, and the revenue."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from tierxl.method.table import cells
from tierxl.method.table.amounts import is_amount
from tierxl.method.table.choices import is_answer
from tierxl.method.table.columns import BY_FIELD, Kind
from tierxl.method.table.dates import is_day
from tierxl.method.table.finding import Finding, Findings, Qualified, Step
from tierxl.method.table.vocabulary import meanings, normal, words_for

MOST_CELLS = 1_000
"""Cells of a column that are looked at."""
_MOSTLY = 0.8
_DIFFERENT = 0.5
"""The share of distinct texts from which a column can name clients."""
_LONGEST_NAME = 60
_NO_NAME = re.compile(r"\S+@\S+|(?:https?://|www\.).*|[A-Za-z]{0,5}[-/ #]?\d[\d /.-]*|[-+]?\d[\d.,]*\s?%", re.DOTALL)
"""E-mails, addresses of the web, numbers of documents, phones, and percents."""
_NUMBER = re.compile(r"\d[\d .-]*|\*+")
"""A number that names somebody, or the mark of a total among such."""
_MONTH = re.compile(r"\d\d?")
"""The number of a month, or its year."""
_NUMBER_THAT_NAMES = re.compile(r"0\d+|\+\d[\d ()/-]*|\d{5,}")
"""Texts of digits that are numbers of something: with a leading zero or a plus, or long and without any mark."""


def find_by_contents(
    headers: Sequence[str], findings: Findings, cells_of: Callable[[int], Sequence[object]]
) -> Findings:
    """The findings as the cells have it, with the columns of clients and revenue where one column alone can be it.

    Args:
        headers: the headers; "" for a blank one.
        findings: the columns that the headers name.
        cells_of: the cells of the column at a position, :data:`MOST_CELLS` of them or fewer.
    """
    findings = _with_names_as_clients(headers, _without_other_answers(findings, cells_of), cells_of)
    of = candidates(headers, findings, cells_of)
    if not of:
        return findings
    number = findings.of.get("client_id")
    if len(of.get("client", ())) != 1 and number and "client" in of:
        of["client"] = [number.position]
    return findings.with_only(Step.CONTENTS, of, headers)


def candidates(
    headers: Sequence[str], findings: Findings, cells_of: Callable[[int], Sequence[object]]
) -> dict[str, list[int]]:
    """The columns that can be the clients and the revenue, by their cells, where no header names them.

    Args:
        headers: the headers; "" for a blank one.
        findings: the columns that the headers name.
        cells_of: see :func:`find_by_contents`.
    """
    wanted = {"client", "revenue"} - {*findings.of, *findings.doubles, *findings.absent}
    if not wanted:
        return {}
    used = {finding.position for finding in findings.of.values()}.union(*findings.doubles.values())
    parts = {at: Qualified.of(header) for at, header in enumerate(headers) if header and at not in used}
    parts = {at: part for at, part in parts.items() if part.year or not is_amount(headers[at])}  # no row of a client

    def that_are(holds: Callable[[Qualified, Collection[object]], bool], among: Mapping[int, Qualified]) -> list[int]:
        return [at for at, part in among.items() if holds(part, _filled(cells_of(at)))]

    likely: dict[str, list[int]] = {}
    if "client" in wanted:
        likely["client"] = that_are(_holds_names, parts) or that_are(_holds_names, _without_header(headers))
    if "revenue" in wanted:
        of_revenue = that_are(_holds_amounts, {at: part for at, part in parts.items() if part.can_be_revenue})
        likely["revenue"] = [at for at in of_revenue if not _is_part_of_revenue(parts[at])] or of_revenue
    return likely


def _without_other_answers(findings: Findings, cells_of: Callable[[int], Sequence[object]]) -> Findings:
    """The findings without columns of answers that other languages call so, and in which there is none.

    Such is the reference of an invoice, which in French is a client who is one.
    """
    others = {
        name
        for name, found in findings.of.items()
        if found.step == Step.LANGUAGE
        and BY_FIELD[name].kind == Kind.YES_NO
        and (filled := _filled(cells_of(found.position)))
        and not any(map(is_answer, filled))
    }
    return replace(findings, of={name: found for name, found in findings.of.items() if name not in others})


def _with_names_as_clients(
    headers: Sequence[str], findings: Findings, cells_of: Callable[[int], Sequence[object]]
) -> Findings:
    """The findings with the names of the clients in the place of their numbers, where both have a column."""
    found = findings.of.get("client")
    named = [found.position] if found and found.step != Step.CHOSEN else findings.doubles.get("client", [])
    taken = {each.position for each in findings.of.values()}
    others = [at for at, header in enumerate(headers) if at not in taken and _is_name(header, cells_of(at))]
    pairs = [
        (number, name)
        for number in named
        for name in [at for at in named if at != number] or others
        if _are_numbers(cells_of(number), cells_of(name))
    ]
    if len(pairs) != 1:
        return findings
    number, name = pairs[0]
    of = {"client_id": Finding(number, Step.CONTENTS), **findings.of, "client": Finding(name, Step.CONTENTS)}
    doubles = {field: positions for field, positions in findings.doubles.items() if field != "client"}
    return replace(findings, of=of, doubles=doubles)


def _are_numbers(column: Sequence[object], names: Sequence[object]) -> bool:
    """True for a column of nothing but numbers that name somebody, beside names; a note below stands beside none."""
    numbers = [cell for cell, name in zip(column, names, strict=False) if not cells.is_blank(name)]
    filled = _filled(numbers)
    return bool(filled) and all(not isinstance(cell, str) or _NUMBER.fullmatch(cell.strip()) for cell in filled)


def _is_name(header: str, column: Sequence[object]) -> bool:
    """True for a column of names that is called so, whosever they are."""
    return normal(header) in words_for("names") and _holds_names(Qualified.of(header), _filled(column))


def _filled(column: Sequence[object]) -> list[object]:
    return [cell for cell in column if not cells.is_blank(cell)]


def _without_header(headers: Sequence[str]) -> dict[int, Qualified]:
    """The column left of the first header, in which a report may hold its customers without naming them."""
    first = next((at for at, header in enumerate(headers) if header), 0)
    return {first - 1: Qualified.of("")} if first else {}


def _is_part_of_revenue(part: Qualified) -> bool:
    """True for a month, a quarter or a price, beside which the sum may stand."""
    name, without_number = "".join(part.words), "".join(word for word in part.words if not _MONTH.fullmatch(word))
    is_number = bool(name) and not without_number
    parts = words_for("parts_of_revenue")
    return is_number or without_number in meanings("months") or name in parts or without_number in parts


def _holds_amounts(part: Qualified, filled: Collection[object]) -> bool:
    """True for a column of amounts that are no numbers, counts, days or the like."""
    if _has_word_of("never_amounts", part) or _has_word_of("changes", part) or not filled:
        return False
    if all(isinstance(cell, str) and _NUMBER_THAT_NAMES.fullmatch(cell.strip()) for cell in filled):
        return False
    return sum(map(is_amount, filled)) >= _MOSTLY * len(filled)


def _holds_names(part: Qualified, filled: Collection[object]) -> bool:
    """True for a column of mostly different texts that can be names."""
    if _has_word_of("never_names", part) or not filled:
        return False
    texts = [cell.strip() for cell in filled if isinstance(cell, str)]
    names = [text for text in texts if not _NO_NAME.fullmatch(text) and not is_amount(text)]
    if len(names) < _MOSTLY * len(filled) or sum(map(len, names)) > _LONGEST_NAME * len(names):
        return False
    return len(set(map(normal, names))) >= _DIFFERENT * len(names) and not all(map(is_day, names))


def _has_word_of(section: str, part: Qualified) -> bool:
    known, endings = words_for(section), words_for("ends_of_numbers")
    return "".join(part.words) in known or any(word in known or word.endswith(endings) for word in part.words)
