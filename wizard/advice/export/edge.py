"""What faces the internet in CloudFormation's words: load balancer, certificates, records, firewall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wizard.advice.export.form import Asked, Note, One, Part, Piece, Shape
from wizard.kinds import _health_check, _listening, _sign_in, _web_acls
from wizard.kinds._balancer import SETTINGS
from wizard.kinds.target_group import DELAY


def _load_balancer(one: One) -> Iterable[Part]:
    attributes = [
        {"Key": key, "Value": str(one.raw(name)).lower()} for name, key in SETTINGS.items() if one.raw(name) is not None
    ]
    yield Piece(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {
            "Name": one("name"),
            "Type": "application",
            "Scheme": one("scheme"),
            "Subnets": one("subnets"),
            "SecurityGroups": one("security_groups"),
            "LoadBalancerAttributes": attributes or None,
        },
    )


def _target_group(one: One) -> Iterable[Part]:
    delay = one.raw("deregistration_delay")
    yield Piece(
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        {
            "Name": one("name"),
            "VpcId": one("vpc"),
            "Port": one("port"),
            "Protocol": one("protocol"),
            "TargetType": one("target_type"),
            **_health_check.requested(one("health", {})),
            "TargetGroupAttributes": None if delay is None else [{"Key": DELAY, "Value": str(delay)}],
        },
    )


def _listener(one: One) -> Iterable[Part]:
    yield Piece(
        "AWS::ElasticLoadBalancingV2::Listener",
        {
            "LoadBalancerArn": one("load_balancer"),
            "Port": one("port"),
            "Protocol": one("protocol"),
            "DefaultActions": _sign_in.before(one("sign_in"), _listening.requested(one("action"))),
            **_listening.security(one.said),
        },
    )


def _listener_rule(one: One) -> Iterable[Part]:
    yield Piece(
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        {
            "ListenerArn": one("listener"),
            "Priority": one("priority"),
            "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": one("paths")}}],
            "Actions": _sign_in.before(one("sign_in"), _forward(one("forward"))),
        },
    )
    if isinstance(one.raw("forward"), (list, tuple)):
        yield Note("ECS moves the weights with each rollout: they are a start, and no drift to correct.")


def _forward(groups: Any) -> dict[str, Any]:
    """To one target group, or to the first of the two that ECS changes."""
    if not isinstance(groups, list):
        return {"Type": "forward", "TargetGroupArn": groups}
    shares = [{"TargetGroupArn": group, "Weight": 0 if number else 100} for number, group in enumerate(groups)]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": shares}}


def _certificate(one: One) -> Iterable[Part]:
    proofs = [
        each
        for each in one.values.resources.values()
        if each.kind == "record" and proves(One(each, one.values)) and one.resource in _certificates(one, each)
    ]
    domains = [one("domain"), *one("alternative_names", ())]
    zone = one.values.of(proofs[0].properties["zone"]) if proofs else None
    yield Piece(
        "AWS::CertificateManager::Certificate",
        {
            "DomainName": one("domain"),
            "SubjectAlternativeNames": one("alternative_names") or None,
            "ValidationMethod": "DNS",
            "DomainValidationOptions": [{"DomainName": each, "HostedZoneId": zone} for each in domains]
            if zone
            else None,
        },
    )
    if not zone:
        yield Note("The stack waits here until the records that its events name exist in your own DNS.")


def _certificates(one: One, record: Any) -> list[Any]:
    return one.parents(record.properties.get("record"))


def proves(one: One) -> bool:
    """Whether a record is there to prove to ACM whose the domain is."""
    return one.points_at(one.raw("record"), "certificate")


def _certificate_validation(one: One) -> Iterable[Part]:
    yield Note("CloudFormation has no resource for it: its certificate is ready only once it is issued.")


def _hosted_zone(one: One) -> Iterable[Part]:
    yield Asked("AWS::Route53::HostedZone::Id", f"The public hosted zone of {one.raw('name')}")


def _record(one: One) -> Iterable[Part]:
    if proves(one):
        yield Note("CloudFormation writes it by itself, for the DomainValidationOptions of the certificate.")
        return
    alias = one("alias")
    to = {"DNSName": alias["dns_name"], "HostedZoneId": alias["zone_id"]} if alias else None
    yield Piece(
        "AWS::Route53::RecordSet",
        {
            "HostedZoneId": one("zone"),
            "Name": one("record"),
            "Type": one("type"),
            "AliasTarget": to,
            "TTL": None if alias else str(one("ttl")),
            "ResourceRecords": None if alias else one("values"),
        },
    )


def _web_acl(one: One) -> Iterable[Part]:
    metrics = bool(one("metrics", True))
    yield Piece(
        "AWS::WAFv2::WebACL",
        {
            "Name": one("name"),
            "Scope": _web_acls.SCOPE,
            "DefaultAction": {"Allow": {}},
            "Rules": _web_acls.rules(one("managed_rules"), metrics),
            "VisibilityConfig": _web_acls.visibility(one("name"), metrics),
        },
    )


def _web_acl_association(one: One) -> Iterable[Part]:
    yield Piece("AWS::WAFv2::WebACLAssociation", {"ResourceArn": one("resource"), "WebACLArn": one("web_acl")})


SHAPES: Mapping[str, Shape] = {
    "load_balancer": Shape(
        _load_balancer,
        {
            "id": "",
            "arn": "",
            "dns_name": "DNSName",
            "zone_id": "CanonicalHostedZoneID",
            "full_name": "LoadBalancerFullName",
            "name": "LoadBalancerName",
        },
    ),
    "target_group": Shape(
        _target_group, {"id": "", "arn": "", "full_name": "TargetGroupFullName", "name": "TargetGroupName"}
    ),
    "listener": Shape(_listener, {"id": "", "arn": ""}),
    "listener_rule": Shape(_listener_rule, {"id": "", "arn": ""}),
    "certificate": Shape(_certificate, {"id": "", "arn": ""}),
    "certificate_validation": Shape(
        _certificate_validation, {"id": lambda one: one("certificate"), "arn": lambda one: one("certificate")}
    ),
    "hosted_zone": Shape(_hosted_zone, {"id": ""}),
    "record": Shape(_record, {"id": ""}),
    "web_acl": Shape(_web_acl, {"id": "Id", "arn": "Arn"}),
    "web_acl_association": Shape(_web_acl_association, {}),
}
