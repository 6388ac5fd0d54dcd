"""An Express service between our shape and ECS's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_map
from wizard.engine.kind import Context, Live, Properties
from wizard.kinds import _own_address
from wizard.kinds._named import ignoring, owner_of
from wizard.kinds._service import FAILED, rollout_state
from wizard.release.hold import hold_in

GONE = (
    "ResourceNotFoundException",
    "ServiceNotFoundException",
    "ServiceNotActiveException",
    "ClusterNotFoundException",
)
CONTAINER = {"image", "port", "command", "environment", "environment_with_url", "secrets", "log_group", "log_prefix"}
PLAIN = {
    "health_path": "healthCheckPath",
    "cpu": "cpu",
    "memory": "memory",
    "architecture": "cpuArchitecture",
    "execution_role": "executionRoleArn",
    "task_role": "taskRoleArn",
}
METRICS = {"cpu": "AVERAGE_CPU", "memory": "AVERAGE_MEMORY", "requests": "REQUEST_COUNT_PER_TARGET"}


def settings(properties: Properties, changed: frozenset[str], url: str) -> dict[str, Any]:
    """The parameters of the create or update call for the changed properties that are set."""
    given = {name for name in changed if properties.get(name) is not None}
    found: dict[str, Any] = {PLAIN[name]: str(properties[name]) for name in sorted(given & PLAIN.keys())}
    if given & CONTAINER:
        found["primaryContainer"] = _container(properties, url)
    if given & {"subnets", "security_groups"}:
        network = {"subnets": properties.get("subnets"), "securityGroups": properties.get("security_groups")}
        found["networkConfiguration"] = {key: list(value) for key, value in network.items() if value}
    if "scaling" in given:
        scaling = properties["scaling"]
        found["scalingTarget"] = {
            "minTaskCount": scaling["min"],
            "maxTaskCount": scaling["max"],
            "autoScalingMetric": METRICS[scaling["metric"]],
            "autoScalingTargetValue": scaling["target"],
        }
    return found


def _container(properties: Properties, url: str) -> dict[str, Any]:
    """ECS takes the container as a whole."""
    variables = _own_address.variables(properties, url)
    secrets = properties.get("secrets") or {}
    found: dict[str, Any] = {
        "image": properties["image"],
        "containerPort": properties["port"],
        "environment": [{"name": name, "value": variables[name]} for name in sorted(variables)],
        "secrets": [{"name": name, "valueFrom": secrets[name]} for name in sorted(secrets)],
    }
    if properties.get("command"):
        found["command"] = list(properties["command"])
    if properties.get("log_group"):
        logs = {"logGroup": properties["log_group"], "logStreamPrefix": properties.get("log_prefix") or "ecs"}
        found["awsLogsConfiguration"] = logs
    return found


def described(context: Context, arn: str, address: str, wanted: Properties) -> Live | None:
    """The service of an ARN with its tags and its rollout; None when it is gone."""
    with ignoring(*GONE):
        one = context.aws.read("ecs", "describe_express_gateway_service", serviceArn=arn, include=["TAGS"])["service"]
        if one["status"]["statusCode"] != "INACTIVE":
            return _live(context, one, address, wanted)
    return None


def _live(context: Context, one: Mapping[str, Any], address: str, wanted: Properties) -> Live:
    arn, name, cluster, state = one["serviceArn"], one["serviceName"], one["cluster"], one["status"]["statusCode"]
    active = sorted(one.get("activeConfigurations") or (), key=lambda each: str(each.get("createdAt", "")))
    # The newest one is what was asked for last, or what a rollback left.
    newest = active[-1] if active else {}
    url = _url(active)
    shown = context.aws.read("ecs", "describe_services", cluster=cluster, services=[name])["services"]
    rollout = rollout_state(shown[0]) if shown else ""
    properties = {"name": name, "cluster": cluster}
    if state == "ACTIVE":
        properties |= {"infrastructure_role": one.get("infrastructureRoleArn")}
        properties |= _properties(newest, wanted, url, failed=rollout == "FAILED")
    tags = tag_map(one.get("tags"))
    attributes = {
        "hold": hold.as_json() if (hold := hold_in(tags)) else None,
        "id": arn,
        "arn": arn,
        "name": name,
        "url": url,
        "status": state,
        "rollout": rollout,
        "task_definition": str(newest.get("taskDefinitionArn", "")),
        "family": str(newest.get("taskDefinitionArn", "")).rpartition("/")[2].partition(":")[0],
    }
    return Live(address, arn, properties, attributes, owner_of(tags))


def _url(configurations: list[Mapping[str, Any]]) -> str:
    for each in configurations:
        for path in each.get("ingressPaths") or ():
            return f"https://{path['endpoint'].removeprefix('https://').rstrip('/')}"
    return ""


def _properties(one: Mapping[str, Any], wanted: Properties, url: str, *, failed: bool) -> dict[str, Any]:
    main, network, scaling = (one.get(key, {}) for key in ("primaryContainer", "networkConfiguration", "scalingTarget"))
    logs = main.get("awsLogsConfiguration", {})
    metrics = {theirs: ours for ours, theirs in METRICS.items()}
    found = {each["name"]: each["value"] for each in main.get("environment") or ()}
    return {
        # An image whose rollout failed differs from the wanted one, and so is tried again.
        "image": f"{main.get('image')} {FAILED}" if failed else main.get("image"),
        "port": main.get("containerPort"),
        "command": list(main.get("command") or ()),
        "secrets": {each["name"]: each["valueFrom"] for each in main.get("secrets") or ()},
        "log_group": logs.get("logGroup"),
        "log_prefix": logs.get("logStreamPrefix"),
        "subnets": sorted(network.get("subnets") or ()),
        "security_groups": sorted(network.get("securityGroups") or ()),
        "scaling": {
            "min": scaling.get("minTaskCount"),
            "max": scaling.get("maxTaskCount"),
            "metric": metrics.get(scaling.get("autoScalingMetric", "")),
            "target": scaling.get("autoScalingTargetValue"),
        },
        **{ours: one.get(theirs) for ours, theirs in PLAIN.items()},
        **_own_address.apart(found, wanted, url),
    }


def deregister(context: Context, family: str) -> None:
    """Make the task definitions of a family INACTIVE; what runs them goes on until it is stopped."""
    aws = context.aws
    if family:
        active = aws.pages("ecs", "list_task_definitions", "taskDefinitionArns", familyPrefix=family, status="ACTIVE")
        for arn in list(active):
            aws.write("ecs", "deregister_task_definition", taskDefinition=arn)
