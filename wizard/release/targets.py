"""The health of a service's targets, as its load balancers see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.engine.kind import Calls

IAM_ACTIONS = ("elasticloadbalancing:DescribeTargetHealth",)


@dataclass(frozen=True)
class TargetState:
    """One address in one target group."""

    group: str
    address: str
    port: int
    state: str
    reason: str
    """In words, and AWS's code."""


def groups_of(service: Mapping[str, Any]) -> list[str]:
    """ARNs of the target groups of a service as DescribeServices shows it, both of a blue/green pair."""
    found: dict[str, None] = {}
    for balancer in service.get("loadBalancers") or ():
        other = (balancer.get("advancedConfiguration") or {}).get("alternateTargetGroupArn")
        found |= dict.fromkeys(arn for arn in (balancer.get("targetGroupArn"), other) if arn)
    return list(found)


def read_targets(aws: Calls, groups: Iterable[str]) -> list[TargetState]:
    """Every target, the unhealthy ones first; a call for each group."""
    found = []
    for arn in groups:
        answer = aws.read("elbv2", "describe_target_health", TargetGroupArn=arn)
        found += [_state(arn, each) for each in answer["TargetHealthDescriptions"]]
    return sorted(found, key=lambda one: (one.state == "healthy", one.group, one.address))


def _state(arn: str, described: Mapping[str, Any]) -> TargetState:
    health = described["TargetHealth"]
    words = [health.get("Description", ""), health.get("Reason", "")]
    return TargetState(
        group=arn.split("/")[-2],
        address=described["Target"]["Id"],
        port=int(described["Target"].get("Port", 0)),
        state=health["State"],
        reason="  ".join(word for word in words if word),
    )
