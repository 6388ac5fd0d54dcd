"""`pilotage hold` and `release`: a held service is not moved by a replay, whoever starts it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from wizard.cli.options import Options, common, option
from wizard.cli.report import SAFE_BEFORE, Report
from wizard.cli.run import Ending, Frame
from wizard.cli.service_target import pointed_at_service, some_services
from wizard.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from wizard.deployment.releases import Releases
    from wizard.release.hold import Hold
    from wizard.release.service_ref import ServiceRef

BY_HAND = "held by hand"
SPAN = re.compile(r"(\d+)\s*(m|h|d)")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@click.command()
@pointed_at_service
@option("--reason", default="", metavar="TEXT", help="Why; whoever is refused is told.")
@option("--until", default="", metavar="WHEN", help="Until then only: 30m, 8h, 2d, or 2026-11-27T08:00Z.")
@common("blueprint", "place")
def hold(report: Report, options: Options, target: str, cluster: str, service: str, reason: str, until: str) -> int:
    """Hold a service, or every service of APP/ENV: a replay does not move it (exit 8) until it is released."""
    end = moment_after(until, datetime.now(UTC), "--until") if until else None

    def work(frame: Frame) -> Ending:
        releases, refs = _chosen(frame, target, cluster, service)
        frame.begun = True
        _tell(frame, refs, releases.hold(refs, reason or BY_HAND, end))
        return Ending("ok", ExitCode.OK)

    return Frame(report, options).carry_out(work)


@click.command()
@pointed_at_service
@option("--reason", default="", metavar="TEXT", help="Why; for the log of this command.")
@common("blueprint", "place")
def release(report: Report, options: Options, target: str, cluster: str, service: str, reason: str) -> int:
    """Let a held service, or every service of APP/ENV, move again."""

    def work(frame: Frame) -> Ending:
        releases, refs = _chosen(frame, target, cluster, service)
        frame.begun = True
        before = releases.release(refs)
        _tell(frame, refs, before, released=True, reason=reason)
        return Ending("ok" if any(before) else "no_changes", ExitCode.OK)

    return Frame(report, options).carry_out(work)


def _chosen(frame: Frame, target: str, cluster: str, service: str) -> tuple[Releases, list[ServiceRef]]:
    from wizard.deployment.opening import Connection
    from wizard.deployment.releases import Releases

    releases = Releases(Connection(frame.request(), None))
    frame.report.tell(releases.connection.identity.place, "strong")
    return releases, some_services(releases, frame.options, target, cluster, service)


def _tell(
    frame: Frame, refs: Sequence[ServiceRef], holds: Sequence[Hold | None], *, released: bool = False, reason: str = ""
) -> None:
    from wizard.engine.events import EventType

    for ref, one in zip(refs, holds, strict=True):
        if one is None:
            frame.report.data(f"{ref.title}  was not held")
            continue
        message = f"released; it was {one.words()}" if released else one.words()
        frame.report.data(f"{ref.title}  {message}")
        detail = {"service": ref.title, "hold": None if released else one.as_json(), "reason": reason or one.why}
        frame.events.publish(
            EventType.APPLY_COMPLETE,
            address=f"service.{ref.short}",
            action="update",
            message=message,
            id=ref.arn,
            detail=detail,
        )


def moment_after(text: str, now: datetime, flag: str, sign: int = 1) -> datetime:
    """A moment as people write it: a span from now (`30m`, `8h`, `2d`), or a date and time; raises `UsageError`."""
    if found := SPAN.fullmatch(text.strip()):
        return now + sign * timedelta(**{UNITS[found[2]]: int(found[1])})
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"{flag} {text} is no time that is understood",
            evidence="it is 30m, 8h or 2d from now, or a date and time such as 2026-11-27T08:00Z",
            safe=SAFE_BEFORE,
            next_step=f"{flag} 8h",
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
