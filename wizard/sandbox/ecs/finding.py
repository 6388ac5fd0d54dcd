"""Finding what a request names, or refusing it in the words of ECS."""

from __future__ import annotations

from typing import Any

from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import Cluster, Service, ServiceDeployment, Task, TaskDefinition
from wizard.sandbox.handling import Refused


def short(name: str) -> str:
    """The last part of an ARN, or the name as it is."""
    return name.rpartition("/")[2]


def cluster(region: Region, name: str | None) -> Cluster:
    """The ACTIVE cluster of that name or ARN. Raises `Refused` (ClusterNotFoundException)."""
    found = region.clusters.get(short(name or "default"))
    if found is None or found.status != "ACTIVE":
        raise Refused("ClusterNotFoundException", "Cluster not found.")
    return found


def service_or_none(region: Region, owner: Cluster, name: str) -> Service | None:
    """The service of that name or ARN in the cluster, INACTIVE ones too."""
    return region.services.get(region.arn(f"service/{owner.name}/{short(name)}"))


def service(region: Region, params: dict[str, Any]) -> Service:
    """The service that `cluster` and `service` name. Raises `Refused` (ServiceNotFoundException)."""
    name = params["service"]
    named = params.get("cluster") or (name.split("/")[-2] if name.count("/") == 2 else None)
    found = service_or_none(region, cluster(region, named), name)
    if found is None:
        raise Refused("ServiceNotFoundException", "Service not found.")
    return found


def task_definition_or_none(region: Region, name: str) -> TaskDefinition | None:
    """The revision that a family, `family:revision` or ARN names; a family means its latest ACTIVE one."""
    family, _, revision = short(name).partition(":")
    revisions = region.families.get(family, [])
    if revision:
        return next((found for found in revisions if str(found.revision) == revision), None)
    return next((found for found in reversed(revisions) if found.status == "ACTIVE"), None)


def deployable(region: Region, name: str) -> TaskDefinition:
    """The task definition to run. Raises `Refused` (ClientException) when it is absent or not ACTIVE."""
    found = task_definition_or_none(region, name)
    if found is None:
        raise Refused("ClientException", "TaskDefinition not found.")
    if found.status != "ACTIVE":
        raise Refused("ClientException", "TaskDefinition is inactive")
    return found


def task_or_none(region: Region, name: str) -> Task | None:
    """The task of that id or ARN."""
    return region.tasks.get(short(name))


def service_deployment(region: Region, arn: str) -> tuple[Service, ServiceDeployment] | None:
    """The service deployment of that ARN with its service; with the service its history is gone."""
    for found in region.services.values():
        for record in found.history if found.status != "INACTIVE" else ():
            if record.arn == arn:
                return found, record
    return None


def missing(arn: str) -> dict[str, str]:
    """The failure of a describe call for something that is not there."""
    return {"arn": arn, "reason": "MISSING"}
