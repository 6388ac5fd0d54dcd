"""`pilotage console`: the on-call console, full screen. It only reads until a change is confirmed in it."""

from __future__ import annotations

import click

from wizard.cli.options import Options, common, option
from wizard.cli.report import Report
from wizard.errors import UsageError


@click.command()
@click.argument("target", required=False, metavar="[APP[/ENV[/SERVICE]]]", default="")
@option("--cluster", metavar="CLUSTER", help="The ECS cluster of a service that Pilotage did not make.")
@option("--service", metavar="SERVICE", help="That service.")
@option("--read-only", is_flag=True, help="Offer nothing that changes anything.")
@common("place")
def console(
    report: Report, options: Options, target: str, cluster: str | None, service: str | None, read_only: bool
) -> int:
    """Open the on-call console: what is wrong, since when, and the way back to a version that works."""
    if bool(cluster) != bool(service) and cluster:
        raise UsageError("--cluster needs --service", next_step="add --service SERVICE")
    if not report.may_ask:
        headless = f"pilotage status {target}".strip()
        raise UsageError(
            "the console needs a terminal",
            evidence="stdin or stderr is not a terminal, or --no-input or --json was given",
            safe="nothing was called",
            next_step=f"{headless}   then pilotage revisions and pilotage rollback APP/ENV/SERVICE --yes",
        )
    from wizard.cli.full_screen import console_screen
    from wizard.deployment.request import Request

    request = Request(sandbox=options.sandbox, profile=options.profile, region=options.region)
    wanted = f"cluster:{cluster or ''}/{service}" if service else target
    return console_screen(report, request, wanted, read_only=read_only)
