"""An App Runner service between our shape and App Runner's, and what became of its last operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import READY, Calls, Context, Live, Properties, State, Status
from wizard.errors import AwsError, ExitCode
from wizard.kinds import _own_address
from wizard.kinds._named import Tags, ignoring, owner_of, tags_of
from wizard.release.diagnosis import diagnose
from wizard.release.diagnosis.symptoms import Symptoms
from wizard.release.hold import hold_in
from wizard.release.rollout import Verdict
from wizard.release.runner import BUSY, image_of, judge_operation, operations

GONE = "ResourceNotFoundException"
SOURCE = {"image", "port", "command", "environment", "environment_with_url", "secrets", "access_role", "auto_deploy"}
INSTANCE = {"cpu": "Cpu", "memory": "Memory", "instance_role": "InstanceRoleArn"}
HEALTH = {
    "interval": "Interval",
    "timeout": "Timeout",
    "healthy": "HealthyThreshold",
    "unhealthy": "UnhealthyThreshold",
}


def settings(properties: Properties, changed: frozenset[str], url: str) -> dict[str, Any]:
    """The parameters of CreateService or UpdateService for the changed properties that are set."""
    found: dict[str, Any] = {}
    if changed & SOURCE:
        found["SourceConfiguration"] = _source(properties, url)
    if instance := {
        theirs: str(properties[ours])
        for ours, theirs in INSTANCE.items()
        if ours in changed and properties.get(ours) is not None
    }:
        found["InstanceConfiguration"] = instance
    if "health" in changed and properties.get("health"):
        health = properties["health"]
        found["HealthCheckConfiguration"] = {
            "Protocol": "HTTP",
            "Path": health["path"],
            **{theirs: health[ours] for ours, theirs in HEALTH.items() if health.get(ours) is not None},
        }
    if "scaling" in changed and properties.get("scaling"):
        found["AutoScalingConfigurationArn"] = properties["scaling"]
    return found


def _source(properties: Properties, url: str) -> dict[str, Any]:
    """App Runner takes the source as a whole."""
    image = str(properties["image"])
    configuration: dict[str, Any] = {"RuntimeEnvironmentVariables": _own_address.variables(properties, url)}
    if properties.get("port") is not None:
        configuration["Port"] = str(properties["port"])
    if properties.get("command"):
        configuration["StartCommand"] = properties["command"]
    if properties.get("secrets") is not None:
        configuration["RuntimeEnvironmentSecrets"] = dict(properties["secrets"])
    found: dict[str, Any] = {
        "ImageRepository": {
            "ImageIdentifier": image,
            "ImageRepositoryType": "ECR_PUBLIC" if image.startswith("public.ecr.aws/") else "ECR",
            "ImageConfiguration": configuration,
        },
        # True is App Runner's default: a pushed tag would deploy by itself.
        "AutoDeploymentsEnabled": bool(properties.get("auto_deploy")),
    }
    if properties.get("access_role"):
        found["AuthenticationConfiguration"] = {"AccessRoleArn": properties["access_role"]}
    return found


def listed(context: Context) -> dict[str, str]:
    """ARN by name of every service in the account and Region."""
    services = context.aws.pages("apprunner", "list_services", "ServiceSummaryList")
    return {one["ServiceName"]: one["ServiceArn"] for one in services}


def find(context: Context, name: str, address: str, wanted: Properties) -> Live | None:
    """The service of a name. The index may still show one that is gone, so a second look asks App Runner itself."""
    indexed = context.index.arns(address.partition(".")[0]).get(address, "")
    if f"/{name}/" in indexed and (live := _described(context, indexed, address, wanted)):
        return live
    arn = listed(context).get(name)
    return _described(context, arn, address, wanted) if arn and arn != indexed else None


def _described(context: Context, arn: str, address: str, wanted: Properties) -> Live | None:
    with ignoring(GONE):
        one = context.aws.read("apprunner", "describe_service", ServiceArn=arn)["Service"]
        if one["Status"] != "DELETED":
            tags = tags_of(context, arn, "apprunner", "list_tags_for_resource", "Tags", ResourceArn=arn)
            return _live(one, address, wanted, tags)
    return None


def _live(one: Mapping[str, Any], address: str, wanted: Properties, tags: Tags) -> Live:
    arn, name, state = one["ServiceArn"], one["ServiceName"], one["Status"]
    url = f"https://{one['ServiceUrl']}" if one.get("ServiceUrl") else ""
    # A service whose creation failed is only good for deletion, which `status` says: nothing of it is to be changed.
    properties = dict(wanted) if state == "CREATE_FAILED" and wanted else _properties(one, wanted, url)
    attributes = {"id": arn, "arn": arn, "name": name, "url": url, "status": state}
    attributes["hold"] = hold.as_json() if (hold := hold_in(tags)) else None
    return Live(address, arn, properties | {"name": name}, attributes, owner_of(tags))


def _properties(one: Mapping[str, Any], wanted: Properties, url: str) -> dict[str, Any]:
    source, instance = one["SourceConfiguration"], one["InstanceConfiguration"]
    repository, health = source.get("ImageRepository", {}), one.get("HealthCheckConfiguration", {})
    configuration = repository.get("ImageConfiguration", {})
    port = configuration.get("Port")
    return {
        "image": repository.get("ImageIdentifier"),
        "port": int(port) if port else None,
        "command": configuration.get("StartCommand", ""),
        "secrets": dict(configuration.get("RuntimeEnvironmentSecrets") or {}),
        "access_role": source.get("AuthenticationConfiguration", {}).get("AccessRoleArn"),
        "auto_deploy": source.get("AutoDeploymentsEnabled", True),
        "health": {"path": health.get("Path")} | {ours: health.get(theirs) for ours, theirs in HEALTH.items()},
        "scaling": one["AutoScalingConfigurationSummary"].get("AutoScalingConfigurationArn"),
        "running": one["Status"] != "PAUSED",
        **{ours: instance.get(theirs) for ours, theirs in INSTANCE.items()},
        **_own_address.apart(configuration.get("RuntimeEnvironmentVariables") or {}, wanted, url),
    }


def status_of(aws: Calls, live: Live, properties: Properties) -> Status:
    """Where the last operation stands: one ListOperations while there is one, one look at the log if it failed.

    One that succeeded may be somebody else's, begun after ours was over: so what runs is compared with what is wanted.
    """
    if live.attributes["status"] not in (BUSY, "CREATE_FAILED"):
        return READY
    listed = operations(aws, live.id, 1)
    operation = listed[0] if listed else {}
    rollout = judge_operation({"Status": live.attributes["status"]}, operation)
    if not operation:
        return Status(State.PENDING, rollout.sentence)
    detail = {"operation": operation["Id"], "type": operation["Type"], "status": operation["Status"]}
    if not rollout.verdict.over:
        return Status(State.PENDING, rollout.sentence, detail)
    if rollout.verdict is Verdict.SUCCESSFUL:
        runs = image_of(aws.read("apprunner", "describe_service", ServiceArn=live.id)["Service"])
        if runs == properties.get("image", runs):
            return Status(State.READY, rollout.sentence, detail)
        sentence = f"{properties['image']} is not what runs: {runs} was deployed, by somebody else"
        return Status(State.FAILED, sentence, detail)
    detail |= _told(live, _last_words(aws, live, operation))
    if operation["Type"] == "CREATE_SERVICE":
        return Status(State.FAILED, rollout.sentence, detail, corpse=True)
    if rollout.verdict is Verdict.ROLLED_BACK:
        detail |= {"safe": "the version before it is serving"}
        return Status(State.FAILED, rollout.sentence, detail, ExitCode.ROLLED_BACK)
    return Status(State.FAILED, rollout.sentence, detail)


def _told(live: Live, words: str) -> dict[str, Any]:
    """What App Runner wrote, and the cause that it shows, if it shows one."""
    found = diagnose(Symptoms(service=str(live.attributes["name"]), runner=words))
    if not words or found.cause == "unknown":
        return {"evidence": words}
    return {"evidence": words, "command": found.command, "diagnosis": found.as_detail()}


def _last_words(aws: Calls, live: Live, operation: Mapping[str, Any]) -> str:
    """What App Runner wrote about it into the log that it keeps for the service; empty when that cannot be read."""
    name, unique = live.id.split("/")[-2:]
    try:
        events = aws.read(
            "logs",
            "filter_log_events",
            logGroupName=f"/aws/apprunner/{name}/{unique}/service",
            startTime=int(operation["StartedAt"].timestamp() * 1000) - 1000,
        )["events"]
    except AwsError:
        # Lines of a log only help to understand; the failure is reported without them too.
        return ""
    return str(events[-1]["message"]).strip() if events else ""
