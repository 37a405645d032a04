"""The formulas of the team's capacity: who serves each client, and the hours a year that this takes."""

from collections.abc import Container

from tierxl.formulas.cases import level_of
from tierxl.formulas.code import Code
from tierxl.formulas.services import counts, levels_in, levels_of, shown
from tierxl.method.plan.due_dates import APPOINTMENTS
from tierxl.method.plan.service import TIERS
from tierxl.method.rating.moves import SHED

MANAGERS = "names of managers"
"""The name of the cells with the names of the account managers who are listed, each once."""
SERVED_BY, BY_MANAGER, BY_ASSISTANT, UNLISTED = "served by", "hours by manager", "hours by assistant", "unlisted"
"""The cells of a client: by whom it is served, a place among the names of managers, less than 0 for another, and 0 for
nobody; its hours; and, if it is the first client of a manager who is not listed, its place among all clients."""
COLUMNS = (SERVED_BY, BY_MANAGER, BY_ASSISTANT, UNLISTED)
FIGURES = ("capacity.full_at", "capacity.senior_on_c", *(f"hours a client, {tier}" for tier in TIERS))
"""The single cells that the sheet Capacity looks up."""
_KINDS = ("by manager", "by assistant")


def of_clients(columns: Container[str]) -> dict[str, Code]:
    """The formulas of the cells of a client, by name.

    Args:
        columns: the names of the cells that are there.
    """
    name = "⟨account_manager⟩"
    served_by = _served_by(name) if "account_manager" in columns else "0"
    hours = {f"hours {kind}": _of_tier(kind) for kind in _KINDS}
    place = f"ROWS(INDEX(⟨all {SERVED_BY}⟩,1):⟨{SERVED_BY}⟩)"
    texts = {
        SERVED_BY: f'IF(⟨Tier⟩="","",{served_by})',
        **hours,
        UNLISTED: f'IF(N(⟨{SERVED_BY}⟩)=-{place},{place},"")',
    }
    return {name: Code(text) for name, text in texts.items()}


def _served_by(name: str) -> str:
    """The formula of who serves a client: of two names in a cell, both of which are listed, the first one."""
    names = f'SUBSTITUTE({name},"/",";")'
    first, other = f'TRIM(LEFT({names},FIND(";",{names})-1))', f'TRIM(MID({names},FIND(";",{names})+1,999))'
    listed, of_first, of_other = (f"MATCH({each},⟨{MANAGERS}⟩,0)" for each in (name, first, other))
    are_names = f'({first}<>"")*({other}<>"")*({of_other}>0)'
    others = f"IFERROR({of_first}/({are_names}),-MATCH({name},⟨all account_manager⟩,0))"
    return f'IF({name}="",0,IFERROR({listed},{others}))'


def _of_tier(kind: str) -> str:
    """The formula of a client's hours: of its tier's services, and of those in a rhythm of its own."""
    text = "0"
    for tier in reversed(TIERS):
        own = "+".join(f"N(⟨{each.rhythm}⟩)*⟨{each.service} {kind}, {tier}⟩" for each in APPOINTMENTS)
        text = f'IF(⟨Tier⟩="{tier}",⟨others {kind}, {tier}⟩+{own},{text})'
    return f'IF(⟨Action⟩="{SHED}",0,{text})'


def figures(services: int) -> dict[str, Code]:
    """The formulas of the hours of each tier's services, by name.

    Args:
        services: how many rows of services the sheet Settings has.
    """
    texts: dict[str, str] = {}
    for at, tier in enumerate(TIERS):
        for row in range(1, services + 1):
            level = levels_in(row)[at]
            own = "+".join(f'(⟨{shown(row, 1)}⟩="{each.service}")' for each in APPOINTMENTS)
            of_row = f"N({level.times_a_year})*N({level.minutes})/60"
            texts[f"hours {row}, {tier}"] = f"IF(⟨{counts(row)}⟩,IF({own}>0,0,{of_row}),0)"
            texts |= _split(f"service {row}", tier, f"⟨hours {row}, {tier}⟩", f"N({level.is_by_assistant})")
        for each in APPOINTMENTS:
            level = levels_of(each.service)[at]
            texts |= _split(each.service, tier, f"N({level.minutes})/60", level.is_by_assistant)
        for kind in _KINDS:
            rows = (f"⟨service {row} {kind}, {tier}⟩" for row in range(1, services + 1))
            texts[f"others {kind}, {tier}"] = "+".join(rows)
        hours = [f"⟨others {kind}, {tier}⟩" for kind in _KINDS]
        for each in APPOINTMENTS:
            both = "+".join(f"⟨{each.service} {kind}, {tier}⟩" for kind in _KINDS)
            hours.append(f"N(⟨{level_of(each.service, tier)}⟩)*({both})")
        texts[f"hours a client, {tier}"] = "+".join(hours)
    return {name: Code(text) for name, text in texts.items()}


def _split(name: str, tier: str, hours: str, is_by_assistant: str) -> dict[str, str]:
    """The formulas of hours by the account manager, and by an assistant."""
    by_manager, by_assistant = (f"{name} {kind}, {tier}" for kind in _KINDS)
    return {by_assistant: f"IF({is_by_assistant}=1,{hours},0)", by_manager: f"{hours}-⟨{by_assistant}⟩"}
