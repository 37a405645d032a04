"""The options of every command that reads clients, declared once."""

import functools
import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import typer

from tierxl.method.words import as_argument

if TYPE_CHECKING:
    from tierxl.use_cases.reading import Request


Method = Literal["five-factor", "revenue"]
"""The ways to the starting tier."""


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise typer.BadParameter(f'"{text}" is not a date that can be read: write it as in 2026-11-30.') from None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The options of a command that reads clients."""

    table: Annotated[str | None, typer.Option("--table", help="The table or sheet that holds the clients.")] = None
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column", metavar="FIELD=HEADER", help='Which column is which, such as Revenue="Billings FY26 (£)".'
        ),
    ] = None
    dates: Annotated[
        Literal["day-first", "month-first"] | None,
        typer.Option("--dates", help="How to read 03/04/2026, where the list does not tell."),
    ] = None
    decimal_mark: Annotated[
        Literal[".", ","] | None,
        typer.Option("--decimal-mark", help="How to read 1.200, where the list does not tell."),
    ] = None
    currency: Annotated[
        str | None,
        typer.Option("--currency", help="The currency of the amounts, such as CHF, where the list shows none."),
    ] = None
    encoding: Annotated[str | None, typer.Option("--encoding", help="The encoding of a CSV file, such as cp1250.")] = (
        None
    )
    orders: Annotated[bool, typer.Option("--orders", help="Each row is an order: sum them to clients.")] = False
    clients: Annotated[bool, typer.Option("--clients", help="Each row is a client, whatever its dates say.")] = False
    policy: Annotated[Path | None, typer.Option("--policy", help="A policy file; see `tierxl policy`.")] = None
    method: Annotated[
        Method | None, typer.Option("--method", help="The starting tier by score, or by revenue alone.")
    ] = None
    as_of: Annotated[
        date | None,
        typer.Option("--as-of", metavar="YYYY-MM-DD", parser=_day, help="The day of the grading; today if left out."),
    ] = None

    def request(self, source: Path, managers: Path | None = None) -> "Request":
        """The request to read a file so.

        Raises:
            CannotGrade: an option names a field that there is not, or contradicts another.
        """
        from tierxl.use_cases.reading import Request, chosen_settings

        return Request(
            source,
            self.as_of or date.today(),
            self.table,
            self.policy,
            self.method,
            managers,
            chosen_settings(
                self.column or [],
                self.dates and self.dates.replace("-", " "),
                self.decimal_mark,
                self.currency,
                is_orders=self.orders,
                is_clients=self.clients,
            ),
            self.encoding,
            is_today=self.as_of is None,
            command=self.again("grade", source, managers=managers),
        )

    def again(self, *arguments: object, managers: Path | None = None) -> str:
        """A command with the same options, ready to paste.

        Args:
            arguments: the command and what it takes before the options.
            managers: the file of the account managers, if the command takes it.
        """
        options = {field.name: getattr(self, field.name) for field in fields(self)} | {"managers": managers}
        words = [word for name, value in options.items() for word in _as_given(f"--{name.replace('_', '-')}", value)]
        return " ".join(["tierxl", *map(as_argument, [*arguments, *words])])


def _as_given(option: str, value: object) -> list[object]:
    """An option with its value, as words of a command; none where it was left out."""
    if isinstance(value, list):
        return [word for each in value for word in (option, each)]
    if isinstance(value, bool) or value is None:
        return [option] if value else []
    return [option, value]


def with_reading(command: Callable[..., None], without: Collection[str] = ()) -> Callable[..., None]:
    """A command that takes its argument ``reading`` as options.

    Args:
        command: the command.
        without: options that it does not take.
    """
    signature, hints = inspect.signature(command), get_type_hints(command, include_extras=True)
    of_reading = get_type_hints(Reading, include_extras=True)
    names = [field.name for field in fields(Reading) if field.name not in without]
    own = [
        parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in signature.parameters.items()
        if name != "reading"
    ]
    options = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=getattr(Reading, name), annotation=of_reading[name]
        )
        for name in names
    ]

    @functools.wraps(command)
    def run(**arguments: Any) -> None:
        reading = Reading(**{name: arguments.pop(name) for name in names})
        command(**arguments, reading=reading)

    run.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in (*own, *options)}
    return run
