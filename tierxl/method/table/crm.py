"""Exports of accounts as customer relationship systems write them: the headers that mark one, and their meaning.

Headers are compared as :func:`tierxl.method.table.columns.normal` writes them. Their meaning holds in such
an export only: in any other table a column "Created on" is the user's own.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

MARKS_OF_AN_EXPORT = 2
"""Headers by which a system is known that a table needs to be taken for its export; one can be a coincidence."""

_TURNOVER = "is often the client's own turnover: check that it holds what the client paid you in the last 12 months"
_RECORD_MADE = "is the day on which the record was made: check that the client came then"


@dataclass(frozen=True)
class Export:
    """The export of accounts of one system.

    Attributes:
        system: its name.
        marks: headers that tell it from other tables.
        names: for each field, the headers that mean it, the best first. Another name of the column, that every table
            may use, comes before all of these where it is not among them.
        doubts: a warning on the contents of a column that is read, by its header.
        has_footer: True where lines about the report stand below the accounts.
    """

    system: str
    marks: frozenset[str]
    names: Mapping[str, tuple[str, ...]]
    doubts: Mapping[str, str] = field(default_factory=dict)
    has_footer: bool = False


EXPORTS = (
    Export(
        "Dynamics 365",
        marks=frozenset(
            {
                "(do not modify) account",
                "(do not modify) row checksum",
                "(do not modify) modified on",
                "account number",
                "address 1: city",
                "annual revenue (base)",
                "created on",
                "email (primary contact)",
                "last date included in campaign",
                "main phone",
                "modified on",
                "primary contact",
                "transaction currency",
            }
        ),
        names={
            "client_id": ("account number", "(do not modify) account"),
            "revenue": ("annual revenue (base)", "annual revenue"),
            "client_since": ("created on",),
        },
        doubts={"annual revenue": _TURNOVER, "annual revenue (base)": _TURNOVER, "created on": _RECORD_MADE},
    ),
    Export(
        "HubSpot",
        marks=frozenset(
            {
                "company domain name",
                "company owner",
                "create date",
                "last contacted",
                "lifecycle stage",
                "number of associated contacts",
                "record id",
                "total open deal value",
            }
        ),
        names={
            "client": ("company name", "name"),
            "client_id": ("record id",),
            "account_manager": ("company owner", "hubspot owner"),
            "client_since": ("date entered 'customer (lifecycle stage pipeline)'", "close date", "create date"),
            "last_contact": ("last contacted", "last activity date"),
        },
        doubts={"annual revenue": _TURNOVER, "create date": _RECORD_MADE},
    ),
    Export(
        "Salesforce",
        marks=frozenset(
            {
                "account id (18)",
                "account owner",
                "account source",
                "accountsource",
                "annual revenue (converted)",
                "annual revenue currency",
                "annualrevenue",
                "billing city",
                "billing state/province",
                "billingcity",
                "created date",
                "createddate",
                "currencyisocode",
                "last activity",
                "last modified date",
                "lastactivitydate",
                "lastmodifieddate",
                "ownerid",
                "systemmodstamp",
            }
        ),
        names={
            "client": ("account name", "name"),
            "client_id": ("account id (18)", "account id", "id", "accountnumber"),
            "account_manager": ("account owner", "owner.name", "ownerid"),
            "revenue": ("annual revenue (converted)", "annual revenue", "annualrevenue"),
            "client_since": ("created date", "createddate"),
            "last_contact": ("last activity", "last activity date", "lastactivitydate"),
        },
        doubts={
            "annual revenue": _TURNOVER,
            "annual revenue (converted)": _TURNOVER,
            "annualrevenue": _TURNOVER,
            "created date": _RECORD_MADE,
            "createddate": _RECORD_MADE,
        },
        has_footer=True,
    ),
)

CONVERTED = (" (base)", " (converted)")
"""The ends of the headers of amounts that the system has converted to one currency."""
_CURRENCIES = ("currency", "transaction currency", "currency code", "currencyisocode", "account currency")


def export_of(names: Collection[str]) -> Export | None:
    """The system that a table with such headers was exported from: the one with most marks, if any."""
    present = set(names)
    likely = max(EXPORTS, key=lambda export: len(export.marks & present))
    return likely if len(likely.marks & present) >= MARKS_OF_AN_EXPORT else None


def currency_header(amount: str, names: Collection[str]) -> str | None:
    """The header among others of the column that says in which currency the amounts of a column are.

    Args:
        amount: the header of the amounts.
        names: all headers.
    """
    own = (f"{amount} currency", f"{amount} currency code")
    shared = () if amount.endswith(CONVERTED) else _CURRENCIES
    return next((name for name in (*own, *shared) if name in names), None)
