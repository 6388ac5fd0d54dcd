"""A listener rule between two target groups, of which ECS lets one or the other serve, in shares while it changes them.

The shares are ECS's to move, so they are no difference, as long as requests go where tasks are. Requests that go to a
group without tasks while the other one has some: that was not ECS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wizard.engine.kind import Context
from wizard.errors import AwsError
from wizard.kinds import _elb, _listening

TARGET_ACTIONS = ("elasticloadbalancing:DescribeTargetHealth",)
GONE = ("draining", "unused")
"""States of targets that get no new requests."""


def read(context: Context, actions: Sequence[Mapping[str, Any]], wanted: Any) -> Any:
    """What a rule forwards to: a target group, the wanted two in the wanted order, or the weights as they are."""
    weights = _listening.shares(actions)
    if not weights:
        return _listening.forwarded(actions)
    pair = wanted if isinstance(wanted, list) and all(isinstance(group, str) for group in wanted) else []
    if sorted(pair) != sorted(weights) or _stranded(context, weights):
        return weights
    return pair


def action(context: Context, forward: Any) -> dict[str, Any]:
    """The action as a call takes it; of two target groups the one with tasks gets all requests, the first if none."""
    if isinstance(forward, (str, Mapping)):
        return _listening.forwarding(forward)
    first, second = forward
    serving = second if has_tasks(context, second) and not has_tasks(context, first) else first
    groups = [{"TargetGroupArn": group, "Weight": 100 if group == serving else 0} for group in forward]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}


def is_well(context: Context, group: Any) -> bool:
    """Whether a target group has a target that passes its health checks."""
    return isinstance(group, str) and "healthy" in _states(context, group)


def has_tasks(context: Context, group: str) -> bool:
    """Whether a target group has targets that are there to stay."""
    return bool(_states(context, group) - set(GONE))


def _states(context: Context, group: str) -> set[str]:
    try:
        answer = context.aws.read("elbv2", "describe_target_health", TargetGroupArn=group)
    except AwsError as error:
        if not _elb.is_missing(error):
            raise
        return set()
    return {one["TargetHealth"]["State"] for one in answer["TargetHealthDescriptions"]}


def _stranded(context: Context, weights: Mapping[str, int]) -> bool:
    """Whether a group gets requests and has no tasks although another one has."""
    empty = [group for group, weight in weights.items() if weight and not has_tasks(context, group)]
    return bool(empty) and any(has_tasks(context, group) for group in weights if group not in empty)
