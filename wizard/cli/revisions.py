"""`pilotage revisions`: what ran, when, by whom, how it went, and whether it could start again now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from wizard.cli import words
from wizard.cli.options import Options, common, option
from wizard.cli.report import Report
from wizard.cli.run import looked_at
from wizard.cli.service_target import pointed_at_service, some_services
from wizard.deployment.request import Request
from wizard.errors import PilotageError

if TYPE_CHECKING:
    from wizard.deployment.releases import Releases
    from wizard.release.readiness import Readiness
    from wizard.release.revision import Revision
    from wizard.release.service_ref import ServiceRef

HEADINGS = ("", "REV", "WHEN", "BY", "IMAGE", "WORKED", "CAN START?", "COMMIT")
MARKS = "* runs now   > where a rollback goes unless told otherwise"


@click.command()
@pointed_at_service
@option("--limit", type=click.IntRange(1, 100), default=20, show_default=True, metavar="N", help="So many of each.")
@common("blueprint", "place")
def revisions(report: Report, options: Options, target: str, cluster: str, service: str, limit: int) -> int:
    """Revisions of a service, newest first: when, by whom, which image, did it work, can it start now?

    Of APP/ENV every service is shown. Works for every ECS and App Runner service: --cluster C --service S.
    """

    def look(request: Request) -> int:
        from wizard.deployment.opening import Connection
        from wizard.deployment.releases import Releases

        releases = Releases(Connection(request, None))
        for ref in some_services(releases, options, target, cluster, service):
            _show(report, releases, ref, limit)
        return 0

    return looked_at(report, options, look)


def _show(report: Report, releases: Releases, ref: ServiceRef, limit: int) -> None:
    standing = releases.standing(ref, limit=limit)
    found = list(standing.revisions)
    ready = releases.readiness_in(standing)
    default = _default(ref, found, ready)
    identity = releases.connection.identity
    held = standing.hold
    report.data(f"{ref.title}  {identity.place}{f'  {held.words()}' if held else ''}")
    for one in found:
        report.json(
            {
                "v": 1,
                "type": "revision",
                "service": ref.title,
                "sandbox": identity.sandbox,
                **one.as_json(),
                **ready[one.id].as_json(),
                "default_target": one.id == default,
            }
        )
    if not found:
        report.data("no revision is known")
        return
    for line in words.table([HEADINGS, *(_row(one, ready[one.id], default) for one in found)]):
        report.data(line)
    report.data(MARKS)


def _default(ref: ServiceRef, found: list[Revision], ready: Mapping[str, Readiness]) -> str:
    from wizard.release.rollback_plan import choose

    try:
        return choose(ref, found, ready).target.id
    except PilotageError:
        return ""


def _row(one: Revision, ready: Readiness, default: str) -> tuple[str, ...]:
    can = f"{ready.can}: {ready.reason}" if ready.reason else str(ready.can)
    notes = "".join(f"; {note}" for note in ready.notes)
    when = one.deployed_at or one.registered_at
    return (
        "*" if one.serving else ">" if one.id == default else "",
        str(one.number),
        words.minute(when.isoformat()) if when else "",
        one.by,
        one.short_digest or (one.images[0].reference.rpartition("/")[2] if one.images else ""),
        _worked(one),
        f"{can}{notes}",
        one.commit,
    )


def _worked(one: Revision) -> str:
    if one.outcome == "worked":
        healthy = "yes" if one.healthy_minutes is None else f"{words.roughly(one.healthy_minutes * 60)} healthy"
        return f"{healthy}, then left {one.left}" if one.left else healthy
    if one.outcome == "failed":
        return f"no{f': {one.outcome_reason}' if one.outcome_reason else ''}"
    return {"in_progress": "being deployed"}.get(str(one.outcome), "not known")
