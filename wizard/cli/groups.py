"""A group of commands that, when none of them is meant, names the nearest."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import click

from wizard.cli.report import SAFE_BEFORE
from wizard.errors import UsageError


class NamingGroup(click.Group):
    """Refuses a missing or unknown command with `UsageError`, and says which there are."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse a missing command in our own words."""
        if not args and not self.invoke_without_command:
            raise UsageError(
                f"`{ctx.command_path}` needs one word more",
                evidence=f"known are {', '.join(self.list_commands(ctx))}",
                safe=SAFE_BEFORE,
                next_step=f"{ctx.command_path} --help",
            )
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command, or `UsageError` with the nearest one."""
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-"):
            raise UsageError(
                f"there is no command `{args[0]}`",
                evidence=f"known are {', '.join(known)}",
                safe=SAFE_BEFORE,
                next_step=nearest(args[0], known, f"{ctx.command_path} ") or f"{ctx.command_path} --help",
            )
        return super().resolve_command(ctx, args)


def nearest(word: str, known: Iterable[str], before: str) -> str:
    """A hint with the word that was probably meant; empty when none is near."""
    found = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"did you mean: {before}{found[0]}" if found else ""
