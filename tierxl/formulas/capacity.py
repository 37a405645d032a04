"""The formulas of the team's capacity: who serves each client, and the hours a year that this takes."""

from collections.abc import Container

from tierxl.formulas.cases import SERVICES, level_of
from tierxl.formulas.code import Code
from tierxl.formulas.plan import level_in, number_at_end, times_a_year
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
_BY_ASSISTANT = "by an assistant"
_DIGITS = "0123456789"


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
    own = "+".join(f'(INDEX(⟨{SERVICES}⟩,{{0}},1)="{each.service}")' for each in APPOINTMENTS)
    for column, tier in enumerate(TIERS, 2):
        for row in range(1, services + 1):
            level, service = f"level {row}, {tier}", f"service {row}"
            texts[level] = level_in(str(row), column)
            of_level = f"IFERROR({times_a_year(f'⟨{level}⟩')}*{_minutes(f'⟨{level}⟩')}/60,0)"
            texts[f"{service}, {tier}"] = f"IF({own.format(row)}>0,0,{of_level})"
            texts |= _split(f"{service} {{}}, {tier}", f"⟨{service}, {tier}⟩", f"⟨{level}⟩")
        for each in APPOINTMENTS:
            level = f"level of {each.service}, {tier}"
            texts[level] = level_in(f'MATCH("{each.service}",INDEX(⟨{SERVICES}⟩,0,1),0)', column)
            of_one = f"N({_minutes(f'⟨{level}⟩')})/60"
            texts |= _split(f"{each.service} {{}}, {tier}", of_one, f"⟨{level}⟩")
        for kind in _KINDS:
            rows = (f"⟨service {row} {kind}, {tier}⟩" for row in range(1, services + 1))
            texts[f"others {kind}, {tier}"] = "+".join(rows)
        hours = [f"⟨others {kind}, {tier}⟩" for kind in _KINDS]
        for each in APPOINTMENTS:
            both = "+".join(f"⟨{each.service} {kind}, {tier}⟩" for kind in _KINDS)
            hours.append(f"N(⟨{level_of(each.service, tier)}⟩)*({both})")
        texts[f"hours a client, {tier}"] = "+".join(hours)
    return {name: Code(text) for name, text in texts.items()}


def _split(name: str, hours: str, level: str) -> dict[str, str]:
    """The formulas of hours by the account manager, and by an assistant, where the level of a service says so."""
    is_so = f'ISNUMBER(SEARCH("{_BY_ASSISTANT}",TRIM({level})))'
    by_manager, by_assistant = (name.format(kind) for kind in _KINDS)
    return {by_manager: f"IF({is_so},0,{hours})", by_assistant: f"IF({is_so},{hours},0)"}


def _minutes(level: str) -> str:
    """The number before min in the text of a level; an empty text where there is none."""
    mark, text = "|", f'SUBSTITUTE({level}," min","min")'
    for digit in _DIGITS:
        text = f'SUBSTITUTE({text},"{digit}min","{digit}{mark}")'
    return number_at_end(f'LEFT({text},FIND("{mark}",{text})-1)')
