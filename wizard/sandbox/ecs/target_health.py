"""elbv2's DescribeTargetHealth: the tasks of ECS services beside the targets that were registered by hand."""

from __future__ import annotations

from typing import Any

from wizard.sandbox.ecs import targets
from wizard.sandbox.ecs.region import region_of
from wizard.sandbox.ecs.rollout import advance
from wizard.sandbox.handling import Call, handles
from wizard.sandbox.world import LOCK


@handles("elbv2", "DescribeTargetHealth")
def describe_target_health(call: Call) -> dict[str, Any]:
    """Answer for all targets of the group, or for those asked for."""
    by_hand = call.moto().get("TargetHealthDescriptions", [])
    with LOCK:
        region = region_of(call.account, call.region, call.clock)
        advance(region, region.now())
        of_tasks = targets.health(region, call.params["TargetGroupArn"])
    addresses = {entry["Target"]["Id"] for entry in of_tasks}
    wanted = {target["Id"] for target in call.params.get("Targets", [])}
    others = [entry for entry in by_hand if entry["Target"]["Id"] not in addresses]
    shown = [entry for entry in of_tasks if not wanted or entry["Target"]["Id"] in wanted]
    return {"TargetHealthDescriptions": shown + others}
