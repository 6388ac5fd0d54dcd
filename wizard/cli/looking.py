"""`pilotage status`, `outputs`, `history`: what is there, read from AWS alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from wizard.cli import words
from wizard.cli.options import Options, common, option
from wizard.cli.receipt import plain
from wizard.cli.report import Report
from wizard.cli.run import looked_at
from wizard.cli.target import full_name, is_file, open_target
from wizard.deployment.looking import Looking, current_outputs
from wizard.deployment.opening import Connection
from wizard.deployment.request import Request
from wizard.deployment.states import ServiceState

HEADINGS = ("STATE", "SERVICE", "RUNNING", "REVISION", "SINCE", "WHAT")


@click.command()
@click.argument("name", metavar="[APP[/ENV]]", required=False, default="")
@option("--controls", is_flag=True, help="Check each control of the hipaa preset instead.")
@option("--all", "everything", is_flag=True, help="Every ECS and App Runner service of the account, whoever made it.")
@common("place")
def status(report: Report, options: Options, name: str, controls: bool, everything: bool) -> int:
    """What runs, where, since when, healthy or not; the worst first.

    Without --all: the services that Pilotage made, or those of APP[/ENV[/SERVICE]].

    With --controls, of one deployment (APP/ENV, or FILE --env ENV): each control of the hipaa preset, the resource that
    carries it, whether it holds (ok, broken, not checked), how to look by hand, what to type next. Exits with 3 when
    one is broken. Nothing is ever changed.
    """

    def look(request: Request) -> int:
        if controls:
            from wizard.cli.controls import show_controls

            return show_controls(report, options, request, name)
        connection = Connection(request, None)
        looking = Looking(connection)
        wanted = f"{name}/{options.env}" if name and options.env and "/" not in name else name
        states = looking.services(wanted, everything=everything)
        place = connection.identity.place
        report.data(place)
        for state in states:
            report.json(
                {"v": 1, "type": "service", "place": place, "sandbox": connection.identity.sandbox, **state.as_json()}
            )
        if states:
            for line in words.table([HEADINGS, *(_row(state) for state in states)]):
                report.data(line)
            return 0
        _nothing(report, options, looking.deployments(), wanted)
        return 0

    return looked_at(report, options, look)


def _row(state: ServiceState) -> tuple[str, ...]:
    what = " ".join(state.sentence.split())
    if state.hold:
        what = f"HELD: {state.hold.words()}   {what}"
    return (
        state.state,
        state.ref.title,
        f"{state.running} of {state.desired}",
        state.revision.rpartition(":")[2],
        words.minute(state.since),
        what,
    )


def _nothing(report: Report, options: Options, known: list[str], wanted: str) -> None:
    matching = [each for each in known if not wanted or each == wanted or each.split("/")[0] == wanted]
    if matching:
        report.data(f"no service runs; known from earlier runs: {', '.join(matching)}")
        return
    report.data(f"no deployment{f' {wanted}' if wanted else ''} is here")
    report.data(f"begin with: pilotage replay blueprints/fasttriage.yaml --env dev{options.repeated() or ' --sandbox'}")


@click.command()
@click.argument("target", metavar="APP/ENV")
@common("place")
def outputs(report: Report, options: Options, target: str) -> int:
    """The URLs, ARNs and names of a deployment as it stands: a line `name  value` each."""

    def look(request: Request) -> int:
        deployment = open_target(target, options, request)
        identity = deployment.connection.identity
        found = current_outputs(deployment)
        report.json(
            {
                "v": 1,
                "type": "outputs",
                "deployment": deployment.name,
                "place": identity.place,
                "sandbox": identity.sandbox,
                "detail": found,
            }
        )
        report.tell(f"{deployment.name}  {identity.place}", "strong")
        if not found:
            report.tell("nothing is there yet")
            return 0
        for line in words.table([(name, plain(value)) for name, value in sorted(found.items())]):
            report.data(line)
        return 0

    return looked_at(report, options, look)


@click.command()
@click.argument("target", metavar="APP/ENV")
@common("place")
def history(report: Report, options: Options, target: str) -> int:
    """Past runs of a deployment, the newest first: when, who, what, how it ended."""

    def look(request: Request) -> int:
        if is_file(target):
            deployment = open_target(target, options, request)
            name, connection = deployment.name, deployment.connection
        else:
            name, connection = full_name(target, options), Connection(request, None)
        runs = Looking(connection).history(name)
        report.data(f"{name}  {connection.identity.place}")
        for run in runs:
            report.json({"v": 1, "type": "run", "sandbox": connection.identity.sandbox, **run})
        if not runs:
            report.data(f"no run of {name} is recorded")
            return 0
        rows = [("STARTED", "COMMAND", "ENDED", "BY", "RUN", "WHAT"), *(_run(run) for run in runs)]
        for line in words.table(rows):
            report.data(line)
        return 0

    return looked_at(report, options, look)


def _run(run: Mapping[str, Any]) -> tuple[str, ...]:
    counts = run.get("counts")
    return (
        words.minute(str(run.get("started_at", ""))),
        str(run.get("command", "")),
        str(run.get("verdict", "")),
        f"{run.get('who', '')}@{run.get('host', '')}",
        str(run.get("run", "")),
        words.done(counts) if counts and run.get("verdict") == "ok" else "",
    )
