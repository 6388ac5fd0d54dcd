"""What troubles a service from outside for a while: no capacity, no addresses, a database that is down.

Nothing of the service itself changes; once a condition is lifted, tasks start and run as their images do.
"""

from __future__ import annotations

from dataclasses import dataclass

from wizard.sandbox.ecs.images import Behaviour
from wizard.sandbox.ecs.store import Service, Task
from wizard.sandbox.world import on_reset


@dataclass(frozen=True)
class Condition:
    """How a service is troubled; empty when it is not."""

    placing: str = ""
    """Why no task can be placed, in the words of the service's event."""
    starting: str = ""
    """Why a task cannot start, in the words of its `stoppedReason`; may name {image} and {subnet}."""
    behaviour: Behaviour | None = None
    """How its essential containers behave, whatever their image."""


WELL = Condition()
_BY_SERVICE: dict[str, Condition] = {}


def of_service(service: Service) -> Condition:
    """The condition of a service."""
    return _BY_SERVICE.get(service.arn, WELL)


def of(task: Task) -> Condition:
    """The condition of a task's service; a task of its own is never troubled."""
    return of_service(task.service) if task.service else WELL


def impose(service: Service, condition: Condition) -> None:
    """Trouble a service."""
    _BY_SERVICE[service.arn] = condition


def lift(service: Service) -> None:
    """Trouble it no more."""
    _BY_SERVICE.pop(service.arn, None)


@on_reset
def _clear() -> None:
    _BY_SERVICE.clear()
