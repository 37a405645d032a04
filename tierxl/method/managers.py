"""The people who serve clients, as the sheet Account managers names them."""

from dataclasses import dataclass

SENIOR, STANDARD, ASSISTANT = "Senior", "Standard", "Assistant"
SENIORITIES = (SENIOR, STANDARD, ASSISTANT)


@dataclass(frozen=True)
class Manager:
    """An account manager.

    Attributes:
        name: as in the column Account manager of the clients.
        seniority: one of :data:`SENIORITIES`; None where it is not known.
        hours: hours a year for clients; None where they are not known.
    """

    name: str
    seniority: str | None
    hours: float | None
