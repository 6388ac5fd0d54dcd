"""Which containers share a task, and which one answers which path of the load balancer."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.walk.placing import is_front
from wizard.walk.reading import Part
from wizard.walk.situation import Situation

MOST_IN_A_TASK = 10
"""Containers of one task (RegisterTaskDefinition)."""
_PAGE_PORTS = (80, 3000, 5173, 4200)
"""Where pages are usually served: nginx, Node, Vite, Angular."""


@dataclass(frozen=True)
class RoutePlan:
    """One path pattern and who answers it."""

    path: str
    service: str
    container: str
    health_path: str


def groups(situation: Situation) -> dict[str, list[Part]]:
    """Services with their containers: all that answer requests share one task, each worker has its own."""
    web, made = list(situation.app.web), {}
    ports = [part.port for part in web]
    if 1 < len(web) <= MOST_IN_A_TASK and len(set(ports)) == len(ports):
        taken = [part.name for part in situation.app.workers]
        made[situation.name if situation.name not in taken else f"{situation.name}-web"] = web
    else:
        made |= {part.name: [part] for part in web}
    return made | {part.name: [part] for part in situation.app.workers}


def routes_of(situation: Situation) -> list[RoutePlan]:
    """A route for each container with a port; the catch-all comes last, as a load balancer reads them in order."""
    found = [(service, part) for service, parts in groups(situation).items() for part in parts if not part.is_worker]
    front = front_of([part for _, part in found])
    plans, only_other = [], len(found) == 2
    for service, part in found:
        path = "/*" if part is front else "/api/*" if only_other else f"/{part.name}/*"
        plans.append(RoutePlan(path, service, part.name, part.health_path or "/"))
    return sorted(plans, key=lambda plan: plan.path == "/*")


def front_of(parts: list[Part]) -> Part | None:
    """The container that answers everything that no other does: the page, by its name or its port."""
    by_name = [part for part in parts if is_front(part)]
    by_port = [part for part in parts if part.port in _PAGE_PORTS]
    return next(iter(by_name or by_port or parts), None)
