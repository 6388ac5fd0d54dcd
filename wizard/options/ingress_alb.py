"""An Application Load Balancer with HTTPS: certificate, DNS record, listeners, and a target group for each container.

AWS Elastic Load Balancing refuses a service whose target group belongs to no listener, so services wait for these.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from wizard.blueprint.model import Alb, Route
from wizard.engine.graph import Resource
from wizard.engine.values import Ref
from wizard.options.registry import Option
from wizard.options.site import MAIN, Site, Target, Value
from wizard.options.traffic import ANYWHERE, group, let_in, let_out

_TTL = 300
_EVERYTHING = "/*"


def expand(site: Site, name: str, choice: Alb) -> Site:
    """Add the load balancer and all that makes it answer for its host."""
    doors = group(site, "alb", "Load balancer")
    balancer = Resource(
        "load_balancer",
        name,
        {
            "name": site.name("alb"),
            "scheme": "internet-facing",
            "subnets": list(site.network.public_subnets),
            "security_groups": [doors.ref("id")],
            "idle_timeout": choice.idle_timeout,
            "deletion_protection": site.blueprint.hardening.deletion_protection,
            "drop_invalid_headers": True,
        },
        needs=site.network.internet_ready,
    )
    targets = _targets(site, choice)
    groups = [resource for resource, _ in targets.values()]
    zone = Resource("hosted_zone", MAIN, {"name": _zone(choice)})
    proof, certificate = _certificate(site, choice, zone)
    listeners = _listeners(site, choice, balancer, targets, certificate)
    record = Resource(
        "record",
        MAIN,
        {
            "zone": zone.ref("id"),
            "record": choice.host,
            "type": "A",
            "alias": {"dns_name": balancer.ref("dns_name"), "zone_id": balancer.ref("zone_id")},
        },
    )
    behind = tuple(target for _, target in targets.values())
    rules = _rules(site, choice, doors.ref("id"), behind)
    return site.plus(
        doors,
        *rules,
        balancer,
        *groups,
        zone,
        *proof,
        *listeners,
        *_plain_http(choice, balancer),
        record,
        outputs={"url": f"https://{choice.host}", "load_balancer": balancer.ref("dns_name")},
        placeholders={**site.placeholders, "host": choice.host, "url": f"https://{choice.host}"},
        targets=behind,
        listeners=tuple(listener.ref("id") for listener in listeners),
    )


def _zone(choice: Alb) -> str:
    """The hosted zone as Route 53 writes it: the named one, or the domain in which the host lies."""
    name = choice.zone or (choice.host.partition(".")[2] if choice.host.count(".") > 1 else choice.host)
    return f"{name.rstrip('.')}."


def _rules(site: Site, choice: Alb, doors: Ref, targets: tuple[Target, ...]) -> list[Resource]:
    rules = [let_in("alb-https", doors, 443, ANYWHERE, "HTTPS from anywhere")]
    if choice.http == "redirect":
        rules.append(let_in("alb-http", doors, 80, ANYWHERE, "HTTP from anywhere, sent on to HTTPS"))
    for target in targets:
        its_group, port, service = site.groups[target.service], target.port, target.service
        rules += [
            let_out(f"alb-to-{service}-{port}", doors, port, its_group, f"Requests to {target.container}"),
            let_in(f"{service}-from-alb-{port}", its_group, port, doors, "Requests from the load balancer"),
        ]
    return rules


Targets = dict[tuple[str, str], tuple[Resource, Target]]


def _targets(site: Site, choice: Alb) -> Targets:
    """One target group for each container that a route names; the first route to it says how its health is asked."""
    routed = {(route.service, _container(site, route)): route for route in reversed(choice.routes)}
    containers_of = Counter(service for service, _ in routed)
    found: Targets = {}
    for (service, container), route in sorted(routed.items()):
        name = service if containers_of[service] == 1 else f"{service}-{container}"
        port = site.blueprint.services[service].containers[container].port or 0
        resource = Resource(
            "target_group",
            name,
            {
                "name": site.name(f"target_group.{name}"),
                "vpc": site.network.vpc,
                "port": port,
                "protocol": "HTTP",
                "target_type": "ip",
                "health": route.health.model_dump(),
                "deregistration_delay": choice.deregistration_seconds,
            },
        )
        found[service, container] = (
            resource,
            Target(service, container, port, resource.ref("arn"), route.health.path),
        )
    return found


def _container(site: Site, route: Route) -> str:
    """The container that answers a route: the named one, or the only one with a port."""
    containers = site.blueprint.services[route.service].containers
    return route.container or next(name for name, container in containers.items() if container.port is not None)


def _certificate(site: Site, choice: Alb, zone: Resource) -> tuple[list[Resource], Value]:
    """A certificate proved through a record in the hosted zone, or the one that the blueprint names."""
    if choice.certificate != "dns":
        return [], choice.certificate
    certificate = Resource("certificate", MAIN, {"domain": choice.host, "alternative_names": []})
    proof = Resource(
        "record",
        "validation",
        {
            "zone": zone.ref("id"),
            "record": certificate.ref("validation_name"),
            "type": certificate.ref("validation_type"),
            "values": [certificate.ref("validation_value")],
            "ttl": _TTL,
        },
    )
    issued = Resource(
        "certificate_validation",
        MAIN,
        {"certificate": certificate.ref("arn"), "domain": choice.host},
        needs=(proof.ref("id"),),
    )
    return [certificate, proof, issued], issued.ref("arn")


def _listeners(site: Site, choice: Alb, balancer: Resource, targets: Targets, certificate: Value) -> list[Resource]:
    everything = next((route for route in choice.routes if route.path == _EVERYTHING), None)
    others = [route for route in choice.routes if route is not everything]
    https = Resource(
        "listener",
        "https",
        {
            "load_balancer": balancer.ref("arn"),
            "port": 443,
            "protocol": "HTTPS",
            "certificate": certificate,
            "tls_policy": choice.tls_policy,
            "action": {"forward": _group(site, targets, everything)}
            if everything
            else {"fixed": choice.default.status},
        },
    )
    rules = [
        Resource(
            "listener_rule",
            str(priority),
            {
                "listener": https.ref("arn"),
                "priority": priority,
                "paths": [route.path],
                "forward": _group(site, targets, route),
            },
        )
        for priority, route in zip(range(10, 10 * len(others) + 1, 10), others, strict=True)
    ]
    return [https, *rules]


def _plain_http(choice: Alb, balancer: Resource) -> list[Resource]:
    if choice.http == "closed":
        return []
    properties: dict[str, Any] = {"load_balancer": balancer.ref("arn"), "port": 80, "protocol": "HTTP"}
    return [Resource("listener", "http", properties | {"action": {"redirect": "443"}})]


def _group(site: Site, targets: Targets, route: Route) -> Ref:
    return targets[route.service, _container(site, route)][1].group


OPTION = Option("ingress", Alb, expand)
