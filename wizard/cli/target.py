"""What a person may point at: `APP/ENV`, `APP` with `--env`, or a blueprint file."""

from __future__ import annotations

from pathlib import Path

from wizard.cli.options import Options
from wizard.cli.report import SAFE_BEFORE
from wizard.deployment.opening import Deployment, open_file, open_named
from wizard.deployment.request import Request
from wizard.errors import UsageError

FILE_ENDINGS = (".yaml", ".yml")


def is_file(target: str) -> bool:
    """Whether the target is a blueprint file rather than a deployment's name."""
    return target.endswith(FILE_ENDINGS) or Path(target).is_file()


def full_name(target: str, options: Options) -> str:
    """`APP/ENV`; raises `UsageError` when it is not said, or said twice differently."""
    app, _, env = target.partition("/")
    if options.env and env and env != options.env:
        raise UsageError(
            f"{target} and --env {options.env} name two environments",
            safe=SAFE_BEFORE,
            next_step="leave one of them out",
        )
    env = env or options.env or ""
    if not app or not env or "/" in env:
        raise UsageError(
            f"`{target}` does not name a deployment",
            evidence="a deployment is APP/ENV, such as fasttriage/dev",
            safe=SAFE_BEFORE,
            next_step=f"{app or 'APP'}/ENV, or add --env ENV; pilotage status lists what there is",
        )
    return f"{app}/{env}"


def open_target(target: str, options: Options, request: Request) -> Deployment:
    """Open what the target names."""
    if is_file(target):
        return open_file(Path(target), request)
    return open_named(full_name(target, options), request)
