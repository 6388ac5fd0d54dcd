"""How a service deployment begins and ends: success, circuit breaker, alarms, rollback, stop, supersession."""

from __future__ import annotations

import math
from typing import Any

from wizard.sandbox.ecs import images, traffic
from wizard.sandbox.ecs.announcements import announce, steady
from wizard.sandbox.ecs.neighbours import Neighbours
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import Deployment, Revision, Service, ServiceDeployment, TaskDefinition

START_SECONDS = 2
"""How long a deployment is PENDING, and a request to stop it only requested."""
FEWEST_FAILURES, MOST_FAILURES = 3, 200
"""The bounds of the default threshold of the circuit breaker (BOUNDED_PERCENT)."""
BREAKER = "ECS deployment circuit breaker: tasks failed to start."
NOTHING_TO_ROLL_BACK_TO = "there is no completed service revision to roll back to."


def begin(region: Region, service: Service, definition: TaskDefinition, settings: dict[str, Any]) -> None:
    """Start a service deployment of a new service revision; one in flight is superseded."""
    if current := service.current:
        _finish(region, current, "STOPPED", "Service deployment superseded by a new service deployment.")
    number = region.fresh_number()
    path = f"{service.cluster.name}/{service.name}"
    revision = Revision(
        arn=region.arn(f"service-revision/{path}/{number}"),
        created_at=region.time,
        definition=definition,
        settings=settings,
        digests=_resolved(region, definition),
    )
    running = [task.deployment for task in region.tasks.values() if task.service is service and task.alive]
    sources = [earlier for earlier in service.deployments if any(earlier is found for found in running)]
    deployment = Deployment(f"ecs-svc/{number}", revision, region.time, region.time)
    if service.deployments:
        deployment.alternate = traffic.takes_alternate(service.primary, settings, service.configuration)
    deployment.reason = f"ECS deployment {deployment.id} in progress."
    service.revisions[revision.arn] = revision
    service.deployments.insert(0, deployment)
    arn = region.arn(f"service-deployment/{path}/{region.fresh_id()[:21]}")
    record = ServiceDeployment(arn, deployment, sources, service.configuration, region.time, region.time)
    service.history.insert(0, record)
    service.unsettled = True
    service.wake = region.time + START_SECONDS


def judge(region: Region, service: Service) -> None:
    """Move the deployment in flight along: start it, carry out what was requested, fail it when it must fail."""
    current = service.current
    if current is None:
        return
    if current.status == "PENDING":
        current.status, current.started_at = "IN_PROGRESS", region.time
    elif current.status == "STOP_REQUESTED":
        _abandon(region, service, "Service deployment stopped by user request.")
        _finish(region, current, "STOPPED", "Service deployment stopped by user request.")
    elif current.status == "ROLLBACK_REQUESTED":
        _roll_back(region, service, current, current.reason or "Rollback requested by user.")
    if current.status not in ("IN_PROGRESS", "ROLLBACK_IN_PROGRESS"):
        return
    breaker = breaker_of(current)
    if breaker.get("enable") and current.failures >= threshold(current, service.desired):
        current.tripped = True
        announce_failure(region, service, "tasks failed to start.")
        _fail(region, service, current, bool(breaker.get("rollback")), "circuit breaker threshold exceeded")
    elif current.status == "ROLLBACK_IN_PROGRESS":
        # The alarm that sent the version back goes on ringing for a while.
        return
    elif ringing := Neighbours(region.account, region.name).alarms_ringing(alarm_names(current)):
        current.alarmed = ringing
        announce_failure(region, service, "alarm detected.")
        _fail(region, service, current, bool(current.configuration["alarms"].get("rollback")), "alarm detected")


def complete(region: Region, service: Service) -> None:
    """The primary deployment is steady: that ends the service deployment, or just a change of the count."""
    service.unsettled = False
    primary, current = service.primary, service.current
    if current is not None:
        primary.state, primary.reason = "COMPLETED", f"ECS deployment {primary.id} completed."
        primary.updated_at = region.time
        service.last_completed = primary
        traffic.send(region, primary, 100)
        service.deployments = [primary]
        announce(region, service, f"(service {service.name}) (deployment {primary.id}) deployment completed.")
        if current.status == "ROLLBACK_IN_PROGRESS":
            _finish(region, current, "ROLLBACK_SUCCESSFUL", current.reason)
        else:
            _finish(region, current, "SUCCESSFUL", "")
    steady(region, service)


def note_ready(service: Service, deployment: Deployment) -> None:
    """A task became healthy: by default that resets the failure count."""
    current = service.current
    if current and deployment is service.primary and breaker_of(current).get("resetOnHealthyTask", True):
        current.failures = deployment.failed = 0


def note_failure(region: Region, service: Service, deployment: Deployment) -> None:
    """A task stopped before it was healthy."""
    current = service.current
    if current and deployment is service.primary:
        deployment.failed += 1
        deployment.updated_at = current.updated_at = region.time
        current.failures += 1


def request_rollback(region: Region, service: Service, current: ServiceDeployment, reason: str) -> None:
    """Ask for a rollback; the scheduler begins it a moment later."""
    current.status, current.reason, current.updated_at = "ROLLBACK_REQUESTED", reason, region.time
    service.wake = min(service.wake, region.time + START_SECONDS)


def request_stop(region: Region, service: Service, current: ServiceDeployment) -> None:
    """Ask for the deployment to stop where it is."""
    current.status, current.updated_at = "STOP_REQUESTED", region.time
    service.wake = min(service.wake, region.time + START_SECONDS)


def close(region: Region, service: Service) -> None:
    """The service is deleted: a deployment in flight ends with it."""
    if current := service.current:
        _finish(region, current, "STOPPED", "Service deployment stopped because the service was deleted.")


def breaker_of(deployment: ServiceDeployment) -> dict[str, Any]:
    """The circuit breaker's settings; empty when there is none."""
    breaker: dict[str, Any] = deployment.configuration.get("deploymentCircuitBreaker", {})
    return breaker


def threshold(deployment: ServiceDeployment, desired: int) -> int:
    """How many failed tasks trip the circuit breaker."""
    configured = breaker_of(deployment).get("thresholdConfiguration", {})
    value: int = configured.get("value", 50)
    if configured.get("type") == "COUNT":
        return value
    share = math.ceil(value * desired / 100)
    if configured.get("type") == "UNBOUNDED_PERCENT":
        return max(1, share)
    return min(max(share, FEWEST_FAILURES), MOST_FAILURES)


def alarm_names(deployment: ServiceDeployment) -> list[str]:
    """The alarms that guard the deployment, if any do."""
    alarms = deployment.configuration.get("alarms", {})
    return list(alarms.get("alarmNames", [])) if alarms.get("enable") else []


def announce_failure(region: Region, service: Service, why: str) -> None:
    """Say in the events that the primary deployment failed."""
    announce(region, service, f"(service {service.name}) (deployment {service.primary.id}) deployment failed: {why}")


def _fail(region: Region, service: Service, current: ServiceDeployment, roll_back: bool, why: str) -> None:
    if current.status == "ROLLBACK_IN_PROGRESS":
        _abandon(region, service, BREAKER)
        _finish(region, current, "ROLLBACK_FAILED", f"Rollback failed because of {why}.")
    elif roll_back:
        _roll_back(region, service, current, f"Service deployment rolled back because of {why}.")
    else:
        _abandon(region, service, BREAKER)
        _finish(region, current, "STOPPED", f"Service deployment failed because of {why}.")


def _roll_back(region: Region, service: Service, current: ServiceDeployment, reason: str) -> None:
    """Make the last completed deployment the primary one again; its tasks that still run are kept."""
    failed, earlier = service.primary, service.last_completed
    _abandon(region, service, BREAKER if current.tripped else f"ECS deployment {failed.id} was rolled back.")
    if earlier is None or earlier is failed:
        _finish(region, current, "ROLLBACK_FAILED", f"{reason.rstrip('.')}, but {NOTHING_TO_ROLL_BACK_TO}")
        return
    current.status, current.reason, current.updated_at = "ROLLBACK_IN_PROGRESS", reason, region.time
    current.rollback = (region.time, reason, earlier.revision)
    current.failures, current.weight = 0, 0.0
    traffic.send(region, earlier, 100)
    earlier.state, earlier.failed, earlier.failures_in_a_row = "IN_PROGRESS", 0, 0
    earlier.retry_at, earlier.settled_at, earlier.updated_at = 0.0, None, region.time
    by = "ECS deployment circuit breaker" if current.tripped else "ECS deployment"
    earlier.reason = f"{by}: rolling back to deploymentId {earlier.id}."
    service.deployments = [earlier, *(other for other in service.deployments if other is not earlier)]
    for key in failed.revision.settings:
        service.settings.pop(key, None)
    service.settings |= earlier.revision.settings
    announce(region, service, f"(service {service.name}) rolling back to deployment {earlier.id}.")


def _abandon(region: Region, service: Service, reason: str) -> None:
    primary = service.primary
    primary.state, primary.reason, primary.updated_at = "FAILED", reason, region.time


def _finish(region: Region, record: ServiceDeployment, status: str, reason: str) -> None:
    record.status, record.reason = status, reason
    record.finished_at = record.updated_at = region.time
    if status in ("STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"):
        record.stopped_at = region.time


def _resolved(region: Region, definition: TaskDefinition) -> dict[str, str]:
    """The digest of each image now: ECS pins tags for the life of a deployment, unless told otherwise."""
    digests = {}
    for container in definition.containers:
        digest = images.look_up(container["image"], region.account).digest
        if digest and container.get("versionConsistency", "enabled") == "enabled":
            digests[container["name"]] = digest
    return digests
