"""Services as DescribeServices shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_map
from wizard.engine.kind import Context, Live
from wizard.kinds._named import ignoring, owner_of
from wizard.kinds._service import properties_of, rollout_state
from wizard.release.hold import hold_in


def described(context: Context, cluster: str, names: list[str]) -> list[Mapping[str, Any]]:
    """The services of these names that are not gone, tags included."""
    with ignoring("ClusterNotFoundException"):
        answer = context.aws.read("ecs", "describe_services", cluster=cluster, services=names, include=["TAGS"])
        return [service for service in answer["services"] if service["status"] != "INACTIVE"]
    return []


def live(service: Mapping[str, Any], address: str) -> Live:
    """A `Live` of what DescribeServices answers."""
    arn, name, state = service["serviceArn"], service["serviceName"], service["status"]
    tags = tag_map(service.get("tags"))
    properties = properties_of(service)
    if state == "DRAINING":
        # On its way out: as a whole it is not what is wanted, so a plan replaces it.
        properties = {"name": name, "cluster": service["clusterArn"]}
    attributes = {
        "id": arn,
        "arn": arn,
        "name": name,
        "status": state,
        "rollout": rollout_state(service),
        "hold": hold.as_json() if (hold := hold_in(tags)) else None,
    }
    return Live(address, arn, properties, attributes, owner_of(tags))
