"""How the on-call commands are pointed at services: `APP/ENV[/SERVICE]`, or `--cluster` and `--service`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from wizard.cli.options import Options, option
from wizard.cli.report import SAFE_BEFORE
from wizard.errors import UsageError

if TYPE_CHECKING:
    from wizard.deployment.releases import Releases
    from wizard.release.service_ref import ServiceRef

Command = Callable[..., int]


def pointed_at_service(function: Command) -> Command:
    """The argument and the two options; the command gets `target`, `cluster` and `service`."""
    decorated: Any = option(
        "--service", default="", metavar="S", help="The service's name in AWS; an App Runner service needs no cluster."
    )(function)
    decorated = option("--cluster", default="", metavar="C", help="Its ECS cluster; for services of anybody.")(
        decorated
    )
    argument = click.argument("target", metavar="[APP/ENV[/SERVICE]]", required=False, default="")
    found: Command = argument(decorated)
    return found


def named_target(target: str, options: Options) -> str:
    """The target with `--env` in it; raises `UsageError` when two environments are named."""
    app, _, rest = target.partition("/")
    env = rest.partition("/")[0]
    if options.env and env and env != options.env:
        raise UsageError(
            f"{target} and --env {options.env} name two environments",
            safe=SAFE_BEFORE,
            next_step="leave one of them out",
        )
    return f"{app}/{options.env}" if options.env and app and not env else target


def one_service(releases: Releases, options: Options, target: str, cluster: str, service: str) -> ServiceRef:
    """The one service that is meant."""
    return releases.one(named_target(target, options), cluster=cluster, service=service)


def some_services(releases: Releases, options: Options, target: str, cluster: str, service: str) -> list[ServiceRef]:
    """Every service that is meant: all of `APP/ENV`, or the one."""
    wanted = named_target(target, options)
    if wanted.count("/") == 1 and not (cluster or service):
        found = releases.services(wanted)
        if found:
            return sorted(found, key=lambda ref: ref.title)
    return [releases.one(wanted, cluster=cluster, service=service)]
