"""Tags of ECS resources, and what the sandbox's other rooms see of ECS: tagged resources, interfaces, an inventory."""

from __future__ import annotations

from typing import Any

from wizard.sandbox.ecs import interfaces
from wizard.sandbox.ecs.door import operation
from wizard.sandbox.ecs.region import REGIONS, Region
from wizard.sandbox.ecs.rollout import advance
from wizard.sandbox.handling import Refused
from wizard.sandbox.world import LOCK

MOST_TAGS = 50


@operation("TagResource")
def tag_resource(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Add tags; a key that is there gets the new value."""
    tags = _tags(region, params["resourceArn"])
    merged = {tag["key"]: tag for tag in [*tags, *params["tags"]]}
    if len(merged) > MOST_TAGS:
        raise Refused("InvalidParameterException", f"A resource can have at most {MOST_TAGS} tags.")
    tags[:] = merged.values()
    return {}


@operation("UntagResource")
def untag_resource(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Remove tags by key."""
    tags = _tags(region, params["resourceArn"])
    tags[:] = [tag for tag in tags if tag["key"] not in params["tagKeys"]]
    return {}


@operation("ListTagsForResource")
def list_tags_for_resource(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """List the tags of a cluster, service, task definition or task."""
    return {"tags": _tags(region, params["resourceArn"])}


def network_interfaces(account: str | None = None, region: str | None = None) -> list[dict[str, Any]]:
    """The interfaces of tasks that are not yet STOPPED, in the shape of EC2's NetworkInterface."""
    with LOCK:
        return [
            interfaces.as_ec2_shows(found, task, task.interface)
            for found in _regions(account, region)
            for task in interfaces.attached(found)
            if task.interface
        ]


def tagged_resources(account: str | None = None, region: str | None = None) -> list[dict[str, Any]]:
    """Every tagged ECS resource that still exists, in the shape of the tagging API."""
    return [
        {
            "ResourceARN": entry["id"],
            "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in entry["tags"]],
        }
        for entry in inventory(account, region)
        if entry["tags"] and entry["status"] not in ("INACTIVE", "STOPPED")
    ]


def inventory(account: str | None = None, region: str | None = None) -> list[dict[str, Any]]:
    """Everything of ECS that there is, with its status; INACTIVE and STOPPED ones are leftovers that AWS keeps too."""
    with LOCK:
        return [entry for found in _regions(account, region) for entry in _inventory(found)]


def _regions(account: str | None, region: str | None) -> list[Region]:
    chosen = [found for found in REGIONS.values() if account in (None, found.account) and region in (None, found.name)]
    for found in chosen:
        advance(found, found.now())
    return chosen


def _inventory(region: Region) -> list[dict[str, Any]]:
    def entry(kind: str, arn: str, name: str, status: str) -> dict[str, Any]:
        tags = [dict(tag) for tag in region.tags.get(arn, [])]
        return {"service": "ecs", "type": kind, "id": arn, "name": name, "tags": tags, "status": status}

    definitions = [one for family in region.families.values() for one in family if one.status != "DELETED"]
    return [
        *(entry("cluster", one.arn, one.name, one.status) for one in region.clusters.values()),
        *(entry("service", one.arn, one.name, one.status) for one in region.services.values()),
        *(entry("task-definition", one.arn, f"{one.family}:{one.revision}", one.status) for one in definitions),
        *(entry("task", one.arn, one.id, one.phase) for one in region.tasks.values()),
    ]


def _tags(region: Region, arn: str) -> list[dict[str, str]]:
    known = any(entry["id"] == arn and entry["status"] != "INACTIVE" for entry in _inventory(region))
    if not known and not any(one.arn == arn for family in region.families.values() for one in family):
        raise Refused("InvalidParameterException", "The specified resource was not found. Specify a valid resource.")
    return region.tags.setdefault(arn, [])
