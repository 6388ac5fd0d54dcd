"""How services and their deployments look in the answers of ECS."""

from __future__ import annotations

from typing import Any

from wizard.sandbox.ecs import outcome, rollout
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import Deployment, Revision, Service, ServiceDeployment, Task, TaskDefinition

WORKLOAD = ("launchType", "capacityProviderStrategy", "platformVersion", "platformFamily", "networkConfiguration")


def present(**fields: Any) -> dict[str, Any]:
    """The fields that have a value."""
    return {key: value for key, value in fields.items() if value is not None}


def task_definition(region: Region, definition: TaskDefinition) -> dict[str, Any]:
    """A TaskDefinition."""
    return definition.fields | present(
        taskDefinitionArn=definition.arn,
        family=definition.family,
        revision=definition.revision,
        status=definition.status,
        registeredAt=region.wall(definition.registered_at),
        registeredBy=region.caller,
        deregisteredAt=None if definition.deregistered_at is None else region.wall(definition.deregistered_at),
    )


def service(region: Region, found: Service, with_tags: bool = False) -> dict[str, Any]:
    """A Service; its tags only when asked for."""
    tasks = rollout.tasks_of(region, found)
    gone = found.status == "INACTIVE"
    current = found.history[0] if found.history else None
    shown = found.settings | {
        "serviceArn": found.arn,
        "serviceName": found.name,
        "clusterArn": found.cluster.arn,
        "status": found.status,
        "desiredCount": found.desired,
        "runningCount": _running(tasks),
        "pendingCount": _pending(tasks),
        "taskDefinition": current.target.revision.definition.arn if current else "",
        "deployments": [] if gone else [deployment(region, found, entry, tasks) for entry in _visible(found, tasks)],
        "events": [
            {"id": unique, "createdAt": region.wall(moment), "message": message}
            for unique, moment, message in found.events
        ],
        "createdAt": region.wall(found.created_at),
        "createdBy": found.created_by,
        "resourceManagementType": found.settings.get("resourceManagementType", "CUSTOMER"),
    }
    if found.deployments:
        shown["taskDefinition"] = found.primary.revision.definition.arn
        shown["currentServiceRevisions"] = [_summary(found, entry, tasks) for entry in _visible(found, tasks)]
    if current:
        shown["currentServiceDeployment"] = current.arn
    if not deploys_itself(found):
        shown = _with_task_sets(shown)
    if with_tags:
        shown["tags"] = list(region.tags.get(found.arn, []))
    return shown


def deploys_itself(found: Service) -> bool:
    """Whether ECS moves the service from version to version, and not CodeDeploy or somebody else."""
    return bool(found.settings["deploymentController"]["type"] == "ECS")


def _with_task_sets(shown: dict[str, Any]) -> dict[str, Any]:
    """What CodeDeploy or an EXTERNAL controller deploys is shown as task sets; no deployment is."""
    hidden = ("deployments", "currentServiceDeployment", "currentServiceRevisions")
    kept = ("id", "status", "taskDefinition", "pendingCount", "runningCount", "createdAt", "updatedAt", *WORKLOAD)
    sets = [
        {key: entry[key] for key in kept if key in entry}
        | {
            "taskSetArn": f"{shown['serviceArn'].replace(':service/', ':task-set/')}/{entry['id']}",
            "serviceArn": shown["serviceArn"],
            "clusterArn": shown["clusterArn"],
            "computedDesiredCount": entry["desiredCount"],
            "scale": {"value": 100.0, "unit": "PERCENT"},
            "stabilityStatus": "STEADY_STATE" if entry["rolloutState"] == "COMPLETED" else "STABILIZING",
        }
        for entry in shown["deployments"]
    ]
    return {key: value for key, value in shown.items() if key not in hidden} | {"taskSets": sets, "deployments": []}


def deployment(region: Region, found: Service, entry: Deployment, tasks: list[Task]) -> dict[str, Any]:
    """An entry of `deployments[]`."""
    own = [task for task in tasks if task.deployment is entry]
    primary = entry is found.primary
    workload = {key: entry.revision.settings[key] for key in WORKLOAD if key in entry.revision.settings}
    return workload | {
        "id": entry.id,
        "status": "PRIMARY" if primary else "ACTIVE",
        "taskDefinition": entry.revision.definition.arn,
        "desiredCount": found.desired if primary and entry.state != "FAILED" else sum(task.alive for task in own),
        "pendingCount": _pending(own),
        "runningCount": _running(own),
        "failedTasks": entry.failed,
        "createdAt": region.wall(entry.created_at),
        "updatedAt": region.wall(entry.updated_at),
        "rolloutState": entry.state,
        "rolloutStateReason": entry.reason,
    }


def service_deployment_brief(region: Region, record: ServiceDeployment, found: Service) -> dict[str, Any]:
    """A ServiceDeploymentBrief."""
    return present(
        serviceDeploymentArn=record.arn,
        serviceArn=found.arn,
        clusterArn=found.cluster.arn,
        createdAt=region.wall(record.created_at),
        startedAt=_wall(region, record.started_at),
        finishedAt=_wall(region, record.finished_at),
        targetServiceRevisionArn=record.target.revision.arn,
        status=record.status,
        statusReason=record.reason or None,
    )


def service_deployment(region: Region, record: ServiceDeployment, found: Service) -> dict[str, Any]:
    """A ServiceDeployment in full."""
    tasks = rollout.tasks_of(region, found)
    shown = service_deployment_brief(region, record, found) | present(
        stoppedAt=_wall(region, record.stopped_at),
        updatedAt=region.wall(record.updated_at),
        sourceServiceRevisions=[_summary(found, source, tasks) for source in record.sources],
        targetServiceRevision=_summary(found, record.target, tasks),
        deploymentConfiguration=record.configuration,
        deploymentCircuitBreaker=_breaker(record, found),
    )
    del shown["targetServiceRevisionArn"]
    if record.configuration.get("strategy", "ROLLING") != "ROLLING":
        _add_traffic_shift(region, record, shown)
    if record.rollback:
        began, reason, revision = record.rollback
        shown["rollback"] = {
            "startedAt": region.wall(began),
            "reason": reason,
            "serviceRevisionArn": revision.arn,
        }
    if names := outcome.alarm_names(record):
        state = "TRIGGERED" if record.alarmed else _monitoring(record)
        shown["alarms"] = {"status": state, "alarmNames": names, "triggeredAlarmNames": record.alarmed}
    return shown


def service_revision(region: Region, revision: Revision, found: Service) -> dict[str, Any]:
    """A ServiceRevision."""
    kept = (*WORKLOAD, "loadBalancers", "serviceRegistries", "serviceConnectConfiguration", "volumeConfigurations")
    return {key: revision.settings[key] for key in kept if key in revision.settings} | {
        "serviceRevisionArn": revision.arn,
        "serviceArn": found.arn,
        "clusterArn": found.cluster.arn,
        "taskDefinition": revision.definition.arn,
        "createdAt": region.wall(revision.created_at),
        "guardDutyEnabled": False,
        "containerImages": [
            present(
                containerName=container["name"],
                image=container["image"],
                imageDigest=revision.digests.get(container["name"]),
            )
            for container in revision.definition.containers
        ],
    }


def _visible(found: Service, tasks: list[Task]) -> list[Deployment]:
    """The primary deployment and the others that still have tasks."""
    return [
        entry
        for entry in found.deployments
        if entry is found.primary or any(task.deployment is entry for task in tasks)
    ]


def _summary(found: Service, entry: Deployment, tasks: list[Task]) -> dict[str, Any]:
    own = [task for task in tasks if task.deployment is entry]
    primary = bool(found.deployments) and entry is found.primary and entry.state != "FAILED"
    return {
        "arn": entry.revision.arn,
        "requestedTaskCount": found.desired if primary else sum(task.alive for task in own),
        "runningTaskCount": _running(own),
        "pendingTaskCount": _pending(own),
    }


def _add_traffic_shift(region: Region, record: ServiceDeployment, shown: dict[str, Any]) -> None:
    done = record.status == "SUCCESSFUL" or not record.sources
    weight = 100.0 if done else record.weight
    shown["targetServiceRevision"]["requestedProductionTrafficWeight"] = weight
    for source in shown["sourceServiceRevisions"]:
        source["requestedProductionTrafficWeight"] = 100.0 - weight
    shown["lifecycleStage"] = "CLEAN_UP" if done else record.stage
    shown["lifecycleHookDetails"] = [
        {
            "hookId": hook.id,
            "targetType": "PAUSE",
            "status": hook.status,
            "expiresAt": region.wall(hook.expires_at),
            "timeoutAction": hook.timeout_action,
        }
        for hook in record.hooks
    ]


def _breaker(record: ServiceDeployment, found: Service) -> dict[str, Any]:
    if not outcome.breaker_of(record).get("enable"):
        return {"status": "DISABLED", "failureCount": record.failures, "threshold": 0}
    threshold = outcome.threshold(record, found.desired)
    if record.tripped:
        return {"status": "TRIGGERED", "failureCount": max(threshold, record.failures), "threshold": threshold}
    return {"status": _monitoring(record), "failureCount": record.failures, "threshold": threshold}


def _monitoring(record: ServiceDeployment) -> str:
    return "MONITORING" if record.in_flight else "MONITORING_COMPLETE"


def _running(tasks: list[Task]) -> int:
    return sum(task.phase == "RUNNING" for task in tasks)


def _pending(tasks: list[Task]) -> int:
    return sum(task.phase in ("PROVISIONING", "PENDING", "ACTIVATING") for task in tasks)


def _wall(region: Region, moment: float | None) -> Any:
    return None if moment is None else region.wall(moment)
