"""Every pair of choices from two sections either gives a graph that AWS would accept, or is refused with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Any

import pytest

from tests.options.starters import expansion, written
from tests.options.test_graphs import check
from wizard.blueprint.problems import BlueprintInvalid
from wizard.engine.values import UNKNOWN, Ref, SecretInput, resolve
from wizard.kinds.registry import all_kinds
from wizard.options import expand

EXISTING = {
    "kind": "existing-vpc",
    "vpc": "vpc-0a1b2c3d4e5f60718",
    "public_subnets": ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
    "private_subnets": ["subnet-0a1b2c3d4e5f6071a", "subnet-0a1b2c3d4e5f6071b"],
}
ALB = {"kind": "alb", "host": "shop.example.com", "routes": [{"service": "web"}]}
IN_FRONT = {"kind": "cognito", "in_front": True, "open_paths": ["/hooks/*"]}
URI = {"database-uri": {"composed": "database-uri"}}

Choice = tuple[str, Mapping[str, Any]]
"""A word for it, and what it adds to the blueprint; `web` and `box` belong to the service and its container."""

SECTIONS: Mapping[str, list[Choice]] = {
    "network": [
        ("default", {}),
        ("public", {"network": {"kind": "new-vpc", "tasks": "public"}}),
        ("one NAT", {"network": {"kind": "new-vpc", "nat": "one", "flow_logs_days": 30}}),
        ("a NAT a zone", {"network": {"kind": "new-vpc", "nat": "per-zone", "zones": ["a", "b", "c"]}}),
        ("endpoints", {"network": {"kind": "new-vpc", "nat": "none"}}),
        ("existing", {"network": EXISTING}),
    ],
    "ingress": [("closed", {}), ("alb", {"ingress": ALB}), ("waf", {"ingress": {**ALB, "waf": True}})],
    "storage": [
        ("s3", {"storage": {"files": {"kind": "s3"}}}),
        ("sealed s3", {"storage": {"files": {"kind": "s3", "encryption": "kms"}}}),
        ("efs", {"storage": {"files": {"kind": "efs"}}, "box": {"mounts": {"files": "/mnt/files"}}}),
    ],
    "broker": [
        ("rabbitmq", {"broker": {"kind": "amazon-mq"}, "secrets": {"broker-uri": {"composed": "broker-uri"}}}),
        ("sqs", {"broker": {"kind": "sqs"}, "web": {"rights": [{"to": "broker", "allow": ["send"]}]}}),
        ("external", {"broker": {"kind": "external", "secret": "queue"}, "secrets": {"queue": {}}}),
    ],
    "database": [
        ("rds", {"database": {"kind": "rds-postgres"}, "secrets": URI}),
        (
            "rotated rds",
            {
                "database": {"kind": "rds-postgres", "password": "rotated", "kms": True},
                "secrets": {"password": {"composed": "database-password"}},
            },
        ),
        ("aurora", {"database": {"kind": "aurora-postgres"}, "secrets": URI}),
        ("documentdb", {"database": {"kind": "documentdb", "instances": 2}, "secrets": URI}),
        ("dynamodb", {"database": {"kind": "dynamodb"}, "web": {"rights": [{"to": "database", "allow": ["read"]}]}}),
        ("external", {"database": {"kind": "external", "secret": "mongo"}, "secrets": {"mongo": {}}}),
    ],
    "identity": [
        ("cognito", {"identity": {"kind": "cognito", "callback_paths": ["/back"]}}),
        ("in front", {"identity": IN_FRONT, "ingress": ALB}),
    ],
    "hardening": [
        ("key", {"hardening": {"kms": True}}),
        ("trail", {"hardening": {"cloudtrail": True, "deletion_protection": True}}),
        ("hipaa", {"hardening": {"preset": "hipaa"}, "observability": {"log_days": 365}}),
    ],
    "watching": [
        ("alarms", {"observability": {"alarms": True, "email": "ops@example.com", "log_days": 365}}),
        ("budget", {"observability": {"budget_usd": 50, "log_days": 365}}),
    ],
    "secrets": [
        ("parameter", {"secrets": {"token": {"generate": True, "store": "ssm"}}}),
        ("secret", {"secrets": {"token": {"generate": True}}}),
    ],
    "tasks": [
        ("scaled", {"web": {"autoscaling": {"max": 3, "cpu": 70, "memory": 80}}}),
        ("spot", {"web": {"spot": True, "architecture": "arm64"}}),
        ("read-only", {"box": {"read_only_root": True, "writable_paths": ["/tmp"]}}),
    ],
    "strategy": [
        ("blue-green", {"ingress": ALB, "web": {"deploy": {"strategy": "blue-green"}}}),
        ("canary", {"ingress": ALB, "web": {"deploy": {"strategy": "canary"}}}),
        ("linear", {"ingress": ALB, "web": {"deploy": {"strategy": "linear"}}}),
    ],
    "delivery": [("github", {"delivery": {"github": {"repository": "owner/shop"}}})],
}
REFUSED = {
    ("network: default", "hardening: hipaa"): "hipaa",
    ("network: public", "hardening: hipaa"): "hipaa",
    ("identity: in front", "strategy: blue-green"): "ECS fails such a deployment",
    ("identity: in front", "strategy: canary"): "ECS fails such a deployment",
    ("identity: in front", "strategy: linear"): "ECS fails such a deployment",
}
"""Words of the reason. The preset lets nothing public stand but the load balancer; ECS shifts only in plain rules."""


def pairs() -> Iterator[tuple[str, str]]:
    for one, other in combinations(SECTIONS, 2):
        for first, second in product(SECTIONS[one], SECTIONS[other]):
            yield f"{one}: {first[0]}", f"{other}: {second[0]}"


def added(choice: str) -> Mapping[str, Any]:
    section, _, word = choice.partition(": ")
    return dict(SECTIONS[section])[word]


def blueprint(*choices: str) -> str:
    """A small blueprint with these choices. JSON is YAML."""
    made: dict[str, Any] = {"network": {"kind": "new-vpc", "nat": "one"}}
    if any(choice == "network: default" for choice in choices):
        made = {}
    for choice in choices:
        for key, value in added(choice).items():
            made[key] = {**made.get(key, {}), **value} if key != "network" else value
    web, box = made.pop("web", {}), made.pop("box", {})
    given = {name.upper().replace("-", "_"): name for name in made.get("secrets", {})}
    image = {"repository": "web", "tag": "v1"}
    container = {"image": image, "port": 8080, "secrets": given, **box}
    services = {"web": {**web, "containers": {"web": container}}}
    return json.dumps({"blueprint": 1, "name": "shop", "region": "us-east-1", "services": services, **made})


@pytest.mark.parametrize(("first", "second"), sorted(pairs()))
def test_two_choices_go_together_or_are_refused_with_a_reason(first: str, second: str) -> None:
    if (first, second) in REFUSED:
        with pytest.raises(BlueprintInvalid) as caught:
            written(blueprint(first, second))
        assert REFUSED[first, second] in caught.value.problems[0].message
        assert caught.value.problems[0].hint
        return
    made = expand(expansion(written(blueprint(first, second))))
    check(made)
    kinds = all_kinds()
    for resource in made.resources.values():
        properties = {key: resolve(value, _unknown, _nobody) for key, value in resource.properties.items()}
        assert kinds[resource.kind].problems(properties) == [], resource.address


def _unknown(ref: Ref) -> Any:
    return UNKNOWN


def _nobody(wanted: SecretInput) -> None:
    return None
