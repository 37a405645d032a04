"""The settings of the default policy as people read them: each with its explanation, its source and its choices."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tierxl.method.policy import Policy, default_settings, policy_toml


@dataclass(frozen=True)
class Setting:
    """One setting of the default policy: section, name, value, explanation and source."""

    section: str
    name: str
    value: Any
    meaning: str
    source: str


@cache
def documented_settings() -> tuple[Setting, ...]:
    """Every single-valued setting of the default policy in its order, with its explanation and source.

    In ``policy.toml`` each stands on a line of its own, below its explanation or another setting with the same one.
    """
    settings, section, explanation = [], "", ""
    for line in policy_toml().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line.startswith("# "):
            explanation = line.removeprefix("# ")
        elif line and section in default_settings():
            name, _, _ = line.partition(" = ")
            meaning, _, source = explanation.rpartition(" [")
            value = default_settings()[section][name]
            settings.append(Setting(section, name, value, meaning, source.removesuffix("]")))
    return tuple(settings)


def value_of(policy: Policy, setting: Setting) -> Any:
    """The value of a setting in a policy."""
    section = getattr(policy, setting.section)
    return section[setting.name] if isinstance(section, dict) else getattr(section, setting.name)


def is_percent(setting: Setting) -> bool:
    """True for a setting that is shown in percent."""
    field = _field_of(setting)
    extra = field.json_schema_extra if field else None
    return isinstance(extra, dict) and extra.get("unit") == "percent"


def choices_of(setting: Setting) -> tuple[str, ...]:
    """The words that a setting takes; none if it takes a number or a text."""
    field = _field_of(setting)
    annotation = field.annotation if field else None
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def words_of(setting: Setting) -> list[str]:
    """The words that a setting takes, beside numbers or alone."""
    return [
        word for kind in _kinds_of(setting) for word in kind.get("enum", [kind["const"]] if "const" in kind else [])
    ]


def kinds_of_numbers(setting: Setting) -> list[dict[str, Any]]:
    """The kinds of number that a setting takes, each with its limits as a JSON schema."""
    return [kind for kind in _kinds_of(setting) if kind.get("type") in ("number", "integer")]


def _kinds_of(setting: Setting) -> list[dict[str, Any]]:
    """The kinds of value that a setting takes, each a JSON schema: some words, a number within limits, or a text."""
    section = _schemas()["properties"][setting.section]
    definition = _schemas()["$defs"][section["$ref"].rpartition("/")[2]]
    schema = definition["properties"][setting.name]
    kinds: list[dict[str, Any]] = schema.get("anyOf", [schema])
    return kinds


@cache
def _schemas() -> dict[str, Any]:
    return Policy.model_json_schema()


def _field_of(setting: Setting) -> FieldInfo | None:
    """The type of a setting; None for the headers of columns, which are any texts."""
    section = Policy.model_fields[setting.section].annotation
    return section.model_fields[setting.name] if isinstance(section, type) and issubclass(section, BaseModel) else None
