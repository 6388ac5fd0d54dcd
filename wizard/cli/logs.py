"""`pilotage logs`: what the containers of a service write."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from wizard.cli.hold import moment_after
from wizard.cli.options import Options, common, option
from wizard.cli.report import Report
from wizard.cli.run import looked_at
from wizard.cli.service_target import pointed_at_service, some_services
from wizard.deployment.request import Request

if TYPE_CHECKING:
    from wizard.deployment.releases import Releases
    from wizard.release.log_tail import LogLine
    from wizard.release.service_ref import ServiceRef


@click.command()
@pointed_at_service
@option("--since", default="10m", show_default=True, metavar="WHEN", help="From then on: 30m, 8h, 2d ago, or a time.")
@option("--filter", "contains", default="", metavar="TEXT", help="Only lines that contain this text.")
@option("--follow", is_flag=True, help="And what comes from now on, until Ctrl-C.")
@common("blueprint", "place")
def logs(
    report: Report,
    options: Options,
    target: str,
    cluster: str,
    service: str,
    since: str,
    contains: str,
    follow: bool,
) -> int:
    """The containers' log lines of a service, or of every service of APP/ENV, oldest first."""
    start = moment_after(since, datetime.now(UTC), "--since", sign=-1)

    def look(request: Request) -> int:
        from wizard.deployment.opening import Connection
        from wizard.deployment.releases import Releases

        releases = Releases(Connection(request, None))
        refs = some_services(releases, options, target, cluster, service)
        if follow and len(refs) > 1:
            return _follow_all(report, releases, refs, start, contains)
        count = 0
        for ref in refs:
            for line in releases.log_lines(ref, since=start, contains=contains, follow=follow):
                count += 1
                _print(report, ref, line, several=len(refs) > 1)
        if not count:
            report.tell(f"no line{f' with {contains}' if contains else ''} since {start.isoformat(timespec='seconds')}")
        return 0

    return looked_at(report, options, look)


def _follow_all(report: Report, releases: Releases, refs: list[ServiceRef], start: datetime, contains: str) -> int:
    """A thread for each service; Ctrl-C ends them all with the command."""

    def one(ref: ServiceRef) -> None:
        for line in releases.log_lines(ref, since=start, contains=contains, follow=True):
            _print(report, ref, line, several=True)

    threads = [threading.Thread(target=one, args=(ref,), name=f"log of {ref.short}", daemon=True) for ref in refs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0


def _print(report: Report, ref: ServiceRef, line: LogLine, *, several: bool) -> None:
    at = line.at.isoformat(timespec="milliseconds")
    report.json(
        {
            "v": 1,
            "type": "log",
            "at": at,
            "service": ref.title,
            "container": line.container,
            "task": line.task,
            "message": line.text,
        }
    )
    where = f"{ref.short}/{line.container}" if several else line.container
    report.data(f"{line.at:%H:%M:%S}  {where}  {line.task[:8]}  {line.text}")
