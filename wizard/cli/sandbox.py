"""`pilotage sandbox`: the embedded AWS as a process that any AWS client can talk to."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

import click

from wizard.aws import sandbox as process
from wizard.aws.sandbox import Endpoint
from wizard.cli.groups import NamingGroup
from wizard.cli.options import Options, common
from wizard.cli.report import SAFE_BEFORE, Report
from wizard.errors import NeedsPerson, UsageError
from wizard.home import home

T = TypeVar("T")
ANY_KEY = "sandbox"
REGION = "us-east-1"
ACCOUNT = "000000000000"


@click.group(cls=NamingGroup)
def sandbox() -> None:
    """The embedded AWS: no account is needed, nothing leaves this machine.

    eval "$(pilotage sandbox start)" points every AWS client of a shell at it.
    """


@sandbox.command()
@common()
def start(report: Report, options: Options) -> int:
    """Start it unless it runs, and print the lines that point a shell's AWS clients at it."""
    scale = os.environ.get("PILOTAGE_TIME_SCALE")
    endpoint = _carefully(lambda: process.start(home(), float(scale) if scale else None))
    _carefully(lambda: process.wait_until_warm(endpoint))
    report.tell(f"SANDBOX {ACCOUNT} runs at {endpoint.url}{_pace(endpoint)} (process {endpoint.pid})")
    _tell_endpoint(report, endpoint)
    return 0


@sandbox.command()
@common()
def stop(report: Report, options: Options) -> int:
    """End it; its world is gone."""
    stopped = _carefully(lambda: process.stop(home()))
    report.json({"v": 1, "type": "sandbox", "running": False, "stopped": stopped})
    report.data("the SANDBOX is stopped; its world is gone" if stopped else "no SANDBOX was running")
    return 0


@sandbox.command()
@common()
def status(report: Report, options: Options) -> int:
    """Whether it runs, and where."""
    endpoint = _carefully(lambda: process.find(home()))
    if endpoint is None:
        report.json({"v": 1, "type": "sandbox", "running": False})
        report.data("no SANDBOX is running; start it: pilotage sandbox start")
        return 0
    report.tell(f"SANDBOX {ACCOUNT} runs at {endpoint.url}{_pace(endpoint)} (process {endpoint.pid})")
    _tell_endpoint(report, endpoint)
    return 0


@sandbox.command()
@common()
def reset(report: Report, options: Options) -> int:
    """Give it a fresh, empty world."""
    done = _carefully(lambda: process.reset(home()))
    report.json({"v": 1, "type": "sandbox", "running": done, "reset": done})
    report.data("the SANDBOX has a fresh world" if done else "no SANDBOX is running; start it: pilotage sandbox start")
    return 0


@sandbox.command("break")
@click.argument("scenario", required=False)
@click.option("--service", default="", metavar="APP/ENV/SERVICE", help="default: the first behind a load balancer")
@common()
def break_(report: Report, options: Options, scenario: str | None, service: str) -> int:
    """Bring trouble to a running service, as it comes in life; without SCENARIO, list the scenarios.

    Look at it with the console or `pilotage status --sandbox`, and undo it with `pilotage sandbox heal`.
    """
    if scenario is None:
        return _list_scenarios(report)
    played = _carefully(lambda: process.break_service(home(), scenario, service))
    if played is None:
        raise _not_running()
    report.json({"v": 1, "type": "sandbox", "broken": played})
    report.data(f"{played['service']}: {played['line']}")
    report.tell(f"see it:   pilotage console {played['service'].rpartition('/')[0]} --sandbox")
    report.tell("undo it:  pilotage sandbox heal")
    return 0


@sandbox.command()
@common()
def heal(report: Report, options: Options) -> int:
    """Undo what `break` did to the world; a version that it deployed is left for you to roll back."""
    healed = _carefully(lambda: process.heal(home()))
    if healed is None:
        raise _not_running()
    report.json({"v": 1, "type": "sandbox", "healed": healed})
    for each in healed:
        report.data(f"{each['service']}: {each['scenario']}: {each['healed']}")
    if not healed:
        report.data("nothing is broken")
    return 0


def _list_scenarios(report: Report) -> int:
    listed = _carefully(lambda: process.scenarios(home()))
    if listed is None:
        raise _not_running()
    for each in listed:
        report.json({"v": 1, "type": "scenario", **each})
        report.data(f"{each['scenario']:<20}{each['line']}")
    return 0


def _not_running() -> UsageError:
    return UsageError(
        "no sandbox is running",
        evidence=f"nothing listens for {home()}",
        safe=SAFE_BEFORE,
        next_step="pilotage replay blueprints/fasttriage.yaml --env dev --sandbox --yes   starts one with services",
    )


def _tell_endpoint(report: Report, endpoint: Endpoint) -> None:
    report.json(
        {
            "v": 1,
            "type": "sandbox",
            "running": True,
            "url": endpoint.url,
            "pid": endpoint.pid,
            "time_scale": endpoint.scale,
            "account": ACCOUNT,
            "region": REGION,
        }
    )
    for name, value in (
        ("AWS_ENDPOINT_URL", endpoint.url),
        ("AWS_ACCESS_KEY_ID", ANY_KEY),
        ("AWS_SECRET_ACCESS_KEY", ANY_KEY),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
    ):
        report.data(f"export {name}={value}")


def _pace(endpoint: Endpoint) -> str:
    return "" if endpoint.scale == 1 else f", {endpoint.scale:g} times as fast as AWS"


def _carefully(action: Callable[[], T]) -> T:
    from filelock import Timeout

    try:
        return action()
    except (OSError, Timeout) as error:
        raise NeedsPerson(
            "the sandbox cannot be reached or started",
            evidence=f"{type(error).__name__}: {error}",
            safe=SAFE_BEFORE,
            next_step=f"look at {process.log_path(home())}, or set PILOTAGE_HOME to a folder that can be written",
        ) from None
