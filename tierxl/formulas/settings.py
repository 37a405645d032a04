"""The settings of a worksheet that are in force: what stands in their cells, or the default."""

from functools import cache

from tierxl.formulas.code import constant
from tierxl.method.documented_settings import choices_of, documented_settings, kinds_of_numbers, words_of
from tierxl.method.policy import Policy

SETTINGS = {
    f"{setting.section}.{setting.name}": setting
    for setting in documented_settings()
    if setting.section not in ("columns", "reading") and not isinstance(setting.value, list)
}
"""The settings that are a number or a word, by the names that formulas give them, such as "weights.revenue"."""


def cell_of(name: str) -> str:
    """The name of the cell on the Settings sheet in which a setting stands."""
    return f"cell {name}"


def in_force() -> dict[str, str]:
    """The formulas of the settings in force, by name, and of those that they take.

    A setting is the default where its cell holds nothing that it takes, and where those of its section do not go
    together.
    """
    formulas = {}
    for name, setting in SETTINGS.items():
        together = _together(setting.section)
        default, typed = constant(setting.value).text, f"typed {name}" if together else name
        formulas[typed] = f"IF({_is_usable(name)},⟨{cell_of(name)}⟩,{default})"
        if together:
            formulas[f"{setting.section} together"] = together
            formulas[name] = f"IF(⟨{setting.section} together⟩,⟨{typed}⟩,{default})"
    return formulas


def _together(section: str) -> str:
    """The condition that the settings of a section go together, as they are typed; empty where any do."""
    pairs = getattr(Policy.model_fields[section].annotation, "in_order", ())
    typed = ((f"⟨typed {section}.{lower}⟩", f"⟨typed {section}.{upper}⟩") for lower, upper in pairs)
    tests = [f"IF(ISNUMBER({lower})*ISNUMBER({upper}),{lower}<={upper},TRUE)" for lower, upper in typed]
    if section == "revenue":
        amounts = "ISNUMBER(⟨typed revenue.high_amount⟩)*ISNUMBER(⟨typed revenue.medium_amount⟩)"
        tests.append(f'IF(⟨typed revenue.by⟩="amount",{amounts}=1,TRUE)')
    return f"AND({','.join(tests)})" if tests else ""


def _is_usable(name: str) -> str:
    """The condition that the cell of a setting holds what it takes."""
    setting, cell = SETTINGS[name], f"⟨{cell_of(name)}⟩"
    tests = [f'EXACT({cell},"{word}")' for word in words_of(setting)]
    for number in kinds_of_numbers(setting):
        limits = [f"{cell}{_LIMITS[limit]}{constant(number[limit]).text}" for limit in _LIMITS if limit in number]
        whole = [f"{cell}=INT({cell})"] if number["type"] == "integer" else []
        tests.append(f"IF(ISNUMBER({cell}),AND({','.join(limits + whole) or 'TRUE'}),FALSE)")
    return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"


_LIMITS = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<="}
"""The limits of a number in a JSON schema, and how a cell is compared with each."""


@cache
def alternatives(name: str) -> tuple[str, ...]:
    """The conditions of which exactly one holds, where a setting is one of a few words."""
    words = choices_of(SETTINGS[name]) if name in SETTINGS else ()
    return tuple(f'⟨{name}⟩="{word}"' for word in words)
