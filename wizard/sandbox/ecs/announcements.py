"""What a service says in its events, in the words of ECS."""

from __future__ import annotations

from wizard.sandbox.ecs.interfaces import dashed
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import Service, Task

EVENTS_KEPT = 100
"""DescribeServices shows no more than the last hundred events."""


def announce(region: Region, service: Service, message: str) -> None:
    """Add an event, newest first."""
    service.events.insert(0, (dashed(region.fresh_id()), region.time, message))
    del service.events[EVENTS_KEPT:]


def launched(region: Region, service: Service, task: Task) -> None:
    """A task was launched."""
    announce(region, service, f"(service {service.name}) has started 1 tasks: (task {task.id}).")


def registered(region: Region, service: Service, task: Task) -> None:
    """The task's targets were registered."""
    for target in task.targets:
        announce(region, service, f"(service {service.name}) registered 1 targets in (target-group {target.group})")


def draining(region: Region, service: Service, task: Task) -> None:
    """The task's targets are deregistered."""
    for target in task.targets:
        announce(region, service, f"(service {service.name}) deregistered 1 targets in (target-group {target.group})")
    announce(region, service, f"(service {service.name}) has begun draining connections on 1 tasks.")


def stopped(region: Region, service: Service, task: Task) -> None:
    """A task was told to stop."""
    announce(region, service, f"(service {service.name}) has stopped 1 running tasks: (task {task.id}).")


def ended(region: Region, service: Service, task: Task) -> None:
    """A task ends by itself, or because its checks fail; if it fails its checks, say so."""
    reason = task.stop_reason or ""
    if "ELB health checks" in reason:
        for target in task.targets:
            announce(
                region,
                service,
                f"(service {service.name}) (port {target.port}) is unhealthy in (target-group {target.group}) "
                f"due to (reason {task.check_failure}).",
            )
    elif "container health checks" in reason:
        announce(region, service, f"(service {service.name}) (task {task.id}) failed container health checks.")
    if task.targets:
        draining(region, service, task)


def unplaced(region: Region, service: Service, reason: str) -> None:
    """A task cannot be placed; ECS does not say the same thing twice in a row."""
    message = f"(service {service.name}) was unable to place a task. Reason: {reason}"
    if not service.events or service.events[0][2] != message:
        announce(region, service, message)


def steady(region: Region, service: Service) -> None:
    """The service is what it should be."""
    announce(region, service, f"(service {service.name}) has reached a steady state.")
