"""Routes of the load balancer: each must lead to a container that listens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wizard.blueprint.model import Alb, Blueprint, EcsFargate, Route
from wizard.blueprint.problems import Finding, Path, did_you_mean, listing

_PATHS_A_RULE = 5
"""AWS: condition values in one listener rule."""


def routes(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """A route names a service, a container of it and so a port; no path is given twice."""
    if not isinstance(blueprint.ingress, Alb):
        return
    seen: dict[str, int] = {}
    for index, route in enumerate(blueprint.ingress.routes):
        path: Path = ("ingress", "routes", index)
        if route.path in seen:
            message = f"the path {route.path} is taken by route {seen[route.path] + 1} already"
            yield Finding((*path, "path"), message, "give each route a path of its own")
        seen.setdefault(route.path, index)
        yield from _target(blueprint, route, path)


def _target(blueprint: Blueprint, route: Route, path: Path) -> Iterator[Finding]:
    service = blueprint.services.get(route.service)
    reads: tuple[Path, ...] = (("services",),)
    if service is None:
        hint = did_you_mean(route.service, blueprint.services, what="services here")
        yield Finding((*path, "service"), f"there is no service `{route.service}`", hint, reads=reads)
        return
    if not isinstance(service, EcsFargate):
        message = f"`{route.service}` brings its own address and load balancer ({service.kind})"
        yield Finding((*path, "service"), message, "remove this route, or use `kind: ecs-fargate`", reads=reads)
        return
    listening = [name for name, container in service.containers.items() if container.port is not None]
    at: Path = ("services", route.service, "containers")
    ports = tuple((*at, name, "port") for name in service.containers)
    if route.container is None and len(listening) != 1:
        if listening:
            message = f"`{route.service}` has several containers with a port: {listing(listening, last='and')}"
            yield Finding(path, message, f"add `container: {listening[0]}`", missing="container", reads=(at, *ports))
        else:
            message = f"no container of `{route.service}` has a port"
            yield Finding((*path, "service"), message, "add `port:` to the container that listens", reads=(at, *ports))
    elif route.container is not None and route.container not in service.containers:
        hint = did_you_mean(route.container, service.containers, what=f"containers of `{route.service}`")
        message = f"`{route.container}` is no container of `{route.service}`"
        yield Finding((*path, "container"), message, hint, reads=(at,))
    elif route.container is not None and route.container not in listening:
        message = f"the container `{route.container}` has no port"
        yield Finding((*path, "container"), message, "add `port:` to it", reads=((*at, route.container, "port"),))


def one_rule(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """ECS shifts requests in one listener rule, so all routes of such a container must fit into one."""
    if not isinstance(blueprint.ingress, Alb):
        return
    ordered = sorted(blueprint.ingress.routes, key=lambda route: route.path == "/*")
    for (name, container), places in _shifted(blueprint, ordered).items():
        strategy: Path = ("services", name, "deploy", "strategy")
        who = f"`{name}`" if container is None else f"the container `{container}` of `{name}`"
        if len(places) > _PATHS_A_RULE and ordered[places[-1]].path != "/*":
            message = f"{who} has {len(places)} routes, and ECS shifts requests in one rule of {_PATHS_A_RULE} paths"
            yield Finding(strategy, message, "join paths, or use `rolling`", reads=(("ingress", "routes"),))
        elif places[-1] - places[0] >= len(places):
            message = f"other routes stand between those of {who}, and ECS shifts requests in one rule only"
            hint = f"put the routes of `{name}` one after the other, or use `rolling`"
            yield Finding(strategy, message, hint, reads=(("ingress", "routes"),))


def _shifted(blueprint: Blueprint, ordered: Sequence[Route]) -> dict[tuple[str, str | None], list[int]]:
    """The places of routes among all, by the container whose requests are shifted."""
    found: dict[tuple[str, str | None], list[int]] = {}
    for place, route in enumerate(ordered):
        service = blueprint.services.get(route.service)
        if isinstance(service, EcsFargate) and service.deploy.strategy != "rolling":
            listening = [name for name, each in service.containers.items() if each.port is not None]
            only = listening[0] if len(listening) == 1 else None
            found.setdefault((route.service, None if route.container == only else route.container), []).append(place)
    return found


def health(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """A check must be over before the next one begins (CreateTargetGroup)."""
    if isinstance(blueprint.ingress, Alb):
        for index, route in enumerate(blueprint.ingress.routes):
            if route.health.timeout >= route.health.interval:
                message = f"timeout: {route.health.timeout} is not less than interval: {route.health.interval}"
                yield Finding(("ingress", "routes", index, "health"), message, "lower `timeout` or raise `interval`")
        if blueprint.ingress.dns == "elsewhere" and blueprint.ingress.zone:
            message = "a hosted zone of Route 53 is named, and `dns: elsewhere` writes no record there"
            yield Finding(("ingress", "zone"), message, "remove `zone`, or set `dns: route53`")
        host, zone = blueprint.ingress.host, (blueprint.ingress.zone or "").rstrip(".")
        if zone and host != zone and not host.endswith(f".{zone}"):
            message = f"the host {host} does not lie in the zone {zone}"
            yield Finding(("ingress", "zone"), message, "name the zone that the host ends with, or leave `zone` out")
