"""The worksheet functions: what a formula such as ``=TIER_TABLE(Clients[#All])`` calls.

Each takes single cells or ranges and spills. Each answers input that it cannot use with a short text that starts with
"tierxl: " and says what to mend. The policy is that of the workbook's Settings sheet, where it can be reached, and the
day is today. The rules are those of :mod:`tierxl.method`; here stands only how cells reach them and come back.
"""

from functools import partial
from typing import Any

from tierxl.excel.worksheet_function import WorksheetFunction, worksheet_function

FUNCTIONS: dict[str, WorksheetFunction] = {}
"""Every worksheet function, by its name, in the order in which they stand here."""

_for_cells = partial(worksheet_function, FUNCTIONS)

_CLIENTS = "The clients with their header row, such as Clients[#All]. They need a Client and a Revenue column."
_LEVEL = "High, Medium or Low, or blank where it is not known. A cell, or a range."
_ANSWER = "Yes or No; blank is No. A cell, or a range."


@_for_cells(
    clients=_CLIENTS,
    column="The graded column to show, such as Tier. All of them if left out.",
)
def TIER_TABLE(clients: Any, column: Any = None) -> Any:
    """Grades clients A, B or C: the graded columns with their headers, or one of them, row for row with the range."""
    raise NotImplementedError


@_for_cells(
    revenue_rating="High, Medium or Low; a client whose revenue is not rated is not graded. A cell, or a range.",
    wallet_rating=f"The rating of the wallet share: {_LEVEL}",
    profit_rating="High, Medium, Low or Laggard (a loss), or blank where it is not known. A cell, or a range.",
    strategic_rating=f"The strategic value: {_LEVEL}",
    pain_rating=f"How much of a strain the client is: {_LEVEL}",
    retention_risk=f"How likely you are to lose the client: {_LEVEL}",
    opportunity=f"How much there is to optimise or to sell: {_LEVEL}",
    appetite=f"How open the client is to something new: {_LEVEL}",
    high_touch=f"Does the client need much personal attention? {_ANSWER}",
    marquee=f"Is the client a name to show, or an advocate? {_ANSWER}",
)
def TIER_RATING(
    revenue_rating: Any,
    wallet_rating: Any,
    profit_rating: Any,
    strategic_rating: Any,
    pain_rating: Any,
    retention_risk: Any = None,
    opportunity: Any = None,
    appetite: Any = None,
    high_touch: Any = None,
    marquee: Any = None,
) -> Any:
    """The tier A, B or C of a client from its five ratings and what else is known about it."""
    raise NotImplementedError


@_for_cells(
    revenue="The client's revenue of the last 12 months. A cell, or a range.",
    all_revenue="The revenue of all clients, such as Clients[Revenue]: the rating compares them.",
)
def REVENUE_RATING(revenue: Any, all_revenue: Any) -> Any:
    """Rates revenue High, Medium or Low among all clients: High for the top share, Medium for the next."""
    raise NotImplementedError


@_for_cells(
    share="Your share of what the client spends, such as 45 % or 0.45. A cell, or a range.",
)
def WALLET_RATING(share: Any) -> Any:
    """Rates your share of a client's spend High, Medium or Low."""
    raise NotImplementedError


@_for_cells(
    margin="Profit by revenue, such as 12 % or 0.12. A cell, or a range.",
    target="A margin from here upwards is High. The Settings sheet's target if left out.",
    acceptable="A margin from here upwards is at least Medium. As the Settings sheet says if left out: half of the "
    "target, or a number.",
)
def PROFIT_RATING(margin: Any, target: Any = None, acceptable: Any = None) -> Any:
    """Rates a margin High, Medium or Low; a loss is a Laggard."""
    raise NotImplementedError


@_for_cells(
    well_aligned="Does the client fit your strengths? Yes or No. A cell, or a range.",
    challenging="Is the client hard to work with? Yes or No. A cell, or a range.",
)
def PAIN_RATING(well_aligned: Any, challenging: Any) -> Any:
    """Rates how much of a strain a client is, from two answers: High, Medium or Low. Low is good."""
    raise NotImplementedError


@_for_cells(
    revenue_rating="High, Medium or Low; a client whose revenue is not rated has no score. A cell, or a range.",
    wallet_rating=f"The rating of the wallet share: {_LEVEL}",
    profit_rating="High, Medium, Low or Laggard (a loss), or blank where it is not known. A cell, or a range.",
    strategic_rating=f"The strategic value: {_LEVEL}",
    pain_rating=f"How much of a strain the client is: {_LEVEL}",
    appetite=f"How open the client is to something new: {_LEVEL}",
)
def TIER_SCORE(
    revenue_rating: Any,
    wallet_rating: Any,
    profit_rating: Any,
    strategic_rating: Any,
    pain_rating: Any,
    appetite: Any = None,
) -> Any:
    """The score of a client, from 0 to 100, from its five ratings."""
    raise NotImplementedError


@_for_cells(
    clients=_CLIENTS,
    client="The client's name or Client ID. A cell, or a range.",
)
def TIER_WHY(clients: Any, client: Any) -> Any:
    """Why a client has its tier, in plain sentences with the numbers in them."""
    raise NotImplementedError


@_for_cells(
    tier="A, B or C. A cell, or a range.",
    service="The service, such as Review meeting, as it stands on the Settings sheet. A cell, or a range.",
)
def TIER_SERVICE(tier: Any, service: Any) -> Any:
    """What a tier gets of a service, as the Settings sheet says."""
    raise NotImplementedError


@_for_cells(
    tier="A, B or C. A cell, or a range.",
    service="The service, such as Personal contact, as it stands on the Settings sheet. A cell, or a range.",
    last="The day on which it happened last. A cell, or a range.",
)
def NEXT_DUE(tier: Any, service: Any, last: Any) -> Any:
    """The day on which a service is due next; none where the tier does not get it at regular times."""
    raise NotImplementedError


@_for_cells(clients=_CLIENTS)
def SHOULD_TIER(clients: Any) -> Any:
    """Whether tiering suits these clients: the verdict, and below it each signal with what was measured, whether it
    speaks for or against tiering, or is open, and what that means."""
    raise NotImplementedError
