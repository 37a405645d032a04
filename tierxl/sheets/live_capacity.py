"""The sheet Capacity as formulas: account managers are counted out of sight, and shown with the most hours first."""

from collections.abc import Callable
from dataclasses import replace

from tierxl.formulas.capacity import BY_ASSISTANT, BY_MANAGER, SERVED_BY, UNLISTED
from tierxl.formulas.code import constant
from tierxl.formulas.reading import cleared
from tierxl.method.plan.capacity import NO_MANAGER, NO_SENIOR, NOT_LISTED, OVER_CAPACITY, SENIOR_ON_C
from tierxl.method.plan.service import TIERS
from tierxl.method.rating.moves import SHED
from tierxl.method.table.managers import ASSISTANT, BY_SPELLING, SENIOR
from tierxl.sheets.description import Cell, Column, Table, letters
from tierxl.sheets.live import with_commas
from tierxl.sheets.live_lists import OUT_OF_SIGHT

NAMES, SENIORITIES, HOURS = "managers' names", "managers' seniorities", "managers' hours"
"""The names of the columns on the sheet of account managers, from the first of them on."""
ROOM_FOR_LISTED, ROOM_FOR_OTHERS = 40, 20
"""The account managers that there is room for, of those who are listed there, and of others whom clients name."""
ROWS = ROOM_FOR_LISTED + ROOM_FOR_OTHERS + 1
"""The rows of the account managers: the last one is for clients without any."""
_NUMBER, _AT, _KEY, _LISTED, _PLACE = "Number", "At", "Key", "Listed", "Place"
_NOBODY = '"none"'
_IS_CLIENT = '⟨all Tier⟩,"?*"'
_NEEDED = f"(SUM(⟨all {BY_MANAGER}⟩)+SUM(⟨all {BY_ASSISTANT}⟩))"
NOT_KNOWN = "Hours not known"


def live_managers(table: Table) -> list[Table]:
    """The table of account managers as formulas, and the cells out of sight that it takes, these first."""
    blank = (None,) * len(table.columns)
    rows = [*table.rows, *[blank] * (ROWS - len(table.rows))]
    columns = [replace(column, formula=_shown(table, column.header)) for column in table.columns]
    formulas = _pool(table)
    pool = [Column(header, style="text", formula=formulas[header]) for header in _HEADERS]
    return [
        Table(table.row, pool, [(None,) * len(pool)] * ROWS, OUT_OF_SIGHT, is_hidden=True),
        replace(table, columns=columns, rows=rows),
    ]


def names_of_listed(table: Table) -> str:
    """The cells out of sight with the names of the account managers who are listed."""
    return _ranges(table)(_LISTED)


def live_tiers(table: Table) -> Table:
    """The table of tiers as formulas."""
    one = f'COUNTIFS(⟨all Tier⟩,⟨Tier⟩,⟨all Action⟩,"<>{SHED}")'
    every = "+".join(f'COUNTIFS(⟨all Tier⟩,"{tier}",⟨all Action⟩,"<>{SHED}")' for tier in TIERS)
    hours = "+".join(f"SUMIF(⟨all Tier⟩,⟨Tier⟩,⟨all {of}⟩)" for of in (BY_MANAGER, BY_ASSISTANT))
    of_client = '""'
    for tier in reversed(TIERS):
        of_client = f'IF(⟨Tier⟩="{tier}",⟨hours a client, {tier}⟩,{of_client})'
    formulas = {
        "Clients": f'IF(⟨Tier⟩="All",{every},{one})',
        "Hours a client": of_client,
        "Hours needed": f'IF(⟨Tier⟩="All",{_NEEDED},{hours})',
        "Share of hours": f'IF((⟨Tier⟩="All")+({_NEEDED}=0)>0,"",ROUND(⟨Hours needed⟩/{_NEEDED},9))',
    }
    return replace(
        table, columns=[replace(column, formula=formulas.get(column.header, "")) for column in table.columns]
    )


def sentence(table: Table) -> str:
    """The formula of the sentence on how busy the team is."""
    of = _ranges(table)
    there, available = f'{of(_KEY)},"<>none"', of("of Hours available")
    hours, known = f"SUMIFS({available},{there})", f'COUNTIFS({there},{available},">=0")'
    needed, team = (f"ROUND({of_hours},0)" for of_hours in (_NEEDED, hours))
    people = f"(COUNTIFS({there})-COUNTIF({of(_KEY)},0))"
    unknown = (
        f'IF({people}>{known}," The hours of "&{with_commas(f"({people}-{known})")}&" of "&{with_commas(people)}&'
        f'IF({people}=1," account manager"," account managers")&" are not known.","")'
    )
    share = f'IF({hours}>0," ("&ROUND(100*{_NEEDED}/{hours},0)&"%)","")'
    need = f'"Your clients need "&{with_commas(needed)}&IF({needed}=1," hour"," hours")&" a year"'
    fill_in = '". Fill in your team\'s hours to see whether that fits."'
    return f'{need}&IF({known}=0,{fill_in},", and your team has "&{with_commas(team)}&{share}&"."&{unknown})'


def hours_missing(table: Table, none_missing: str) -> str:
    """The formula of the sentence below it: whether hours are to be filled in."""
    of = _ranges(table)
    without = f'COUNTIFS({of(_KEY)},">0",{of("of Hours available")},"")'
    fill_in = "Some hours are not known: fill them in where the account managers stand."
    return f'IF({without}>0,"{fill_in}","{none_missing}")'


def hours_of_assistants(table: Table) -> Cell:
    """The hours of the assistants together, out of sight."""
    of = _ranges(table)
    formula = f'SUMIFS({of("of Hours available")},{of("of Seniority")},"{ASSISTANT}",{of(_KEY)},"<>none")'
    return Cell(table.row - 1, OUT_OF_SIGHT, None, "text", formula=formula)


def _shown(table: Table, header: str) -> str:
    """The formula of a cell that shows something of the account manager whose turn it is."""
    of = _ranges(table)
    value = f"INDEX({of(f'of {header}')},⟨{_AT}⟩)"
    if header == "Account manager":
        value = f'IF({value}="","{NO_MANAGER}",{value})'
    return f'IF(⟨{_AT}⟩="","",{value})'


def _pool(table: Table) -> dict[str, str]:
    """The formula of each column out of sight, by its header."""
    of = _ranges(table)
    by_key = f"⟨all {SERVED_BY}⟩,⟨{_KEY}⟩"
    assistants = f"${letters(OUT_OF_SIGHT)}${table.row - 1}"
    is_listed, is_other = f"⟨{_NUMBER}⟩<={ROOM_FOR_LISTED}", f"⟨{_NUMBER}⟩<{ROWS}"
    other = f"SMALL(⟨all {UNLISTED}⟩,⟨{_NUMBER}⟩-{ROOM_FOR_LISTED})"
    hours, seniority = (f"INDEX(⟨{name}⟩,⟨{_NUMBER}⟩)" for name in (HOURS, SENIORITIES))
    available = f'IF(ISNUMBER({hours}),IF({hours}<0,"",{hours}),IFERROR(VALUE(TRIM({hours})),""))'
    clients = {
        f"of Tier {tier}, clients": f'COUNTIFS({by_key},⟨all Tier⟩,"{tier}",⟨all Action⟩,"<>{SHED}")' for tier in TIERS
    }
    taken = {
        f"of Tier {tier}, hours": f'SUMIFS(⟨all {BY_MANAGER}⟩,{by_key},⟨all Tier⟩,"{tier}")'
        f'+IF({assistants}>0,0,SUMIFS(⟨all {BY_ASSISTANT}⟩,{by_key},⟨all Tier⟩,"{tier}"))'
        for tier in TIERS
    }
    by_assistant = (
        f'IF((⟨of Seniority⟩="{ASSISTANT}")*({assistants}>0)>0,'
        f"SUM(⟨all {BY_ASSISTANT}⟩)*N(⟨of Hours available⟩)/{assistants},0)"
    )
    needed = "+".join(f"⟨{name}⟩" for name in (*taken, "of By an assistant, hours"))
    more, same = (f"(ROUND({of('of Hours needed')},6){sign}ROUND(⟨of Hours needed⟩,6))" for sign in (">", "="))
    before = f"({of(_KEY)}<>{_NOBODY})*({more}+{same}*({of('of Account manager')}<⟨of Account manager⟩))"
    is_first = f"MATCH(⟨{_LISTED}⟩,{of(_LISTED)},0)=⟨{_NUMBER}⟩"
    key_of_listed = f'IF(⟨{_LISTED}⟩="",{_NOBODY},IF({is_first},⟨{_NUMBER}⟩,{_NOBODY}))'
    key_of_nobody = f"IF(COUNTIFS(⟨all {SERVED_BY}⟩,0,{_IS_CLIENT})>0,0,{_NOBODY})"
    key = f"IF({is_listed},{key_of_listed},IF({is_other},IFERROR(-{other},{_NOBODY}),{key_of_nobody}))"
    return {
        _NUMBER: f"N(⟨above {_NUMBER}⟩)+1",
        _LISTED: f'IF({is_listed},IFERROR(TRIM(INDEX(⟨{NAMES}⟩,⟨{_NUMBER}⟩)),""),"")',
        "of Account manager": f"IF({is_listed},⟨{_LISTED}⟩,"
        f'IF({is_other},IFERROR(INDEX(⟨all account_manager⟩,{other}),""),""))',
        _KEY: key,
        "of Seniority": f'IF({is_listed},{_seniority(seniority)},"")',
        "of Hours available": f'IF({is_listed},{available},"")',
        **clients,
        "of To shed": f'COUNTIFS({by_key},⟨all Action⟩,"{SHED}")',
        **taken,
        "of By an assistant, hours": by_assistant,
        "of Hours needed": needed,
        "of Utilisation": 'IF(N(⟨of Hours available⟩)>0,ROUND(⟨of Hours needed⟩/⟨of Hours available⟩,9),"")',
        "of Remark": _remark(of),
        _PLACE: f'IF(⟨{_KEY}⟩={_NOBODY},"",1+SUMPRODUCT({before}))',
        _AT: f'IFERROR(MATCH(⟨{_NUMBER}⟩,{of(_PLACE)},0),"")',
    }


def _seniority(cell: str) -> str:
    """The formula of the seniority that a cell says, in any of its spellings."""
    spelled, meant = (",".join(constant(each).text for each in some) for some in (BY_SPELLING, BY_SPELLING.values()))
    return f'IFERROR(INDEX({{{meant}}},MATCH({cleared(cell)},{{{spelled}}},0)),"")'


def _remark(of: Callable[[str], str]) -> str:
    """The formula of the most urgent remark on an account manager."""
    hours, needed = "⟨of Hours available⟩", "⟨of Hours needed⟩"
    on_c = f"IF(N({hours})>0,ROUND(⟨of Tier C, hours⟩/{hours},9),0)"
    anybody = f'COUNTIF({of("of Seniority")},"?*")>0'
    over = f"ISNUMBER({hours})*({needed}>0)*IF(N({hours})>0,N(⟨of Utilisation⟩)>⟨capacity.full_at⟩,TRUE)"
    rules = {
        OVER_CAPACITY: f"{over}>0",
        NO_SENIOR: f'({anybody})*(⟨of Tier A, clients⟩>0)*(⟨of Seniority⟩<>"{SENIOR}")>0',
        SENIOR_ON_C: f'(⟨of Seniority⟩="{SENIOR}")*({on_c}>⟨capacity.senior_on_c⟩)>0',
        NOT_LISTED: f"N(⟨{_KEY}⟩)<0",
        NOT_KNOWN: f'{hours}=""',
    }
    text = '""'
    for remark, condition in reversed(rules.items()):
        text = f'IF({condition},"{remark}",{text})'
    return f'IF(⟨{_KEY}⟩=0,"",{text})'


def _ranges(table: Table) -> Callable[[str], str]:
    """The cells of a column out of sight, by its header."""
    at = {header: OUT_OF_SIGHT + number for number, header in enumerate(_HEADERS)}

    def of(header: str) -> str:
        letter = letters(at[header])
        return f"${letter}${table.row + 1}:${letter}${table.row + ROWS}"

    return of


_HEADERS = (
    _NUMBER,
    _LISTED,
    "of Account manager",
    _KEY,
    "of Seniority",
    "of Hours available",
    *(f"of Tier {tier}, clients" for tier in TIERS),
    "of To shed",
    *(f"of Tier {tier}, hours" for tier in TIERS),
    "of By an assistant, hours",
    "of Hours needed",
    "of Utilisation",
    "of Remark",
    _PLACE,
    _AT,
)
"""The headers of the columns out of sight."""
