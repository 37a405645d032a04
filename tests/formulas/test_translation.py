"""Expressions as formulas: each reads as what the expression means, also where a value is missing."""

import narwhals as nw
import pytest

from tierxl.formulas.cases import in_all_cases
from tierxl.formulas.code import Code, known, value
from tierxl.formulas.translation import translated
from tierxl.method.expressions import first_that_applies, ratio
from tierxl.method.policy import Policy

AMOUNTS = {"amount": known("amount", nullable=True), "cost": known("cost", nullable=True)}
level, amount, cost = nw.col("level"), nw.col("amount"), nw.col("cost")


def formula(expression: nw.Expr) -> str:
    return value(translated(expression, AMOUNTS)).cell.text.translate(str.maketrans("⟨⟩", "[]"))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (level * 2 + 1, "[level]*2+1"),
        ((level + 1) * 2, "([level]+1)*2"),
        (level - (level - 1), "[level]-([level]-1)"),
        (first_that_applies([(level == 3, "High")], "Low"), 'IF([level]=3,"High","Low")'),
        (first_that_applies([((level == 3) | (level == 2), 1)], 0), "IF(([level]=3)+([level]=2)>0,1,0)"),
        (first_that_applies([(~(level >= 2), 1)], 0), "IF([level]<2,1,0)"),
        (first_that_applies([(amount > 5, 1)], 0), 'IF(IF([amount]="",FALSE,[amount]>5),1,0)'),
        (first_that_applies([(~(amount > 5), 1)], 0), 'IF(IF([amount]="",FALSE,[amount]<=5),1,0)'),
        (amount - cost, 'IF(([amount]="")+([cost]="")>0,"",[amount]-[cost])'),
        (nw.coalesce(amount, cost), 'IF(IF([amount]="",[cost]="",FALSE),"",IF([amount]="",[cost],[amount]))'),
        (ratio(amount / 3), 'IF([amount]="","",ROUND([amount]/3,9))'),
    ],
)
def test_an_expression_is_a_formula(expression: nw.Expr, expected: str):
    assert formula(expression) == expected


def test_a_step_that_has_no_formula_says_so():
    with pytest.raises(NotImplementedError, match="cum_sum has no worksheet formula"):
        formula(level.cum_sum())


def test_a_rule_that_decides_by_settings_is_followed_through_all_their_values():
    def rule(policy: Policy) -> dict[str, Code]:
        match policy.floor.strategic:
            case "Medium":
                least = level >= 2
            case "High":
                least = level >= 3
            case "off":
                least = nw.lit(value=False)
        return {"held": translated(least, {}).cell, "always": translated(level + 1, {}).cell}

    found = in_all_cases(rule, {})
    floor = "⟨floor.strategic⟩"
    assert found["held"].text == f'IF({floor}="Medium",⟨level⟩>=2,IF({floor}="High",⟨level⟩>=3,FALSE))'
    assert found["always"].text == "⟨level⟩+1"
