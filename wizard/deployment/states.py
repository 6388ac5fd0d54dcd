"""How services stand, in one line each: what `status` and the console's list show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.release.finding import Found
from wizard.release.hold import Hold, hold_in
from wizard.release.revision import moment
from wizard.release.runner import image_of
from wizard.release.service_ref import Platform, ServiceRef
from wizard.release.standing import primary_of

WORST_FIRST = ("DOWN", "ROLLING", "OK", "IDLE")
RUNNER_STATES = {"RUNNING": "OK", "PAUSED": "IDLE", "OPERATION_IN_PROGRESS": "ROLLING"}


@dataclass(frozen=True)
class ServiceState:
    """One service as it runs now."""

    ref: ServiceRef
    state: str
    """`OK`, `DOWN`, `ROLLING` or `IDLE`."""
    running: int
    desired: int
    revision: str
    since: str
    sentence: str
    hold: Hold | None = None

    @property
    def deployment(self) -> str:
        """`<app>/<env>`; empty when Pilotage did not make it."""
        return self.ref.deployment

    @property
    def service(self) -> str:
        """Its name in the blueprint, or in AWS."""
        return self.ref.short

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        shown = {name: getattr(self, name) for name in ("state", "running", "desired", "revision", "since", "sentence")}
        return shown | {
            "deployment": self.deployment,
            "service": self.service,
            "title": self.ref.title,
            "platform": str(self.ref.platform),
            "cluster": self.ref.cluster,
            "name": self.ref.name,
            "arn": self.ref.arn,
            "hold": self.hold.as_json() if self.hold else None,
        }


def states_of(found: Iterable[Found]) -> list[ServiceState]:
    """The states, worst first."""
    states = [_runner_state(one) if one.ref.platform is Platform.APP_RUNNER else _state(one) for one in found]
    return sorted(states, key=lambda state: (WORST_FIRST.index(state.state), state.ref.title))


def _state(found: Found) -> ServiceState:
    service = found.shown
    primary = primary_of(service)
    running, desired = int(service.get("runningCount", 0)), int(service.get("desiredCount", 0))
    events = service.get("events") or [{}]
    return ServiceState(
        ref=found.ref,
        state=_word(service, running, desired, str(primary.get("rolloutState", ""))),
        running=running,
        desired=desired,
        revision=str(service.get("taskDefinition", "")).rpartition("/")[2],
        since=moment(primary.get("createdAt")),
        sentence=str(primary.get("rolloutStateReason") or events[0].get("message", "")),
        hold=hold_in(found.tags),
    )


def _word(service: Mapping[str, Any], running: int, desired: int, rollout: str) -> str:
    if desired == 0:
        return "IDLE"
    if running == 0 or rollout == "FAILED" or service.get("status") == "DRAINING":
        return "DOWN"
    return "ROLLING" if rollout == "IN_PROGRESS" or running < desired else "OK"


def _runner_state(found: Found) -> ServiceState:
    service = found.shown
    state = RUNNER_STATES.get(service["Status"], "DOWN")
    serves = 0 if state in ("DOWN", "IDLE") else 1
    # App Runner tells of no instances: one stands for "it answers".
    return ServiceState(
        ref=found.ref,
        state=state,
        running=serves,
        desired=0 if state == "IDLE" else 1,
        revision=image_of(service).rpartition("/")[2],
        since=moment(service.get("UpdatedAt")),
        sentence=f"App Runner says {service['Status']}",
        hold=hold_in(found.tags),
    )
