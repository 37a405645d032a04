"""The help of the command: its commands in groups, and its version."""

from importlib.metadata import version as version_of
from typing import TYPE_CHECKING

import typer
from typer.core import TyperCommand, TyperGroup

from tierxl import console

if TYPE_CHECKING:
    from typer._click import Context
    from typer._click.formatting import HelpFormatter

START = """Grade clients A, B or C, with the reasons, and plan the time for each.

Start with your own list: tierxl grade clients.xlsx

See what you will get: tierxl demo
"""
KEEP_SETTINGS = "tierxl policy > policy.toml, edit it, and grade with --policy policy.toml"
"""The way to settings that stay."""
EVERY_DAY, TEAM, SET_UP = "Every day", "Team", "Set up"


class GroupedCommands(TyperGroup):
    """The commands, which the help lists below the headings of their groups."""

    def format_commands(self, ctx: "Context", formatter: "HelpFormatter") -> None:  # noqa: ARG002  typer's own names
        """Write the commands of each group below its heading."""
        commands = {name: command for name, command in self.commands.items() if not command.hidden}
        width = max(map(len, commands))
        for heading in (EVERY_DAY, TEAM, SET_UP):
            lines = [
                (name.ljust(width), command.get_short_help_str(limit=60))
                for name, command in commands.items()
                if getattr(command, "rich_help_panel", None) == heading
            ]
            with formatter.section(heading):
                formatter.write_dl(lines)


class PlainCommand(TyperCommand):
    """A command whose usage names an argument that must be given without braces, as a person types it."""

    def collect_usage_pieces(self, ctx: "Context") -> list[str]:
        """The options and arguments of the usage line."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]


def print_version(wanted: bool) -> None:
    """Print the version and end the command, if it is wanted."""
    if wanted:
        console.say(f"tierxl {version_of('tierxl')}")
        raise typer.Exit
