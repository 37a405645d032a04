"""The pages about the method and the functions say what the code does."""

from dataclasses import fields
from pathlib import Path

import pytest
from typer.main import get_command

from docs import tables
from tierxl import cli
from tierxl.cli_reading import Reading
from tierxl.functions import FUNCTIONS
from tierxl.method.documented_settings import documented_settings
from tierxl.method.issues import CannotGrade
from tierxl.method.plan.parameters import CUTS, WEIGHTS
from tierxl.method.rating.moves import ACTIONS, MOVES, SHED_RULES
from tierxl.method.table.columns import COLUMNS, GRADED_COLUMNS
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.reading import Request

WHAT_IF = Path(tables.__file__).with_name("what-if.md")
TEXT = "".join(page.read_text(encoding="utf-8") for page in tables.PAGES)


@pytest.mark.long
def test_the_tables_are_what_the_code_makes_of_them():
    assert tables.filled(TEXT) == TEXT, "run: python docs/tables.py"


def test_every_table_stands_on_the_page_once():
    assert sorted(tables.names_on(TEXT)) == sorted(tables.TABLES)


@pytest.mark.parametrize(
    "names",
    [
        pytest.param([f"**{column.name}**" for column in COLUMNS], id="columns"),
        pytest.param([alias for column in COLUMNS for alias in column.aliases], id="other names of columns"),
        pytest.param([f"**{name}**" for name in GRADED_COLUMNS], id="graded columns"),
        pytest.param([f"| `{name}(" for name in FUNCTIONS], id="worksheet functions"),
        pytest.param([f"| **{tables.label(rule.name)}** |" for rule in (*MOVES, *SHED_RULES)], id="rules"),
        pytest.param([f"{rule.reason} |" for rule in (*MOVES, *SHED_RULES)], id="reasons"),
        pytest.param([f"| **{action.name}** | {action.meaning} |" for action in ACTIONS], id="actions"),
        pytest.param([f"| **{service}** |" for service in tables.POLICY.services], id="services"),
        pytest.param(
            [
                f"| {tables.setting_label(setting.section)} | **{tables.setting_label(setting.name)}** |"
                for setting in documented_settings()
            ],
            id="settings",
        ),
    ],
)
def test_everything_with_a_name_is_on_the_page(names: list[str]):
    assert [name for name in names if name not in TEXT] == []


def test_the_page_about_what_if_names_every_option_weight_and_cut():
    page = WHAT_IF.read_text(encoding="utf-8")
    options = {name for option in get_command(cli.app).commands["whatif"].params for name in option.opts if
               name.startswith("--")}  # type: ignore[attr-defined]  # fmt: skip
    assert [name for name in options if f"`{name}" not in page and f" {name}" not in page] == []
    assert [parameter.name for parameter in (*WEIGHTS, *CUTS) if f"`{parameter.name}`" not in page] == []


def test_the_page_about_lists_names_every_option_that_says_how_to_read_one():
    page = Path(tables.__file__).with_name("lists.md").read_text(encoding="utf-8")
    names = {field.name.replace("_", "-") for field in fields(Reading)}
    options = {f"--{name}" for name in names}
    others = {"--policy", "--method", "--as-of"}
    assert [name for name in options - others if f"`{name}" not in page] == []


STOPS = {
    "There is no Revenue column": [("Client", "Ort", "Notiz"), ("Abel", "Bath", "neu")],
    "both mean Revenue": [("Client", "Sales", "Turnover"), ("Abel", 1, 2)],
    "mixes currencies": [("Client", "Revenue"), ("Abel", "$5"), ("Baker", "€6")],
    "as many amounts with a decimal point": [("Client", "Revenue"), ("Abel", "1,200.50"), ("Baker", "1.200,50")],
    "that can be read": [("Client", "Revenue"), ("Abel", "much")],
    "There are no clients": [("Client", "Revenue")],
}


@pytest.mark.parametrize(("message", "lines"), STOPS.items(), ids=list(STOPS))
def test_the_page_about_lists_tells_the_messages_that_stop_a_grading(message: str, lines: list, tmp_path: Path):
    source = tmp_path / "clients.csv"
    source.write_text("\n".join(";".join(f'"{cell}"' for cell in line) for line in lines), encoding="utf-8")
    with pytest.raises(CannotGrade, match=message):
        check_file(Request(source, tables.AS_OF))
    assert message in Path(tables.__file__).with_name("lists.md").read_text(encoding="utf-8")


def test_the_worked_example_is_what_the_engine_gives():
    graded, explained = tables.graded_example(), tables.explained_example()
    (client,) = (row for row in graded.frame.to_dicts() if row["Client"] == tables.CLIENT)
    clients, cuts = graded.portfolio, graded.grading.cuts
    target = sorted(profit / revenue for _, revenue, profit in tables.PORTFOLIO)[8 - 1]
    assert (cuts.target_margin, cuts.acceptable_margin) == (target, target / 2)
    rank = 1 + sum(revenue > client["Revenue"] for _, revenue, _ in tables.PORTFOLIO)
    earned = " + ".join(f"{line.earned:g}" for line in explained.factors)
    for sentence in (
        f"It is number {rank} of {clients.clients} by revenue",
        f"revenue is {client['Revenue rating']}",
        f"It spends {client['Total spend']:,} and brings {client['Revenue']:,}",
        f"we have {client['Revenue'] / client['Total spend']:.0%}".replace("%", " %"),
        f"which is {client['Wallet rating']}: {client['Upside']:,.0f} are still to be won",
        f"All that it spends, {client['Total spend']:,}, reaches the {cuts.medium_revenue:,.0f}",
        f"and not the {cuts.high_revenue:,.0f}",
        f"the target margin is {target * 100:g} % and the acceptable one {target * 50:g} %",
        f"has {client['Profit'] / client['Revenue'] * 100:g} %, which is {client['Profit rating']}",
        f"its pain factor is {client['Pain rating']}",
        f"the score is {earned} = {client['Score']:g} out of 100",
        f"That starts at {client['Starting tier']}",
        f"moves the client up one, to {client['Tier']}",
    ):
        assert sentence in TEXT


def test_a_client_that_is_not_graded_is_neither_provisional_nor_borderline_as_the_text_says():
    assert "| **Provisional** | No |\n| **Borderline** | No |" in tables.ungraded()


def test_the_defaults_that_the_text_speaks_of_are_the_policys():
    policy = tables.POLICY
    assert (policy.moves.max_move, policy.moves.profitability) == (1, "revenue")
    assert policy.floor.strategic == "Medium"
    assert policy.shed.exit_options == ["Reprice", "Reduce service", "Introduce to a competitor"]
    assert (policy.profit.target, policy.profit.acceptable) == ("auto", "auto")
    assert (policy.wallet.high_above, policy.wallet.medium_from) == (0.75, 0.5)
    assert (policy.likelihood.not_known, policy.distinct.differ_in) == (1, 0.5)


def test_the_script_writes_the_tables_and_tells_when_they_have_drifted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    page = tmp_path / "method.md"
    monkeypatch.setattr(tables, "PAGES", [page])
    page.write_text("Before\n<!-- table: verdicts -->\n| old |\n<!-- end -->\nAfter\n", encoding="utf-8")
    assert tables.main(["--check"]) == 1
    assert "python docs/tables.py" in capsys.readouterr().out
    assert tables.main([]) == 0
    assert tables.main(["--check"]) == 0
    written = page.read_text(encoding="utf-8")
    assert written == f"Before\n<!-- table: verdicts -->\n\n{tables.verdicts()}\n\n<!-- end -->\nAfter\n"
