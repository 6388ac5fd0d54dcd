"""An Application Load Balancer with HTTPS: certificate, DNS record, listeners, and a target group for each container.

AWS Elastic Load Balancing refuses a service whose target group belongs to no listener, so services wait for these.
"""

from __future__ import annotations

from typing import Any

from wizard.blueprint.model import Alb
from wizard.engine.graph import Resource
from wizard.engine.values import Ref, text
from wizard.options.registry import Option
from wizard.options.routes import Routing, routing
from wizard.options.sign_in import asked_by
from wizard.options.site import MAIN, Site, Target, Value
from wizard.options.traffic import ANYWHERE, group, let_in, let_out

_TTL = 300


def expand(site: Site, name: str, choice: Alb) -> Site:
    """Add the load balancer and all that makes it answer for its host."""
    doors = group(site, "alb", "Load balancer", all_out=choice.outbound == "all")
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
    routes = routing(site, choice)
    dns, told, certificate = _reached(choice, balancer)
    listeners = _listeners(site, choice, balancer, routes, certificate)
    behind = tuple(routes.targets.values())
    rules = _rules(site, choice, doors.ref("id"), behind)
    return site.plus(
        doors,
        *rules,
        balancer,
        *routes.groups,
        *dns,
        *listeners,
        *_plain_http(choice, balancer),
        outputs={"url": f"https://{choice.host}", "load_balancer": balancer.ref("dns_name"), **told},
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
    if choice.outbound == "containers" and asked_by(site):
        rules.append(let_out("alb-to-sign-in", doors, 443, ANYWHERE, "Cognito, to check who signed in"))
    for target in targets:
        its_group, port, service = site.groups[target.service], target.port, target.service
        if choice.outbound == "containers":
            rules.append(let_out(f"alb-to-{service}-{port}", doors, port, its_group, f"Requests to {target.container}"))
        rules.append(let_in(f"{service}-from-alb-{port}", its_group, port, doors, "Requests from the load balancer"))
    return rules


def _reached(choice: Alb, balancer: Resource) -> tuple[list[Resource], dict[str, Any], Value]:
    """What makes the host lead here: its resources, what a person is told, and the certificate to present."""
    certificate = Resource("certificate", MAIN, {"domain": choice.host, "alternative_names": []})
    ours = choice.certificate == "dns"
    if choice.dns == "elsewhere":
        told = {"dns_record": text(f"{choice.host} CNAME {{name}}", name=balancer.ref("dns_name"))}
        if not ours:
            return [], told, choice.certificate
        proof = {name: certificate.ref(f"validation_{name}") for name in ("name", "type", "value")}
        issued = _issued(choice, certificate, record=proof)
        return [certificate, issued], told, issued.ref("arn")
    zone = Resource("hosted_zone", MAIN, {"name": _zone(choice)})
    alias = {"dns_name": balancer.ref("dns_name"), "zone_id": balancer.ref("zone_id")}
    record = Resource("record", MAIN, {"zone": zone.ref("id"), "record": choice.host, "type": "A", "alias": alias})
    if not ours:
        return [zone, record], {}, choice.certificate
    proved = Resource(
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
    issued = _issued(choice, certificate, needs=(proved.ref("id"),))
    return [zone, certificate, proved, issued, record], {}, issued.ref("arn")


def _issued(
    choice: Alb, certificate: Resource, *, needs: tuple[Ref, ...] = (), record: dict[str, Ref] | None = None
) -> Resource:
    """The moment at which the certificate can be used; with `record`, a person has to write that one first."""
    properties: dict[str, Any] = {"certificate": certificate.ref("arn"), "domain": choice.host}
    return Resource("certificate_validation", MAIN, properties | ({"record": record} if record else {}), needs=needs)


def _listeners(site: Site, choice: Alb, balancer: Resource, routes: Routing, certificate: Value) -> list[Resource]:
    sign_in = asked_by(site)
    nothing_fits = {"fixed": choice.default.status, "text": choice.default.text}
    action = {"forward": routes.targets[routes.rest].group} if routes.rest else nothing_fits
    https = Resource(
        "listener",
        "https",
        {
            "load_balancer": balancer.ref("arn"),
            "port": 443,
            "protocol": "HTTPS",
            "certificate": certificate,
            "tls_policy": choice.tls_policy,
            "action": action,
            "sign_in": sign_in,
        },
    )
    return [https, *routes.rules(https.ref("arn"), sign_in)]


def _plain_http(choice: Alb, balancer: Resource) -> list[Resource]:
    if choice.http == "closed":
        return []
    properties: dict[str, Any] = {"load_balancer": balancer.ref("arn"), "port": 80, "protocol": "HTTP"}
    return [Resource("listener", "http", properties | {"action": {"redirect": "443"}})]


OPTION = Option("ingress", Alb, expand)
