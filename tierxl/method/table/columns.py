"""The columns of a Clients table: their names, what they hold, and the other names they go by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tierxl.method.issues import CannotGrade
from tierxl.method.table import spelling
from tierxl.method.table.crm import currency_header, export_of


class Kind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    MONEY = "money"
    PERCENT = "percent"
    LEVEL = "High/Medium/Low"
    YES_NO = "yes/no"
    TIER = "A/B/C"
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """One column that the method knows."""

    name: str
    kind: Kind
    meaning: str
    aliases: tuple[str, ...] = ()
    required: bool = False

    @property
    def field(self) -> str:
        """The column's name inside the method."""
        return self.name.lower().replace(" ", "_")


COLUMNS = (
    Column(
        "Client",
        Kind.TEXT,
        "the client's name",
        ("client name", "customer", "customer name", "account", "account name", "company", "company name"),
        required=True,
    ),
    Column(
        "Client ID",
        Kind.TEXT,
        "your number for the client; leading zeros are kept",
        ("id", "account id", "customer id", "account number"),
    ),
    Column(
        "Account manager", Kind.TEXT, "who looks after the client", ("owner", "account owner", "manager", "am", "rep")
    ),
    Column("Segment", Kind.TEXT, "the client's industry or market", ("industry", "sector", "market segment")),
    Column(
        "Revenue",
        Kind.MONEY,
        "what the client brought in the last 12 months",
        (
            "recognised revenue",
            "recognized revenue",
            "sales",
            "turnover",
            "annual revenue",
            "transaction volume",
            "volume",
        ),
        required=True,
    ),
    Column("Profit", Kind.MONEY, "what is left of the revenue", ("net profit", "profit contribution", "contribution")),
    Column("Cost to serve", Kind.MONEY, "what serving the client costs", ("cost", "servicing cost", "cost of service")),
    Column("Margin", Kind.PERCENT, "profit by revenue, where neither amount is known", ("profit margin", "margin %")),
    Column(
        "Total spend",
        Kind.MONEY,
        "all that the client spends on what you offer, with anyone",
        ("client budget", "total budget", "addressable spend", "wallet"),
    ),
    Column(
        "Wallet share",
        Kind.PERCENT,
        "your share of that spend, where the amount is not known",
        ("share of wallet", "wallet share %"),
    ),
    Column(
        "Strategic value",
        Kind.LEVEL,
        "what the client is worth beside money: its name, its industry",
        ("strategic account value",),
    ),
    Column("Well aligned", Kind.YES_NO, "does the client fit your strengths?", ("alignment", "good fit")),
    Column("Challenging", Kind.YES_NO, "is the client hard to work with?", ("difficult", "hard to work with")),
    Column("Pain factor", Kind.LEVEL, "how much of a strain the client is, where you would rather say it", ("pain",)),
    Column("Retention risk", Kind.LEVEL, "how likely you are to lose the client", ("churn risk",)),
    Column(
        "Opportunity",
        Kind.LEVEL,
        "how much there is to optimise or to sell",
        ("optimisation opportunity", "optimization opportunity", "growth potential", "upsell potential"),
    ),
    Column("Appetite for change", Kind.LEVEL, "how open the client is to something new", ("appetite",)),
    Column(
        "High touch",
        Kind.YES_NO,
        "does the client need much personal attention? Blank is no",
        ("high-touch engagement", "needs high touch"),
    ),
    Column(
        "Marquee",
        Kind.YES_NO,
        "is the client a name to show, or an advocate? Blank is no",
        ("marquee or advocate", "advocate", "reference client"),
    ),
    Column("Client since", Kind.DATE, "when the client came", ("start date", "customer since")),
    Column("Last contact", Kind.DATE, "the last personal contact", ("last call", "last touch")),
    Column("Last review", Kind.DATE, "the last review meeting", ("last meeting", "last review meeting")),
    Column(
        "Override tier", Kind.TIER, "the tier that you decide, whatever the method says", ("override", "manual tier")
    ),
    Column("Override reason", Kind.TEXT, "why you decide so", ("reason for override",)),
    Column("Override expires", Kind.DATE, "the last day on which your decision holds", ("override until",)),
)

GRADED_COLUMNS = (
    "Tier",
    "Action",
    "Score",
    "Starting tier",
    "Revenue rating",
    "Wallet rating",
    "Profit rating",
    "Strategic rating",
    "Pain rating",
    "Upside",
    "Provisional",
    "Borderline",
    "Next step",
    "Why",
)
_OURS = re.compile(r"(.*) \(tierxl(?: (\d+))?\)", re.DOTALL)


def normal(header: object) -> str:
    """A header as it is compared: case, spaces, hyphens and underscores make no difference."""
    return " ".join(str(header if header is not None else "").casefold().replace("-", " ").replace("_", " ").split())


_GRADED_BY_NAME = {normal(name): name for name in GRADED_COLUMNS}
_NAMES = {column.field: [normal(name) for name in (column.name, *column.aliases)] for column in COLUMNS}
_BY_FIELD = {column.field: column for column in COLUMNS}
_BY_NAME = {name: _BY_FIELD[field] for field, names in _NAMES.items() for name in names}


def recognised(header: object) -> Column | None:
    """The column that a header means, if the method knows it."""
    return _BY_NAME.get(normal(header))


def known(headers: Sequence[object]) -> dict[int, Column]:
    """The column that each header of a row means: position to column, in the order of the row.

    In the export of a CRM system more names are known; where several of them mean one column, the best is taken, and
    the others are the user's own.
    """
    names = [normal(header) for header in headers]
    found = {at: column for at, header in enumerate(headers) if (column := recognised(header))}
    export = export_of(names)
    for field, of_export in export.names.items() if export else ():
        given = [at for at, column in found.items() if column.field == field]
        best = next((name for name in of_export if name in names), None)
        if best is None or best in _BY_NAME or any(names[at] not in of_export for at in given):
            continue
        found = {at: column for at, column in found.items() if at not in given}
        found[names.index(best)] = _BY_FIELD[field]
    return dict(sorted(found.items()))


def recognise(headers: Sequence[object], letters: Sequence[str] = ()) -> dict[str, int]:
    """Where each known column stands in a header row: field to position.

    Args:
        headers: the header row.
        letters: the letter of each column in a sheet, for the error.

    Raises:
        CannotGrade: a required column is missing, or two headers mean the same column.
    """
    found: dict[str, int] = {}
    for position, column in known(headers).items():
        if column.field in found:
            first = headers[found[column.field]]
            raise CannotGrade(
                f'The columns "{first}" and "{headers[position]}" both mean {column.name}: '
                "rename one of them or remove it."
            )
        found[column.field] = position
    for column in COLUMNS:
        if column.required and column.field not in found:
            raise CannotGrade(_missing(column, headers, letters))
    return found


def _missing(column: Column, headers: Sequence[object], letters: Sequence[str]) -> str:
    """What to say of a column that must be there."""
    meant = [at for at, nearest in nearly_right(headers).items() if nearest == column]
    if not meant:
        others = ", ".join(column.aliases[:4])
        return f"There is no {column.name} column: give one column the header {column.name} (or {others}, …)."
    shown = " or ".join(f'"{headers[at]}"' + (f" (column {letters[at]})" if letters else "") for at in meant)
    return f"There is no {column.name} column. Did you mean {shown}? Give that column the header {column.name}."


def nearly_right(headers: Sequence[object]) -> dict[int, Column]:
    """The columns that are missing and that a header nearly names: position of the header to column."""
    found = known(headers)
    fields = {column.field for column in found.values()}
    missing = {name: field for field, names in _NAMES.items() if field not in fields for name in names}
    spellings = spelling.Spellings(missing)
    meant = {at: spellings.meant_by(normal(header)) for at, header in enumerate(headers) if at not in found}
    return {at: _BY_FIELD[next(iter(fields))] for at, fields in meant.items() if len(fields) == 1}


def currency_column(headers: Sequence[object], amounts: int) -> int | None:
    """The column that says in which currency the amounts of a column are, if there is one."""
    names = [normal(header) for header in headers]
    found = currency_header(names[amounts], names)
    return None if found is None else names.index(found)


def telling(headers: Sequence[str], letters: Sequence[str] = ()) -> list[int]:
    """The columns that a grading reads, and those that say how to read them; each header once.

    Raises:
        CannotGrade: see :func:`recognise`.
    """
    fields = recognise(headers, letters)
    export = export_of([normal(header) for header in headers])
    marks = {at for at, header in enumerate(headers) if export and normal(header) in export.marks}
    currency = currency_column(headers, fields["revenue"])
    wanted = {*fields.values(), *marks, *nearly_right(headers), *(() if currency is None else (currency,))}
    once = {headers[at]: at for at in sorted(wanted - set(fields.values()), reverse=True)}
    return sorted({**once, **{headers[at]: at for at in fields.values()}}.values())


def graded_name(header: object) -> tuple[str, int] | None:
    """The graded column that a header can be, and the number of its mark: 0 for the plain name, 1 for "(tierxl)"."""
    marked = _OURS.fullmatch(str(header))
    name = _GRADED_BY_NAME.get(normal(marked[1] if marked else header))
    if name is None:
        return None
    return name, int(marked[2] or 1) if marked else 0


def graded_positions(headers: Sequence[object]) -> dict[int, str]:
    """Which columns of a header row are graded columns of an earlier grading: position to name.

    A lone Score or Action is the user's own. Only a table that carries most of the graded columns was graded before;
    there, a column with our mark in its header is ours, and the plain name beside it is the user's.
    """
    ours: dict[str, tuple[int, int]] = {}
    for position, header in enumerate(headers):
        found = graded_name(header)
        if found is not None:
            name, number = found
            ours[name] = max(ours.get(name, (-1, -1)), (number, position))
    if 2 * len(ours) <= len(GRADED_COLUMNS):
        return {}
    return dict(sorted((position, name) for name, (_, position) in ours.items()))


def graded_headers(user_headers: Sequence[object]) -> dict[str, str]:
    """The header of each graded column beside the user's own: its name, marked as ours where the user has that name."""
    taken = [found for header in user_headers if (found := graded_name(header)) is not None]
    headers = {}
    for name in GRADED_COLUMNS:
        number = max((number + 1 for other, number in taken if other == name), default=0)
        headers[name] = name if not number else f"{name} (tierxl)" if number == 1 else f"{name} (tierxl {number})"
    return headers
