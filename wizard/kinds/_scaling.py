"""Scalable targets of ECS services as Application Auto Scaling lists them, and whose they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from wizard.engine.kind import Context, Settling
from wizard.kinds._named import Tags, tags_of

NAMESPACE = "ecs"
DIMENSION = "ecs:service:DesiredCount"
GONE = ("ObjectNotFoundException",)
MOST_IDS = 50
"""How many ids DescribeScalableTargets takes; without ids it lists all."""
SETTLING = tuple(Settling(verb, "ConcurrentUpdateException", "", 120) for verb in ("create", "update", "delete"))


def place(service: str) -> dict[str, str]:
    """The three parameters that name the scalable target of a service (`service/<cluster>/<name>`)."""
    return {"ServiceNamespace": NAMESPACE, "ResourceId": service, "ScalableDimension": DIMENSION}


def targets(context: Context, services: Collection[str]) -> list[Mapping[str, Any]]:
    """The targets of these services and those that the index knows to be ours; no call when there are none."""
    indexed = set(context.index.arns("scalable_target").values()) if context.neighbours else set()
    if not services and not indexed:
        return []
    few = not indexed and len(services) <= MOST_IDS
    limit = {"ResourceIds": sorted(services)} if few else {}
    items = context.aws.pages(
        "application-autoscaling", "describe_scalable_targets", "ScalableTargets", ServiceNamespace=NAMESPACE, **limit
    )
    return [
        item
        for item in items
        if item["ScalableDimension"] == DIMENSION
        and (item["ResourceId"] in services or item["ScalableTargetARN"] in indexed)
    ]


def tags_of_target(context: Context, item: Mapping[str, Any]) -> Tags:
    """Tags of one target. Targets that were registered before 2023 have no ARN, and so no tags."""
    arn = item.get("ScalableTargetARN", "")
    if not arn:
        return {}
    return tags_of(context, arn, "application-autoscaling", "list_tags_for_resource", "Tags", ResourceARN=arn)
