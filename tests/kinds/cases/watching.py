"""Examples of the kinds that watch: alarms and whom they tell, scaling, the budget."""

from __future__ import annotations

from typing import Any

from tests.kinds.cases import Case
from tests.kinds.cases.compute import CLUSTER, GROUPS, NETWORK, ROLE, SUBNETS, WEB
from wizard.engine.graph import Resource
from wizard.engine.kind import Calls
from wizard.engine.values import text

TOPIC = Resource("topic", "alarms", {"name": "shop-dev-alarms"})
OTHER_TOPIC = Resource("topic", "others", {"name": "shop-dev-others"})


def may_publish(service: str) -> dict[str, Any]:
    """A topic's policy for one service of AWS."""
    arn = "arn:aws:sns:us-east-1:000000000000:shop-dev-alarms"
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sns:Publish", "Resource": arn}
    return {"Version": "2012-10-17", "Statement": [statement]}


def make_queue(aws: Calls) -> None:
    """A queue that may be told."""
    aws.write("sqs", "create_queue", QueueName="told")


def service(name: str) -> Resource:
    """A service of one task."""
    properties = {
        "name": name,
        "cluster": CLUSTER.ref("name"),
        "task_definition": WEB.ref("arn"),
        "count": 1,
        "spot": False,
        "subnets": [subnet.ref("id") for subnet in SUBNETS],
        "security_groups": [GROUPS[0].ref("id")],
        "public_ip": True,
        "load_balancers": [],
    }
    return Resource("service", name, properties)


API = service("api")
SCALED = text("service/{cluster}/{service}", cluster=CLUSTER.ref("name"), service=API.ref("name"))
BOUNDS = Resource("scalable_target", "api", {"service": SCALED, "min": 1, "max": 3})
RUNNING = [*NETWORK, ROLE, CLUSTER, WEB, API]

CASES = [
    Case(
        "alarm",
        world=[TOPIC, OTHER_TOPIC],
        properties={
            "name": "shop-dev-api-cpu",
            "namespace": "AWS/ECS",
            "metric": "CPUUtilization",
            "dimensions": {"ServiceName": "api", "ClusterName": "shop-dev"},
            "statistic": "Average",
            "period": 60,
            "periods": 5,
            "threshold": 80,
            "comparison": "GreaterThanThreshold",
            "missing": "notBreaching",
            "topic": TOPIC.ref("arn"),
            "description": "CPU of api above 80 %",
        },
        changes={
            "namespace": "AWS/ApplicationELB",
            "metric": "TargetResponseTime",
            "dimensions": {"LoadBalancer": "app/shop/0123456789abcdef"},
            "statistic": "p95",
            "period": 300,
            "periods": 3,
            "threshold": 2.5,
            "comparison": "GreaterThanOrEqualToThreshold",
            "missing": "breaching",
            "topic": OTHER_TOPIC.ref("arn"),
            "description": "slow",
        },
        replacements={"name": "shop-dev-worker-cpu"},
    ),
    Case(
        "topic",
        properties={
            "name": "shop-dev-alarms",
            "kms_key": "alias/aws/sns",
            "policy": may_publish("cloudwatch.amazonaws.com"),
        },
        changes={"kms_key": "", "policy": may_publish("budgets.amazonaws.com")},
        replacements={"name": "shop-dev-others"},
    ),
    Case(
        "subscription",
        world=[TOPIC, OTHER_TOPIC],
        prepare=make_queue,
        properties={
            "topic": TOPIC.ref("arn"),
            "protocol": "sqs",
            "endpoint": "arn:aws:sqs:us-east-1:000000000000:told",
        },
        replacements={
            "topic": OTHER_TOPIC.ref("arn"),
            "protocol": "email",
            "endpoint": "arn:aws:sqs:us-east-1:000000000000:other",
        },
        needs_wanted=True,
    ),
    Case(
        "scalable_target",
        world=RUNNING,
        properties={"service": SCALED, "min": 1, "max": 3},
        changes={"min": 2, "max": 6},
        replacements={"service": "service/shop-dev/worker"},
    ),
    Case(
        "scaling_policy",
        world=[*RUNNING, BOUNDS],
        properties={
            "name": "shop-dev-api-cpu",
            "service": SCALED,
            "metric": "cpu",
            "target": 70,
            "cooldowns": {"out": 60, "in": 300},
        },
        changes={"metric": "memory", "target": 80, "cooldowns": {"out": 30, "in": 600}},
        replacements={"name": "shop-dev-api-memory", "service": "service/shop-dev/worker"},
        needs_wanted=True,
    ),
    Case(
        "budget",
        properties={"name": "shop-dev", "monthly_usd": 150, "email": "ops@example.com"},
        changes={"monthly_usd": 200.5, "email": "team@example.com"},
        replacements={"name": "shop-prod"},
    ),
]
