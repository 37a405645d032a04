"""Proposing who should serve whom, beside grading the same clients: python benchmarks/assignment.py.

100,000 clients of 50 account managers, a third of whom are Seniors; the clients are spread unevenly. How hard that is
hangs on how full the team is, so it is done for several. Times are of the processor, as the machine may be busy.
"""

import json
import subprocess
import sys
from pathlib import Path

CLIENTS, MANAGERS = 100_000, 50
FULL = (0.7, 0.9, 1.1)
"""Hours that the clients need, by the hours there are."""

WORK = """
import json, random, sys, time
from datetime import date, timedelta
import narwhals as nw
import polars as pl
from tierxl.method.plan.assignment import propose
from tierxl.method.rating.grading import grade
from tierxl.method.table.managers import Manager
from tierxl.method.policy import Policy
from tierxl.method.plan.hours import hours_per_client
from tierxl.method.plan.service import TIERS

count, managers, full = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
random.seed(1)
names = [f"Manager {{number:02}}" for number in range(managers)]
busy = [random.uniform(0.5, 1.5) for _ in names]
levels = ["High", "Medium", "Low", None]
revenue = [round(random.lognormvariate(10, 1.5), 2) for _ in range(count)]
frame = nw.from_native(pl.DataFrame({{
    "Client": [f"Client {{at}}" for at in range(count)], "Revenue": revenue,
    "Account manager": random.choices(names, busy, k=count),
    "Profit": [round(each * random.gauss(0.1, 0.1), 2) for each in revenue],
    "Strategic value": random.choices(levels, k=count), "Opportunity": random.choices(levels, k=count),
    "Client since": [date(2026, 11, 22) - timedelta(days=random.randrange(7000)) for _ in range(count)],
}}))
policy, as_of = Policy(), date(2026, 11, 22)


def timed(work):
    start = time.process_time()
    made = work()
    return made, time.process_time() - start


graded, grading = timed(lambda: grade(frame, policy, as_of))
tiers = graded.columns["Tier"].to_list()
needed = sum(tiers.count(tier) * hours_per_client(tier, policy) for tier in TIERS)
shares = [random.uniform(0.8, 1.2) for _ in names]
seniors = set(random.sample(range(managers), {seniors}))
team = [
    Manager(name, "Senior" if at in seniors else "Standard", needed / full * share / sum(shares))
    for at, (name, share) in enumerate(zip(names, shares))
]
graded = grade(frame, policy, as_of, managers=team)
proposal, proposing = timed(lambda: propose(graded))
print(json.dumps({{
    "grading": grading, "proposing": proposing, "handovers": proposal.handovers,
    "said": [aim.sentence for aim in proposal.aims if not aim.is_proved] + [*proposal.missing, *proposal.notes],
}}))
"""


def main() -> None:
    """Print a line for each team."""
    for full in FULL:
        for seniors in (MANAGERS * 4 // 5, MANAGERS // 3):
            code = WORK.format(seniors=seniors)
            command = [sys.executable, "-c", code, str(CLIENTS), str(MANAGERS), str(full)]
            done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
            found = json.loads(done.stdout)
            print(
                f"{full:.0%} full, {seniors} Seniors: {found['proposing']:.2f} s, "
                f"{found['proposing'] / found['grading']:.1f} gradings of {found['grading']:.2f} s, "
                f"{found['handovers']:,} handovers. {' '.join(found['said'])}"
            )


if __name__ == "__main__":
    main()
