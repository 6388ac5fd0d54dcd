"""Sign-in in front of the load balancer: what it can stand in front of, and which paths may stay open."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.blueprint.model import Alb, Blueprint, Cognito, EcsFargate
from wizard.blueprint.paths import route_of, takes
from wizard.blueprint.problems import Finding, Path, listing

COMES_BACK = "/oauth2/idpresponse"
"""Elastic Load Balancing: the path to which people come back from the sign-in page."""
_PLACE: Path = ("identity", "in_front")


def in_front(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """Only a load balancer asks people to sign in, and ECS shifts requests only in rules that do nothing else.

    Amazon ECS Developer Guide, Application Load Balancer resources for blue/green deployments: a deployment fails when
    a listener rule has other actions besides forward, such as one that authenticates.
    """
    if not isinstance(blueprint.identity, Cognito) or not blueprint.identity.in_front:
        return
    if not isinstance(blueprint.ingress, Alb):
        own = sorted({each.kind for each in blueprint.services.values()} - {"ecs-fargate"})
        why = f"{listing(own, last='and')} bring a load balancer of their own" if own else "`ingress.kind` is none"
        hint = (
            "use `kind: ecs-fargate` behind `ingress: {kind: alb}`, or leave `in_front` out: "
            "the application then lets people sign in with {user_pool.id} and {user_pool.client}"
        )
        message = f"people sign in at a load balancer that is made here, and {why}"
        yield Finding(_PLACE, message, hint, reads=(("ingress",), ("services",)))
        return
    for name in dict.fromkeys(route.service for route in blueprint.ingress.routes):
        service = blueprint.services.get(name)
        if isinstance(service, EcsFargate) and service.deploy.strategy != "rolling":
            strategy = service.deploy.strategy
            message = (
                f"`{name}` is deployed {strategy}, and ECS fails such a deployment when the listener rule "
                "also asks people to sign in"
            )
            hint = (
                f"use `strategy: rolling` for `{name}` (its circuit breaker rolls a bad version back as well), "
                "or leave `in_front` out and let the application sign people in"
            )
            yield Finding(_PLACE, message, hint, reads=(("services", name, "deploy", "strategy"),))


def open_paths(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """An open path belongs to one route, and the way back from the sign-in page is none."""
    identity, ingress = blueprint.identity, blueprint.ingress
    if not isinstance(identity, Cognito) or not identity.in_front or not isinstance(ingress, Alb):
        return
    for index, path in enumerate(identity.open_paths):
        place: Path = ("identity", "open_paths", index)
        if path in identity.open_paths[:index]:
            yield Finding(place, f"the path {path} is named twice", "name it once")
        elif takes(path, COMES_BACK):
            message = f"{path} takes {COMES_BACK}, to which people come back from the sign-in page"
            yield Finding(place, message, "name a narrower path, or set `in_front: false` if all is to be open")
        elif route_of(ingress.routes, path) is None:
            message = f"no route takes all of {path}, so nothing would answer there"
            hint = "name a path within a route's, such as /api/hooks/* within /api/*"
            yield Finding(place, message, hint, reads=(("ingress", "routes"),))
