"""The options that every command understands, declared once, each with its environment variable `PILOTAGE_<OPTION>`.

A command's help shows those that matter to it; the others are understood too, so that a script can pass the same
options, and set the same variables, everywhere.
"""

from __future__ import annotations

import functools
import math
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from wizard.cli.report import Report
from wizard.errors import UsageError

PREFIX = "PILOTAGE_"


@dataclass(frozen=True)
class Options:
    """What the common options say."""

    env: str | None = None
    profile: str | None = None
    region: str | None = None
    sets: tuple[str, ...] = ()
    secrets_file: Path | None = None
    sandbox: bool = False
    json: bool = False
    plain: bool = False
    no_input: bool = False
    yes: bool = False
    no_color: bool = False
    log_file: Path | None = None
    placeholder_images: bool = False
    wait_image: float = 0.0
    tag: str | None = None

    def repeated(self) -> str:
        """The options that say where, as one types them again: ` --profile work --sandbox`."""
        said = [f" --profile {self.profile}" if self.profile else "", f" --region {self.region}" if self.region else ""]
        return "".join([*said, " --sandbox" if self.sandbox else ""])


@dataclass(frozen=True)
class _Declared:
    group: str
    flag: str
    settings: dict[str, Any]
    name: str = ""

    @property
    def field(self) -> str:
        return self.name or self.flag.removeprefix("--").replace("-", "_")

    @property
    def variable(self) -> str:
        return PREFIX + self.flag.removeprefix("--").replace("-", "_").upper()


_FILE = click.Path(path_type=Path, dir_okay=False)
_DECLARED = (
    _Declared("blueprint", "--env", {"metavar": "ENV", "help": "The environment of the blueprint."}),
    _Declared("place", "--profile", {"metavar": "NAME", "help": "The AWS profile."}),
    _Declared("place", "--region", {"metavar": "REGION", "help": "The AWS Region, instead of the blueprint's."}),
    _Declared("place", "--sandbox", {"is_flag": True, "help": "Use the embedded AWS; no account is needed."}),
    _Declared(
        "blueprint",
        "--set",
        {"multiple": True, "metavar": "KEY=VALUE", "help": "Change one value of the blueprint; repeatable."},
        "sets",
    ),
    _Declared("blueprint", "--secrets-file", {"type": _FILE, "metavar": "DOTENV", "help": "Values of secrets."}),
    _Declared("blueprint", "--placeholder-images", {"is_flag": True, "help": "Run a stand-in for each missing image."}),
    _Declared(
        "run",
        "--wait-image",
        {"type": click.FloatRange(min=0), "default": 0.0, "metavar": "MINUTES", "help": "Wait for images so long."},
    ),
    _Declared("tag", "--tag", {"metavar": "TAG", "help": "The tag of this deployment's own images."}),
    _Declared("consent", "--yes", {"is_flag": True, "help": "Do not ask; needed without a terminal."}),
    _Declared("output", "--json", {"is_flag": True, "help": "JSON lines on stdout."}),
    _Declared("output", "--plain", {"is_flag": True, "help": "Plain lines instead of a live picture."}),
    _Declared("output", "--no-input", {"is_flag": True, "help": "Ask nothing, as without a terminal."}),
    _Declared("output", "--no-color", {"is_flag": True, "help": "No colour."}),
    _Declared("output", "--log-file", {"type": _FILE, "metavar": "FILE", "help": "Write calls and events to a file."}),
)
COMMON_FLAGS = tuple(declared.flag for declared in _DECLARED)


def common(*groups: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a command the common options; its function gets `report` and `options` first. Other groups stay hidden."""
    shown = {"output", *groups}

    def decorate(function: Callable[..., int]) -> Callable[..., int]:
        @functools.wraps(function)
        def command(**given: Any) -> int:
            options = Options(**{declared.field: given.pop(declared.field) for declared in _DECLARED})
            report: Report = click.get_current_context().obj
            report.settle(
                json_lines=options.json,
                plain=options.plain,
                no_input=options.no_input,
                no_color=options.no_color,
                log_file=options.log_file,
            )
            insist_on_time_scale()
            return function(report, options, **given)

        decorated: Callable[..., int] = command
        for declared in reversed(_DECLARED):
            decorated = click.option(
                declared.flag,
                declared.field,
                envvar=declared.variable,
                hidden=declared.group not in shown,
                **declared.settings,
            )(decorated)
        return decorated

    return decorate


def option(flag: str, *names: str, **settings: Any) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """An option of one command, with its environment variable like the common ones."""
    return click.option(flag, *names, envvar=PREFIX + flag.removeprefix("--").replace("-", "_").upper(), **settings)


def insist_on_time_scale() -> None:
    """Raise `UsageError` when `PILOTAGE_TIME_SCALE` is not a positive number."""
    given = os.environ.get("PILOTAGE_TIME_SCALE")
    if not given:
        return
    try:
        scale = float(given)
    except ValueError:
        scale = 0.0
    if not (scale > 0 and math.isfinite(scale)):
        raise UsageError(
            f"PILOTAGE_TIME_SCALE={given} is not a positive number",
            evidence="it divides every waiting time, so it must be above 0",
            safe="nothing was called",
            next_step="unset PILOTAGE_TIME_SCALE, or set it to a number such as 60",
        )


def wants_json(arguments: Iterable[str]) -> bool:
    """Whether JSON is asked for, as far as it can be known before the command line is understood."""
    from_environment = os.environ.get("PILOTAGE_JSON", "").lower() in ("1", "true", "yes", "on", "t", "y")
    return from_environment or "--json" in arguments
