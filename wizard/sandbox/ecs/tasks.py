"""Tasks: run, stop, list, describe, and a shell into one."""

from __future__ import annotations

from typing import Any

from wizard.sandbox.ecs import finding, launch, lifecycle
from wizard.sandbox.ecs.answers import present
from wizard.sandbox.ecs.door import operation, page
from wizard.sandbox.ecs.neighbours import Neighbours
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.service_checks import check_network
from wizard.sandbox.ecs.store import Container, Interface, Task
from wizard.sandbox.handling import Refused
from wizard.sandbox.tokens import digest

MOST_RUN = 10
MOST_DESCRIBED = 100
OTHER_REQUEST = "The provided clientToken is already in use with a different RunTask request."


@operation("RunTask")
def run_task(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Start one-off tasks; the same `clientToken` returns the same tasks, and refuses another request."""
    cluster = finding.cluster(region, params.get("cluster"))
    count = params.get("count", 1)
    if not 1 <= count <= MOST_RUN:
        raise Refused("InvalidParameterException", f"Count must be between 1 and {MOST_RUN}.")
    token, request = (f"{cluster.arn}/run", params.get("clientToken", "")), digest(params)
    if token[1] and token in region.tokens:
        first, *made = region.tokens[token]
        if first != request:
            raise Refused("ConflictException", OTHER_REQUEST)
        again = [region.tasks[id_] for id_ in made if id_ in region.tasks]
        return {"tasks": [_answer(region, task, True) for task in again], "failures": []}
    definition = finding.deployable(region, params["taskDefinition"])
    check_network(Neighbours(region.account, region.name), definition, params.get("networkConfiguration", {}))
    if not params.get("launchType") and not params.get("capacityProviderStrategy"):
        params["capacityProviderStrategy"] = cluster.fields["defaultCapacityProviderStrategy"]
    if launch.launch_facts(params)["launchType"] == "EC2":
        raise Refused("InvalidParameterException", "No Container Instances were found in your cluster.")
    names = {container["name"] for container in definition.containers}
    for override in params.get("overrides", {}).get("containerOverrides", []):
        if override.get("name") not in names:
            raise Refused("InvalidParameterException", "Override for container named is not a container in the task.")
    tasks = [launch.one_off(region, cluster, definition, params) for _ in range(count)]
    region.tokens[token] = [request, *(task.id for task in tasks)]
    return {"tasks": [_answer(region, task, True) for task in tasks], "failures": []}


@operation("StopTask")
def stop_task(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Stop one task; a service replaces it."""
    cluster = finding.cluster(region, params.get("cluster"))
    task = finding.task_or_none(region, params["task"])
    if task is None or task.cluster is not cluster:
        raise Refused("InvalidParameterException", "The referenced task was not found.")
    lifecycle.stop(region, task, "UserInitiated", params.get("reason", "Task stopped by user"))
    if task.service:
        task.service.wake = region.time
    return {"task": _answer(region, task, False)}


@operation("ListTasks")
def list_tasks(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """List tasks by what they should be: RUNNING (the default) or STOPPED."""
    cluster = finding.cluster(region, params.get("cluster"))
    if params.get("serviceName"):
        finding.service(region, {"cluster": cluster.name, "service": params["serviceName"]})
    desired = params.get("desiredStatus", "RUNNING")
    found = [
        task.arn
        for task in region.tasks.values()
        if task.cluster is cluster
        and task.desired == desired
        and params.get("family", task.definition.family) == task.definition.family
        and params.get("startedBy", task.launch.get("startedBy")) == task.launch.get("startedBy")
        and params.get("launchType", task.launch["launchType"]) == task.launch["launchType"]
        and (not params.get("serviceName") or task.group == f"service:{finding.short(params['serviceName'])}")
    ]
    shown, following = page(found, params, 100)
    return {"taskArns": shown} | following


@operation("DescribeTasks")
def describe_tasks(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Describe up to a hundred tasks; a stopped one is known for about an hour."""
    cluster = finding.cluster(region, params.get("cluster"))
    if not 0 < len(params["tasks"]) <= MOST_DESCRIBED:
        raise Refused("InvalidParameterException", f"Specify between 1 and {MOST_DESCRIBED} tasks.")
    shown, failures = [], []
    for name in params["tasks"]:
        task = finding.task_or_none(region, name)
        if task is None or task.cluster is not cluster:
            failures.append(finding.missing(region.arn(f"task/{cluster.name}/{finding.short(name)}")))
        else:
            shown.append(_answer(region, task, "TAGS" in params.get("include", [])))
    return {"tasks": shown, "failures": failures}


@operation("ExecuteCommand")
def execute_command(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Open a session in a running container of a task that allows it."""
    task = finding.task_or_none(region, params["task"])
    if task is None:
        raise Refused("InvalidParameterException", "The referenced task was not found.")
    if not task.launch.get("enableExecuteCommand"):
        raise Refused(
            "InvalidParameterException",
            "The execute command failed because execute command was not enabled when the task was run or the execute "
            "command agent isn't running. Wait and try again or run a new task with execute command enabled and try "
            "again.",
        )
    if task.phase != "RUNNING":
        raise Refused("TargetNotConnectedException", "The task is not running.")
    name = params.get("container") or task.containers[0].name
    session = f"ecs-execute-command-{region.fresh_id()[:17]}"
    return {
        "clusterArn": task.cluster.arn,
        "taskArn": task.arn,
        "containerName": name,
        "containerArn": _container_arn(region, task, name),
        "interactive": params["interactive"],
        "session": {
            "sessionId": session,
            "streamUrl": f"wss://ssmmessages.{region.name}.amazonaws.com/v1/data-channel/{session}",
            "tokenValue": region.fresh_id(),
        },
    }


def _answer(region: Region, task: Task, with_tags: bool) -> dict[str, Any]:
    definition = task.definition.fields

    def wall(moment: float | None) -> Any:
        return None if moment is None else region.wall(moment)

    healths = {container.health for container in task.containers}
    health = "UNHEALTHY" if "UNHEALTHY" in healths else "HEALTHY" if "HEALTHY" in healths else "UNKNOWN"
    overrides = {"containerOverrides": [{"name": c.name} for c in task.containers]} | task.launch.get("overrides", {})
    return present(
        taskArn=task.arn,
        clusterArn=task.cluster.arn,
        taskDefinitionArn=task.definition.arn,
        group=task.group,
        lastStatus=task.phase,
        desiredStatus=task.desired,
        healthStatus=health,
        cpu=definition.get("cpu"),
        memory=definition.get("memory"),
        launchType=task.launch["launchType"],
        capacityProviderName=task.launch.get("capacityProviderName"),
        platformVersion=task.launch["platformVersion"],
        platformFamily="Linux",
        startedBy=task.launch.get("startedBy"),
        enableExecuteCommand=bool(task.launch.get("enableExecuteCommand")),
        availabilityZone=task.interface.zone if task.interface else None,
        connectivity="CONNECTED",
        connectivityAt=region.wall(task.created_at),
        createdAt=region.wall(task.created_at),
        pullStartedAt=wall(task.pull_started_at),
        pullStoppedAt=wall(task.pull_stopped_at),
        startedAt=wall(task.started_at),
        stoppingAt=wall(task.stopping_at),
        executionStoppedAt=wall(task.stopping_at) if task.started_at is not None else None,
        stoppedAt=wall(task.stopped_at),
        stopCode=task.stop_code,
        stoppedReason=task.stop_reason,
        overrides=overrides,
        attributes=[{"name": "ecs.cpu-architecture", "value": "x86_64"}],
        attachments=[_attachment(task, task.interface)] if task.interface else [],
        containers=[_container(region, task, container) for container in task.containers],
        ephemeralStorage=definition.get("ephemeralStorage", {"sizeInGiB": 20}),
        tags=region.tags.get(task.arn, []) if with_tags else [],
        version=1,
    )


def _attachment(task: Task, interface: Interface) -> dict[str, Any]:
    states = {"PROVISIONING": "ATTACHING", "STOPPED": "DELETED"}
    details = {
        "subnetId": interface.subnet,
        "networkInterfaceId": interface.id,
        "macAddress": interface.mac,
        "privateDnsName": f"ip-{interface.ip.replace('.', '-')}.ec2.internal",
        "privateIPv4Address": interface.ip,
    }
    return {
        "id": interface.attachment,
        "type": "ElasticNetworkInterface",
        "status": states.get(task.phase, "ATTACHED"),
        "details": [{"name": name, "value": value} for name, value in details.items()],
    }


def _container_arn(region: Region, task: Task, name: str) -> str:
    index = [container.name for container in task.containers].index(name)
    return region.arn(f"container/{task.cluster.name}/{task.id}/{task.id[:8]}-{index:04d}-4000-8000-{task.id[:12]}")


def _container(region: Region, task: Task, container: Container) -> dict[str, Any]:
    definition = next(found for found in task.definition.containers if found["name"] == container.name)
    interface = task.interface
    return present(
        containerArn=_container_arn(region, task, container.name),
        taskArn=task.arn,
        name=container.name,
        image=container.image,
        imageDigest=container.digest if task.pull_stopped_at is not None else None,
        runtimeId=f"{task.id}-{container.name}" if task.started_at is not None else None,
        lastStatus=container.status,
        exitCode=container.exit_code,
        reason=container.reason,
        healthStatus=container.health,
        networkBindings=[],
        networkInterfaces=[{"attachmentId": interface.attachment, "privateIpv4Address": interface.ip}]
        if interface
        else [],
        cpu=str(definition.get("cpu", 0)),
        memory=str(definition["memory"]) if "memory" in definition else None,
    )
