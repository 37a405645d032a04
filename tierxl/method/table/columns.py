"""The columns of a Clients table: their names, their kinds, their meaning, and their other names."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kind of value that the cells of a column hold."""

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


def normal(header: object) -> str:
    """A header as it is compared: case, spaces, hyphens and underscores make no difference."""
    return " ".join(str(header if header is not None else "").casefold().replace("-", " ").replace("_", " ").split())


BY_FIELD = {column.field: column for column in COLUMNS}
BY_HEADER = {normal(name): column for column in COLUMNS for name in (column.name, *column.aliases)}
"""The column that a header means; headers as they are compared."""
