"""The worksheet functions, free of any host: what a formula such as ``=TIER_TABLE(Clients[#All])`` calculates.

Each is called with the policy of the calling workbook and the day, then its cells, ``f(policy, as_of, *cells)``: single
cells or ranges, over which it spills. Input that it cannot use it answers with a short text that starts with "tierxl: "
and says what to mend. The rules are those of :mod:`tierxl.method`; here stands only how cells reach them and come back.

Example:
    >>> FUNCTIONS["WALLET_RATING"](Policy(), date.today(), [[0.8], ["45 %"]])
    [['High'], ['Low']]
"""

from tierxl.functions.clients import SHOULD_TIER, TIER_TABLE, TIER_WHY
from tierxl.functions.ratings import (
    PAIN_RATING,
    PROFIT_RATING,
    REVENUE_RATING,
    TIER_RATING,
    TIER_SCORE,
    WALLET_RATING,
)
from tierxl.functions.services import NEXT_DUE, TIER_SERVICE
from tierxl.functions.worksheet_function import WorksheetFunction

FUNCTIONS: dict[str, WorksheetFunction] = {
    function.name: function
    for function in (
        TIER_TABLE,
        TIER_RATING,
        REVENUE_RATING,
        WALLET_RATING,
        PROFIT_RATING,
        PAIN_RATING,
        TIER_SCORE,
        TIER_WHY,
        TIER_SERVICE,
        NEXT_DUE,
        SHOULD_TIER,
    )
}
"""Every worksheet function by its name, in the order in which hosts list them."""
