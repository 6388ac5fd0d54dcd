"""The heart of the sandbox's ECS: how services move as time passes.

`advance` plays the world forward from event to event: first the tasks whose moment has come, then the services that
they, a request or the clock woke. A service is led to what it should be by `_schedule`: it launches what is missing,
stops what is too much within the bounds of the deployment configuration, and hands the verdict to `outcome`.
"""

from __future__ import annotations

import math

from wizard.sandbox.ecs import conditions, launch, lifecycle, outcome, stages
from wizard.sandbox.ecs.announcements import announce, draining, ended, launched, registered, stopped, unplaced
from wizard.sandbox.ecs.lifecycle import News
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import NEVER, Deployment, Service, Task

STEADY_SECONDS = 40
"""How long everything must be ready until ECS calls a deployment completed."""
ALARM_SECONDS = 15
"""How often deployment alarms are looked at."""
DRAINED_SECONDS = 20
"""From the last stopped task of a deleted service until it is INACTIVE."""
RETRY_SECONDS = 5
THROTTLED_AFTER = 3
THROTTLE_SECONDS = 60
LONGEST_THROTTLE_SECONDS = 900


def advance(region: Region, until: float) -> None:
    """Play the region's world forward to the moment `until`."""
    while (moment := _next_moment(region)) <= until:
        region.time = max(region.time, moment)
        for task in [task for task in region.tasks.values() if task.next_moment <= region.time]:
            _hear(region, task, lifecycle.step(region, task))
        for service in [service for service in region.services.values() if service.wake <= region.time]:
            service.wake = NEVER
            _schedule(region, service)
    region.time = max(region.time, until)


def tasks_of(region: Region, service: Service) -> list[Task]:
    """The service's tasks that still hold something, oldest first."""
    return [task for task in region.tasks.values() if task.service is service and task.phase != "STOPPED"]


def wake(service: Service, moment: float) -> None:
    """Have the scheduler look at the service at `moment`, or before."""
    service.wake = min(service.wake, moment)


def _next_moment(region: Region) -> float:
    agenda = (task.next_moment for task in region.tasks.values())
    alarms = (service.wake for service in region.services.values())
    return min(min(agenda, default=NEVER), min(alarms, default=NEVER))


def _hear(region: Region, task: Task, news: set[News]) -> None:
    service, deployment = task.service, task.deployment
    if service is None or deployment is None:
        return
    if task.phase == "RUNNING" and task.started_at == region.time:
        registered(region, service, task)
    if News.READY in news:
        deployment.failures_in_a_row = 0
        outcome.note_ready(service, deployment)
    if news & {News.FAILED, News.ENDED}:
        ended(region, service, task)
    if News.FAILED in news:
        _count_failure(region, service, deployment)
    if news & {News.READY, News.FAILED, News.ENDED, News.GONE}:
        wake(service, region.time)


def _count_failure(region: Region, service: Service, deployment: Deployment) -> None:
    deployment.failures_in_a_row += 1
    in_a_row = deployment.failures_in_a_row
    delay = RETRY_SECONDS
    if in_a_row >= THROTTLED_AFTER:
        delay = min(THROTTLE_SECONDS * 2 ** min(in_a_row - THROTTLED_AFTER, 10), LONGEST_THROTTLE_SECONDS)
    if in_a_row == THROTTLED_AFTER:
        announce(
            region,
            service,
            f"(service {service.name}) is unable to consistently start tasks successfully. For more information, "
            "see the Troubleshooting section of the Amazon ECS Developer Guide.",
        )
    deployment.retry_at = region.time + delay
    outcome.note_failure(region, service, deployment)


def _schedule(region: Region, service: Service) -> None:
    if service.status == "DRAINING":
        _drain(region, service)
    if service.status != "ACTIVE":
        return
    outcome.judge(region, service)
    if stages.shifts_traffic(service) and not stages.proceed(region, service, "SCALE_UP"):
        return
    _stop_what_is_too_much(region, service)
    _launch_what_is_missing(region, service)
    _settle(region, service)
    current = service.current
    if current and outcome.alarm_names(current):
        wake(service, region.time + ALARM_SECONDS)


def _launch_what_is_missing(region: Region, service: Service) -> None:
    """Launch up to `maximumPercent` of the desired count; a failed deployment launches nothing more."""
    primary = service.primary
    alive = [task for task in tasks_of(region, service) if task.alive]
    own = [task for task in alive if task.deployment is primary]
    missing = service.desired - len(own)
    without_instances = launch.launch_facts(primary.revision.settings)["launchType"] == "EC2"
    if missing <= 0 or primary.state == "FAILED" or without_instances:
        return
    if region.time < primary.retry_at:
        wake(service, primary.retry_at)
        return
    if reason := conditions.of_service(service).placing:
        unplaced(region, service, reason)
        wake(service, region.time + RETRY_SECONDS)
        return
    room = missing
    if not stages.shifts_traffic(service):
        room = math.floor(service.desired * service.configuration["maximumPercent"] / 100) - len(alive)
    for _ in range(min(missing, room)):
        launched(region, service, launch.for_deployment(region, service, primary))
    primary.settled_at = None


def _stop_what_is_too_much(region: Region, service: Service) -> None:
    """Stop tasks above the desired count, and old ones as far as `minimumHealthyPercent` allows."""
    alive = [task for task in tasks_of(region, service) if task.alive]
    own = [task for task in alive if task.deployment is service.primary]
    old = [task for task in alive if task.deployment is not service.primary]
    own.sort(key=lambda task: (not task.ready, -task.created_at))
    surplus = own[service.desired :]
    if stages.shifts_traffic(service):
        leaving = old if stages.may_clean_up(service) else []
    else:
        floor = math.ceil(service.desired * service.configuration["minimumHealthyPercent"] / 100)
        spare = max(0, sum(task.ready for task in alive) - floor)
        leaving = [task for task in old if not task.ready] + [task for task in old if task.ready][:spare]
    if service.primary.state == "FAILED":
        # What has come up of it may replace old tasks; what has not may not.
        leaving = old[max(0, service.desired - sum(task.ready for task in own)) :]
    for task in surplus + leaving:
        _stop(region, service, task, f"Scaling activity initiated by (deployment {service.primary.id})")


def _stop(region: Region, service: Service, task: Task, reason: str) -> None:
    if task.targets:
        draining(region, service, task)
    lifecycle.stop(region, task, "ServiceSchedulerInitiated", reason)
    stopped(region, service, task)


def _settle(region: Region, service: Service) -> None:
    """Complete the deployment once everything wanted has been ready for long enough and the old tasks are gone."""
    primary = service.primary
    tasks = tasks_of(region, service)
    own = [task for task in tasks if task.deployment is primary and task.alive]
    early = service.configuration.get("earlySuccessCriteria", {}) if service.current else {}
    percent = early.get("healthyPercent", 100) if early.get("enable") else 100
    ready = sum(task.ready for task in own)
    if ready < math.ceil(service.desired * percent / 100) or (percent == 100 and len(own) != service.desired):
        primary.settled_at = None
        return
    if primary.settled_at is None:
        primary.settled_at = region.time
    if stages.shifts_traffic(service) and not stages.proceed(region, service, "CLEAN_UP"):
        return
    others = [task for task in tasks if task.deployment is not primary]
    if others and early.get("sourceServiceRevisionCleanup") != "DEFERRED":
        return
    if region.time < primary.settled_at + STEADY_SECONDS:
        wake(service, primary.settled_at + STEADY_SECONDS)
    elif service.unsettled and primary.state != "FAILED":
        outcome.complete(region, service)


def _drain(region: Region, service: Service) -> None:
    """Stop the tasks of a deleted service; a while after the last one has STOPPED it is INACTIVE."""
    tasks = tasks_of(region, service)
    for task in [task for task in tasks if task.alive]:
        _stop(region, service, task, "Task stopped as the service was deleted")
    if tasks:
        service.unsettled = True
    elif service.unsettled:
        service.unsettled = False
        wake(service, region.time + DRAINED_SECONDS)
    else:
        service.status = "INACTIVE"
        service.deployments.clear()
