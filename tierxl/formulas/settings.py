"""The settings of a worksheet that are in force: what stands in their cells, or the default."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from tierxl.formulas.code import constant
from tierxl.method.documented_settings import Setting, choices_of, documented_settings
from tierxl.method.policy import Policy

SETTINGS = {
    f"{setting.section}.{setting.name}": setting
    for setting in documented_settings()
    if setting.section in Policy.model_fields and not isinstance(setting.value, list) and setting.section != "columns"
}
"""The settings that are a number or a word, by the names that formulas give them, such as "weights.revenue"."""


def cell_of(name: str) -> str:
    """The name of the cell on the Settings sheet in which a setting stands."""
    return f"cell {name}"


def in_force(name: str) -> str:
    """The formula of a setting: its cell where that holds what the setting takes, else the default."""
    setting, cell = SETTINGS[name], f"⟨{cell_of(name)}⟩"
    tests = [f'EXACT({cell},"{word}")' for word in _words(setting)]
    lowest, highest = _limits(setting)
    if lowest is not None or highest is not None or not tests:
        limits = [
            f"{cell}{operator}{constant(limit).text}"
            for operator, limit in ((">=", lowest), ("<=", highest))
            if limit is not None
        ]
        whole = [f"{cell}=INT({cell})"] if _kind(setting) == "integer" else []
        tests.append(f"IF(ISNUMBER({cell}),AND({','.join(limits + whole) or 'TRUE'}),FALSE)")
    return f"IF(OR({','.join(tests)}),{cell},{constant(setting.value).text})"


def alternatives(name: str) -> list[str]:
    """The conditions of which exactly one holds, where a setting is one of a few words."""
    words = _choices(name)
    return [f'⟨{name}⟩="{word}"' for word in words]


@cache
def _schemas() -> dict[str, Any]:
    return Policy.model_json_schema()


@cache
def _choices(name: str) -> tuple[str, ...]:
    return choices_of(SETTINGS[name]) if name in SETTINGS else ()


def _schema(setting: Setting) -> dict[str, Any]:
    schema = _schemas()
    section = schema["properties"][setting.section]
    definition = schema["$defs"][section["$ref"].rpartition("/")[2]]
    found: dict[str, Any] = definition["properties"][setting.name]
    return found


def _branches(setting: Setting) -> Iterator[dict[str, Any]]:
    schema = _schema(setting)
    yield from schema.get("anyOf", [schema])


def _words(setting: Setting) -> list[str]:
    return [
        word
        for branch in _branches(setting)
        for word in branch.get("enum", [branch["const"]] if "const" in branch else [])
    ]


def _kind(setting: Setting) -> str:
    return next((branch["type"] for branch in _branches(setting) if branch.get("type") in ("number", "integer")), "")


def _limits(setting: Setting) -> tuple[Any, Any]:
    numbers = [branch for branch in _branches(setting) if branch.get("type") in ("number", "integer")]
    if not numbers:
        return None, None
    (number,) = numbers
    lowest = number.get("minimum", number.get("exclusiveMinimum"))
    return lowest, number.get("maximum")
