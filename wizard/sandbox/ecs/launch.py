"""How a task comes to be: for a deployment of a service, or by RunTask."""

from __future__ import annotations

from typing import Any

from wizard.sandbox.ecs import interfaces, lifecycle
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import Cluster, Container, Deployment, Service, Tags, Task, TaskDefinition


def for_deployment(region: Region, service: Service, deployment: Deployment) -> Task:
    """Launch one more task of a deployment."""
    settings = deployment.revision.settings
    launch = launch_facts(settings) | {"startedBy": deployment.id}
    launch["enableExecuteCommand"] = settings.get("enableExecuteCommand", False)
    definition = deployment.revision.definition
    network = settings.get("networkConfiguration", {})
    task = _make(region, service.cluster, definition, f"service:{service.name}", launch, network)
    task.service, task.deployment = service, deployment
    for container in task.containers:
        container.digest = deployment.revision.digests.get(container.name)
    tags = _propagated(region, settings.get("propagateTags"), definition, service)
    if settings.get("enableECSManagedTags"):
        managed = {"aws:ecs:clusterName": service.cluster.name, "aws:ecs:serviceName": service.name}
        tags += [{"key": key, "value": value} for key, value in managed.items()]
    region.tags[task.arn] = tags
    lifecycle.begin(region, task)
    return task


def one_off(region: Region, cluster: Cluster, definition: TaskDefinition, params: dict[str, Any]) -> Task:
    """Launch one task as RunTask asks."""
    launch = launch_facts(params)
    launch |= {key: params[key] for key in ("startedBy", "enableExecuteCommand", "overrides") if key in params}
    group = params.get("group") or f"family:{definition.family}"
    task = _make(region, cluster, definition, group, launch, params.get("networkConfiguration", {}))
    tags = list(params.get("tags", [])) + _propagated(region, params.get("propagateTags"), definition, None)
    if params.get("enableECSManagedTags"):
        tags.append({"key": "aws:ecs:clusterName", "value": cluster.name})
    region.tags[task.arn] = tags
    lifecycle.begin(region, task)
    return task


def launch_facts(settings: dict[str, Any]) -> dict[str, Any]:
    """The launch type, or the first provider of the capacity provider strategy."""
    facts: dict[str, Any] = {"platformVersion": "1.4.0"}
    if strategy := settings.get("capacityProviderStrategy"):
        facts["capacityProviderName"] = max(strategy, key=lambda item: (item.get("base", 0), item.get("weight", 0)))[
            "capacityProvider"
        ]
        facts["launchType"] = "FARGATE"
    else:
        facts["launchType"] = settings.get("launchType", "EC2")
    return facts


def _make(
    region: Region,
    cluster: Cluster,
    definition: TaskDefinition,
    group: str,
    launch: dict[str, Any],
    network: dict[str, Any],
) -> Task:
    unique = region.fresh_id()
    containers = [
        Container(container["name"], container["image"], None, container.get("essential", True))
        for container in definition.containers
    ]
    return Task(
        id=unique,
        arn=region.arn(f"task/{cluster.name}/{unique}"),
        cluster=cluster,
        definition=definition,
        group=group,
        launch=launch,
        interface=interfaces.attach(region, network, _placed(region, group)),
        containers=containers,
        created_at=region.time,
    )


def _placed(region: Region, group: str) -> int:
    return sum(1 for task in region.tasks.values() if task.group == group and task.alive)


def _propagated(region: Region, source: str | None, definition: TaskDefinition, service: Service | None) -> Tags:
    if source == "TASK_DEFINITION":
        return list(region.tags.get(definition.arn, []))
    if source == "SERVICE" and service is not None:
        return list(region.tags.get(service.arn, []))
    return []
