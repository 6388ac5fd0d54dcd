"""Examples of what shifts requests between two target groups: the groups, the rule, the alarm on both, the service."""

from __future__ import annotations

from typing import Any

from tests.kinds.cases import Case
from tests.kinds.cases.compute import CLUSTER, GROUPS, NETWORK, NEXT, PATH, ROLE, SUBNETS, VPC, WEB, trust
from wizard.engine.graph import Resource

GATEWAY = Resource("internet_gateway", "main", {"name": "shop-dev", "vpc": VPC.ref("id")})
BALANCER = Resource(
    "load_balancer",
    "main",
    {
        "name": "shop-dev",
        "scheme": "internet-facing",
        "subnets": [subnet.ref("id") for subnet in SUBNETS],
        "security_groups": [GROUPS[0].ref("id")],
    },
    needs=(GATEWAY.ref("id"),),
)
SHIFTER = Resource(
    "role",
    "infrastructure",
    {
        "name": "shop-dev-infrastructure",
        "path": PATH,
        "trust": trust("ecs.amazonaws.com"),
        "policy": {},
        "managed_policies": ["arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"],
    },
)
OTHER_SHIFTER = Resource("role", "other", {**SHIFTER.properties, "name": "shop-dev-other"})


def targets(name: str) -> Resource:
    """A target group whose health is asked quickly."""
    health = {"path": "/", "codes": "200", "interval": 10, "timeout": 5, "healthy": 2, "unhealthy": 2}
    fixed = {"name": f"shop-dev-{name}", "vpc": VPC.ref("id"), "port": 8080, "protocol": "HTTP", "target_type": "ip"}
    return Resource("target_group", name, {**fixed, "health": health})


FIRST, SECOND, THIRD = targets("web"), targets("web-alt"), targets("api")
LISTENER = Resource(
    "listener",
    "http",
    {"load_balancer": BALANCER.ref("arn"), "port": 80, "protocol": "HTTP", "action": {"fixed": 404}},
)
RULE = Resource(
    "listener_rule",
    "10",
    {
        "listener": LISTENER.ref("arn"),
        "priority": 10,
        "paths": ["/*"],
        "forward": [FIRST.ref("arn"), SECOND.ref("arn")],
    },
)
FRONT = [*NETWORK, GATEWAY, BALANCER, LISTENER, FIRST, SECOND]


def pair(role: Resource = SHIFTER) -> list[dict[str, Any]]:
    """A load balancer with two target groups."""
    first: dict[str, Any] = {"target_group": FIRST.ref("arn"), "container": "web", "port": 8080}
    return [first | {"alternate": SECOND.ref("arn"), "rule": RULE.ref("arn"), "role": role.ref("arn")}]


def shifting(**strategy: Any) -> dict[str, Any]:
    """A service of one task that shifts its requests."""
    return {
        "name": "api",
        "cluster": CLUSTER.ref("name"),
        "task_definition": WEB.ref("arn"),
        "count": 1,
        "spot": False,
        "subnets": [subnet.ref("id") for subnet in SUBNETS],
        "security_groups": [GROUPS[0].ref("id")],
        "public_ip": True,
        "load_balancers": pair(),
        "bake_minutes": 1,
        "breaker": {"enable": True, "rollback": True, "threshold": 3},
        **strategy,
    }


WORLD = [*FRONT, RULE, ROLE, SHIFTER, OTHER_SHIFTER, CLUSTER, WEB, NEXT]
FIXED = {"name": "web", "cluster": "another", "spot": True}
ELSEWHERE = frozenset({"spot", "count", "subnets", "security_groups", "public_ip", "breaker"})
"""Properties whose change the case of a rolling service shows."""

CASES = [
    Case(
        "target_group",
        variant="beside-its-alternate",
        world=[VPC],
        properties={**FIRST.properties, "alternate": "shop-dev-web-alt"},
        changes={"health": {**FIRST.properties["health"], "path": "/up"}},
        constant=frozenset({"name", "vpc", "port", "protocol", "target_type", "alternate"}),
    ),
    Case(
        "listener_rule",
        variant="shifting",
        world=[*FRONT, THIRD],
        properties=RULE.properties,
        changes={"paths": ["/v2/*"], "forward": [SECOND.ref("arn"), THIRD.ref("arn")]},
        constant=frozenset({"listener", "priority"}),
    ),
    Case(
        "alarm",
        variant="sum",
        properties={
            "name": "shop-dev-web-5xx",
            "namespace": "AWS/ApplicationELB",
            "metric": "HTTPCode_Target_5XX_Count",
            "dimensions": [{"TargetGroup": "targetgroup/web/0123"}, {"TargetGroup": "targetgroup/web-alt/4567"}],
            "statistic": "Sum",
            "period": 60,
            "periods": 1,
            "threshold": 10,
            "comparison": "GreaterThanThreshold",
            "missing": "notBreaching",
            "topic": "",
            "description": "Server errors of web",
        },
        changes={
            "metric": "UnHealthyHostCount",
            "statistic": "Maximum",
            "period": 120,
            "dimensions": {"TargetGroup": "targetgroup/web/0123"},
        },
        replacements={"name": "shop-dev-api-5xx"},
        constant=frozenset({"namespace", "periods", "threshold", "comparison", "missing", "topic", "description"}),
    ),
    Case(
        "service",
        variant="blue-green",
        world=WORLD,
        properties=shifting(strategy="BLUE_GREEN", alarms={"names": [], "rollback": False}),
        changes={
            "task_definition": NEXT.ref("arn"),
            "bake_minutes": 0,
            "alarms": {"names": ["shop-dev-web-5xx"], "rollback": True},
            "load_balancers": pair(OTHER_SHIFTER),
            "strategy": "ROLLING",
        },
        replacements=FIXED,
        constant=ELSEWHERE,
    ),
    Case(
        "service",
        variant="canary",
        world=WORLD,
        properties=shifting(strategy="CANARY", canary={"percent": 10, "minutes": 1}),
        changes={"canary": {"percent": 25, "minutes": 0}, "bake_minutes": 0, "task_definition": NEXT.ref("arn")},
        replacements=FIXED,
        constant=ELSEWHERE | {"load_balancers", "strategy"},
    ),
]
