"""The scales of the method, as ordered whole numbers: rules compare them, people read their names.

A level that is not known has a number of its own, so that no rule ever meets a missing value.
"""

NOT_RATED = -1
LAGGARD, LOW, MEDIUM, HIGH = 0, 1, 2, 3
RATING_NAMES = {HIGH: "High", MEDIUM: "Medium", LOW: "Low", LAGGARD: "Laggard", NOT_RATED: "Not rated"}

NOT_KNOWN, NO, YES = -1, 0, 1

NOT_GRADED, C, B, A = 0, 1, 2, 3
TIER_NAMES = {A: "A", B: "B", C: "C", NOT_GRADED: "Not graded"}
