"""The load balancers of an ECS service: one target group of each, or two between which ECS moves the requests.

Which of the two serves changes with every rollout, so their order means nothing. What a call sends keeps the order that
ECS has: the group that it calls the target group stays that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Balancer = Mapping[str, Any]


def requested(balancers: Sequence[Balancer], known: Sequence[Balancer] = ()) -> list[dict[str, Any]]:
    """The load balancers as a call takes them; `known` are those that the service has now."""
    return [_request(_as_known(one, known)) for one in balancers]


def _as_known(one: Balancer, known: Sequence[Balancer]) -> Balancer:
    if "alternate" in one and any(each["target_group"] == one["alternate"] for each in known):
        return {**one, "target_group": one["alternate"], "alternate": one["target_group"]}
    return one


def _request(one: Balancer) -> dict[str, Any]:
    found = {"targetGroupArn": one["target_group"], "containerName": one["container"], "containerPort": one["port"]}
    if "alternate" in one:
        found["advancedConfiguration"] = {
            "alternateTargetGroupArn": one["alternate"],
            "productionListenerRule": one["rule"],
            "roleArn": one["role"],
        }
    return found


def described(service: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What ECS answers about the load balancers of a service, in the shape of the desired ones."""
    return [_described(one) for one in service.get("loadBalancers") or ()]


def _described(one: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        "target_group": one.get("targetGroupArn"),
        "container": one.get("containerName"),
        "port": one.get("containerPort"),
    }
    advanced = one.get("advancedConfiguration")
    if advanced:
        found["alternate"] = advanced.get("alternateTargetGroupArn")
        found["rule"] = advanced.get("productionListenerRule")
        found["role"] = advanced.get("roleArn")
        if advanced.get("testListenerRule"):
            found["test_rule"] = advanced["testListenerRule"]
    return found


def same(desired: Any, actual: Any) -> bool:
    """Whether two lists of load balancers are alike in any order, whichever of two target groups serves."""
    return sorted(map(_key, desired or ())) == sorted(map(_key, actual or ()))


def _key(one: Balancer) -> str:
    groups = sorted(str(one[name]) for name in ("target_group", "alternate") if name in one)
    rest = {name: value for name, value in one.items() if name not in ("target_group", "alternate")}
    return repr((groups, sorted(rest.items())))
