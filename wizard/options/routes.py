"""Routes of the load balancer: a target group for each container, and the listener rules that lead to it.

A service that shifts requests has two target groups, and in one rule of its own ECS says which of them serves. The
action that a listener takes by default cannot be such a rule, so a service that takes the rest has the last rule; the
default action leads to it as well, and so no moment of a change of strategy has nobody to answer.

A path that stays open where people have to sign in has a rule just before that of its route.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wizard.blueprint.model import Alb, Cognito, Route
from wizard.blueprint.paths import EVERYTHING, route_of
from wizard.engine.graph import Resource
from wizard.engine.values import Ref
from wizard.options.site import Site, Target
from wizard.options.strategies import shifts

LAST = 50000
"""AWS: the lowest precedence that a rule can have."""
_STEP = 10
"""From the rule of one route to the next, so that its open paths fit between."""
_PATHS_A_RULE = 5
"""AWS: condition values in one rule."""
_NAME = 32
"""AWS: characters of a target group's name."""
_SECOND = "-alt"

Key = tuple[str, str]
"""A service and one of its containers."""


@dataclass(frozen=True)
class Way:
    """One listener rule: where it stands, which paths it takes, and whose they are."""

    priority: int
    paths: tuple[str, ...]
    key: Key
    open: bool = False
    """Whether nobody has to sign in."""

    @property
    def rule(self) -> Ref:
        """The ARN of its rule."""
        return Ref(f"listener_rule.{self.priority}", "arn")


@dataclass(frozen=True)
class Routing:
    """Everything behind a listener."""

    groups: tuple[Resource, ...]
    targets: dict[Key, Target]
    ways: tuple[Way, ...]
    rest: Key | None
    """Whoever answers what no rule takes."""

    def rules(self, listener: Ref, sign_in: Mapping[str, Any]) -> list[Resource]:
        """The listener's rules."""
        return [_rule(listener, way, self.targets[way.key], {} if way.open else sign_in) for way in self.ways]


def routing(site: Site, choice: Alb) -> Routing:
    """Target groups and rules for the routes of a blueprint."""
    ways, rest = _ways(site, choice)
    containers_of = Counter(service for service, _ in {container_of(site, route) for route in choice.routes})
    # The first route to a container says how its health is asked.
    routed = {container_of(site, route): route for route in reversed(choice.routes)}
    groups: list[Resource] = []
    targets: dict[Key, Target] = {}
    for key, route in sorted(routed.items()):
        service, container = key
        name = service if containers_of[service] == 1 else f"{service}-{container}"
        properties = _group(site, choice, route, site.blueprint.services[service].containers[container].port or 0)
        # Whatever rule gives the first its name, the second has another one.
        spare = f"{site.expansion.names.of(f'target_group.{name}', limit=_NAME - len(_SECOND))}{_SECOND}"
        group = Resource("target_group", name, {"name": site.name(f"target_group.{name}"), **properties})
        target = Target(service, container, properties["port"], group.ref("arn"), route.health.path)
        if shifts(site, service):
            alternate = Resource("target_group", f"{name}-alternate", {"name": spare, **properties})
            rule = next(way.rule for way in ways if way.key == key)
            groups += [group, alternate]
            targets[key] = replace(target, alternate=alternate.ref("arn"), rule=rule)
        else:
            # A strategy that shifts requests may have left the other one in use.
            groups.append(Resource("target_group", name, {**group.properties, "alternate": spare}))
            targets[key] = target
    return Routing(tuple(groups), targets, ways, rest)


def container_of(site: Site, route: Route) -> Key:
    """Who answers a route: the named container, or the only one of the service with a port."""
    containers = site.blueprint.services[route.service].containers
    named = route.container or next(name for name, container in containers.items() if container.port is not None)
    return route.service, named


def _group(site: Site, choice: Alb, route: Route, port: int) -> dict[str, Any]:
    return {
        "vpc": site.network.vpc,
        "port": port,
        "protocol": "HTTP",
        "target_type": "ip",
        "health": route.health.model_dump(),
        "deregistration_delay": choice.deregistration_seconds,
    }


def _ways(site: Site, choice: Alb) -> tuple[tuple[Way, ...], Key | None]:
    """The rules in their order. All routes of a container whose service shifts requests share one rule."""
    others = [route for route in choice.routes if route.path != EVERYTHING]
    whole = next((container_of(site, route) for route in choice.routes if route.path == EVERYTHING), None)
    ways: dict[int, Way] = {}
    first_of: dict[Key, int] = {}
    for place, route in enumerate(others, start=1):
        key = container_of(site, route)
        shifting = shifts(site, route.service)
        if shifting and key == whole:
            continue
        priority = _STEP * (first_of.setdefault(key, place) if shifting else place)
        paths = ways[priority].paths if priority in ways else ()
        ways[priority] = Way(priority, (*paths, route.path), key)
    if whole is not None and shifts(site, whole[0]):
        ways[LAST] = Way(LAST, (EVERYTHING,), whole)
    for way in _open_ways(site, choice, others):
        ways[way.priority] = way
    return tuple(ways[priority] for priority in sorted(ways)), whole


def _open_ways(site: Site, choice: Alb, others: Sequence[Route]) -> Iterator[Way]:
    """A rule, or several of five paths, just before the route that a path belongs to: earlier routes stay earlier."""
    identity = site.blueprint.identity
    if not isinstance(identity, Cognito) or not identity.in_front:
        return
    paths: dict[int, list[str]] = defaultdict(list)
    owners: dict[int, Route] = {}
    for path in identity.open_paths:
        route = route_of(choice.routes, path)
        if route is not None:
            priority = LAST if route.path == EVERYTHING else _STEP * (others.index(route) + 1)
            paths[priority].append(path)
            owners[priority] = route
    for priority, found in paths.items():
        for place, start in enumerate(range(0, len(found), _PATHS_A_RULE)):
            some = tuple(found[start : start + _PATHS_A_RULE])
            yield Way(priority - _STEP + 1 + place, some, container_of(site, owners[priority]), open=True)


def _rule(listener: Ref, way: Way, target: Target, sign_in: Mapping[str, Any]) -> Resource:
    forward = target.group if target.alternate is None else [target.group, target.alternate]
    properties = {"listener": listener, "priority": way.priority, "paths": list(way.paths), "forward": forward}
    return Resource("listener_rule", str(way.priority), {**properties, "sign_in": dict(sign_in)})
