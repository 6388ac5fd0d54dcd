"""App Runner: services whose operations take their time, fail as images fail, and roll back.

AWS closed App Runner to new customers on 30 April 2026; `set_open(False)` makes this account one of those. The error
that such an account gets is not documented: the sandbox answers AccessDeniedException.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wizard.sandbox import app_runner_scaling as scaling
from wizard.sandbox import moto_state
from wizard.sandbox.app_runner_form import CONFIGURED, HEALTH, configured
from wizard.sandbox.app_runner_verdict import Verdict, verdict_on
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.world import ACCOUNT, after, on_reset

START_SECONDS = 5.0
SECONDS = {"CREATE_SERVICE": 240.0, "UPDATE_SERVICE": 180.0, "START_DEPLOYMENT": 150.0}
SECONDS |= {"PAUSE_SERVICE": 60.0, "RESUME_SERVICE": 120.0, "DELETE_SERVICE": 90.0}
ROLLBACK_SECONDS = 60.0
CLOSED = "AWS App Runner is no longer open to new customers."


@dataclass
class Operation:
    """Something that a service is going through, or went through."""

    type: str
    started_at: datetime
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "PENDING"
    ended_at: datetime | None = None


@dataclass
class RunnerService:
    """A service with its configuration, and its operations newest first."""

    name: str
    id: str
    region: str
    configuration: dict[str, Any]
    created_at: datetime
    tags: dict[str, str]
    status: str = "OPERATION_IN_PROGRESS"
    operations: list[Operation] = field(default_factory=list)
    deleted_at: datetime | None = None

    @property
    def arn(self) -> str:
        """Name and id are both in it."""
        return f"arn:aws:apprunner:{self.region}:{ACCOUNT}:service/{self.name}/{self.id}"

    @property
    def url(self) -> str:
        """The host that App Runner gives it, which nobody can choose."""
        return f"{self.id[:10]}.{self.region}.awsapprunner.com"


_SERVICES: dict[str, RunnerService] = {}
_OPEN = {"open": True}
scaling.USED_BY.append(lambda arn: any(_live(one) and one.configuration["scaling"] == arn for one in services()))


def set_open(is_open: bool) -> dict[str, bool]:
    """Whether this account may make new things in App Runner."""
    _OPEN["open"] = is_open
    return dict(_OPEN)


def services() -> Iterator[RunnerService]:
    """Every service, deleted ones too."""
    yield from list(_SERVICES.values())


def _live(one: RunnerService) -> bool:
    return one.status != "DELETED"


@before("apprunner", "CreateService", "CreateAutoScalingConfiguration", "CreateVpcConnector")
def _closed_to_new_customers(call: Call) -> None:
    if not _OPEN["open"]:
        raise Refused("AccessDeniedException", CLOSED)


@handles("apprunner", "CreateService")
def create_service(call: Call) -> dict[str, Any]:
    """The name is taken until the service is deleted, also by one whose creation failed."""
    name = call.params["ServiceName"]
    if any(one.name == name and one.region == call.region and _live(one) for one in services()):
        raise Refused("InvalidRequestException", f"Service with the provided name already exists: {name}.")
    configuration = configured(call, {"HealthCheckConfiguration": HEALTH, "InstanceConfiguration": {}})
    tags = {tag["Key"]: tag["Value"] for tag in call.params.get("Tags", ())}
    one = RunnerService(name, uuid.uuid4().hex, call.region, configuration, call.clock.now(), tags)
    _SERVICES[one.arn] = one
    return _begin(call, one, "CREATE_SERVICE", None)


def _begin(call: Call, one: RunnerService, kind: str, earlier: dict[str, Any] | None) -> dict[str, Any]:
    """Start an operation; `earlier` is the configuration that a failed one goes back to."""
    operation = Operation(kind, call.clock.now())
    one.operations.insert(0, operation)
    one.status = "OPERATION_IN_PROGRESS"
    after(START_SECONDS, lambda: setattr(operation, "status", "IN_PROGRESS"))
    deploys = kind in ("CREATE_SERVICE", "UPDATE_SERVICE", "START_DEPLOYMENT", "RESUME_SERVICE")
    verdict = verdict_on(one.configuration, call.region) if deploys else Verdict()
    seconds = (SECONDS[kind] if verdict.works else 0.0) + verdict.seconds
    after(seconds, lambda: _end(call, one, operation, verdict, earlier))
    return {"Service": shown(call, one), "OperationId": operation.id}


def _end(
    call: Call, one: RunnerService, operation: Operation, verdict: Verdict, earlier: dict[str, Any] | None
) -> None:
    if operation.type in ("CREATE_SERVICE", "UPDATE_SERVICE", "START_DEPLOYMENT"):
        _log(one, operation, verdict)
    if verdict.works:
        left = {"PAUSE_SERVICE": "PAUSED", "DELETE_SERVICE": "DELETED"}.get(operation.type, "RUNNING")
        one.deleted_at = call.clock.now() if left == "DELETED" else None
        _finish(call, one, operation, "SUCCEEDED", left)
    elif operation.type == "CREATE_SERVICE":
        _finish(call, one, operation, "FAILED", "CREATE_FAILED")
    else:
        operation.status = "ROLLBACK_IN_PROGRESS"
        one.configuration = earlier or one.configuration
        after(ROLLBACK_SECONDS, lambda: _finish(call, one, operation, "ROLLBACK_SUCCEEDED", "RUNNING"))


def _finish(call: Call, one: RunnerService, operation: Operation, status: str, left: str) -> None:
    operation.status, operation.ended_at, one.status = status, call.clock.now(), left


def _log(one: RunnerService, operation: Operation, verdict: Verdict) -> None:
    """App Runner makes two log groups, and leaves them when the service goes."""
    store = moto_state.logs(one.region)
    lines = {
        "service": (f"[AppRunner] {operation.type}: {verdict.reason or 'Successfully deployed your application.'}",),
        "application": verdict.lines,
    }
    for part, written in lines.items():
        group = f"/aws/apprunner/{one.name}/{one.id}/{part}"
        if group not in store.groups:
            store.create_log_group(group, {})
        stream = f"{'events' if part == 'service' else 'instance'}/{operation.id}"
        store.create_log_stream(group, stream)
        stamp = int(operation.started_at.timestamp() * 1000)
        events = [{"timestamp": stamp, "message": line} for line in written]
        if events:
            store.put_log_events(group, stream, events)


def _found(call: Call, *, busy: bool = True) -> RunnerService:
    arn = call.params["ServiceArn"]
    one = _SERVICES.get(arn)
    if one is None or (not busy and not _live(one)):
        raise Refused("ResourceNotFoundException", f"Service {arn} does not exist.")
    if not busy and one.status == "OPERATION_IN_PROGRESS":
        raise Refused("InvalidStateException", f"Service cannot be changed in its current state: {one.status}.")
    return one


def _only_when(one: RunnerService, status: str) -> None:
    if one.status != status:
        raise Refused("InvalidStateException", f"The service must be {status}; it is {one.status}.")


def shown(call: Call, one: RunnerService) -> dict[str, Any]:
    """A Service."""
    updated = one.operations[0].ended_at or one.operations[0].started_at if one.operations else one.created_at
    configured = {key: one.configuration[key] for key in CONFIGURED}
    return configured | {
        "ServiceName": one.name,
        "ServiceId": one.id,
        "ServiceArn": one.arn,
        "ServiceUrl": one.url,
        "CreatedAt": one.created_at,
        "UpdatedAt": updated,
        "Status": one.status,
        "AutoScalingConfigurationSummary": scaling.summary(scaling.find(call, one.configuration["scaling"])),
        **({"DeletedAt": one.deleted_at} if one.deleted_at else {}),
    }


@handles("apprunner", "DescribeService")
def describe_service(call: Call) -> dict[str, Any]:
    """One service, also for a while after it is deleted."""
    return {"Service": shown(call, _found(call))}


@handles("apprunner", "ListServices")
def list_services(call: Call) -> dict[str, Any]:
    """All but deleted ones."""
    keys = ("ServiceName", "ServiceId", "ServiceArn", "ServiceUrl", "CreatedAt", "UpdatedAt", "Status")
    found = [shown(call, one) for one in services() if one.region == call.region and _live(one)]
    return {"ServiceSummaryList": [{key: one[key] for key in keys} for one in found]}


@handles("apprunner", "UpdateService")
def update_service(call: Call) -> dict[str, Any]:
    """A failed update goes back to what was before it."""
    one = _found(call, busy=False)
    _only_when(one, "RUNNING")
    earlier, one.configuration = one.configuration, configured(call, one.configuration)
    return _begin(call, one, "UPDATE_SERVICE", earlier)


@handles("apprunner", "StartDeployment")
def start_deployment(call: Call) -> dict[str, Any]:
    """The image that the tag names now."""
    one = _found(call, busy=False)
    _only_when(one, "RUNNING")
    return {"OperationId": _begin(call, one, "START_DEPLOYMENT", one.configuration)["OperationId"]}


@handles("apprunner", "PauseService", "ResumeService", "DeleteService")
def pause_resume_delete(call: Call) -> dict[str, Any]:
    """Nothing else may be going on; a service whose creation failed can only be deleted."""
    one = _found(call, busy=False)
    needed = {"PauseService": "RUNNING", "ResumeService": "PAUSED"}.get(call.operation)
    if needed:
        _only_when(one, needed)
    return _begin(call, one, f"{call.operation.removesuffix('Service').upper()}_SERVICE", one.configuration)


@handles("apprunner", "ListOperations")
def list_operations(call: Call) -> dict[str, Any]:
    """Newest first, at most as many as asked for."""
    one = _found(call)
    found = [
        {
            "Id": each.id,
            "Type": each.type,
            "Status": each.status,
            "TargetArn": one.arn,
            "StartedAt": each.started_at,
            "UpdatedAt": each.ended_at or each.started_at,
            **({"EndedAt": each.ended_at} if each.ended_at else {}),
        }
        for each in one.operations
    ]
    return {"OperationSummaryList": found[: call.params.get("MaxResults", 20)]}


def _tags(call: Call) -> dict[str, str]:
    arn = call.params["ResourceArn"]
    if arn in _SERVICES:
        return _SERVICES[arn].tags
    return scaling.find(call, arn).tags


@handles("apprunner", "ListTagsForResource")
def list_tags(call: Call) -> dict[str, Any]:
    """Tags of a service or an autoscaling configuration."""
    return {"Tags": [{"Key": key, "Value": value} for key, value in _tags(call).items()]}


@handles("apprunner", "TagResource", "UntagResource")
def change_tags(call: Call) -> dict[str, Any]:
    """Add, replace or remove tags."""
    tags = _tags(call)
    tags.update({tag["Key"]: tag["Value"] for tag in call.params.get("Tags", ())})
    for key in call.params.get("TagKeys", ()):
        tags.pop(key, None)
    return {}


@on_reset
def _clear() -> None:
    _SERVICES.clear()
    set_open(True)
