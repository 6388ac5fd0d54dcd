"""Service deployments and service revisions: list, describe, stop, continue."""

from __future__ import annotations

from typing import Any

from wizard.sandbox.ecs import answers, finding, outcome
from wizard.sandbox.ecs.door import operation, page
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import Service, ServiceDeployment
from wizard.sandbox.handling import Refused

MOST_DESCRIBED = 20
KEPT_SECONDS = 90 * 86400
"""ECS forgets a service deployment after ninety days."""


@operation("ListServiceDeployments")
def list_service_deployments(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """List a service's deployments, newest first; one that CodeDeploy or somebody else deploys has none."""
    service = finding.service(region, params)
    if service.status == "INACTIVE":
        raise Refused("ServiceNotFoundException", "Service not found.")
    span = params.get("createdAt", {})
    after = max(region.moment(span["after"]) if "after" in span else 0.0, region.time - KEPT_SECONDS)
    before = region.moment(span["before"]) if "before" in span else float("inf")
    statuses = params.get("status")
    found = [
        answers.service_deployment_brief(region, record, service)
        for record in (service.history if answers.deploys_itself(service) else ())
        if (not statuses or record.status in statuses) and after <= record.created_at <= before
    ]
    shown, following = page(found, params, 20)
    return {"serviceDeployments": shown} | following


@operation("DescribeServiceDeployments")
def describe_service_deployments(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Describe up to twenty service deployments."""
    arns = params["serviceDeploymentArns"]
    _check_count(arns)
    shown, failures = [], []
    for arn in arns:
        found = finding.service_deployment(region, arn)
        if found is None:
            failures.append(finding.missing(arn))
        else:
            shown.append(answers.service_deployment(region, found[1], found[0]))
    return {"serviceDeployments": shown, "failures": failures}


@operation("DescribeServiceRevisions")
def describe_service_revisions(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Describe up to twenty service revisions."""
    _check_count(params["serviceRevisionArns"])
    known = {arn: service for service in region.services.values() for arn in service.revisions}
    shown, failures = [], []
    for arn in params["serviceRevisionArns"]:
        if arn in known:
            shown.append(answers.service_revision(region, known[arn].revisions[arn], known[arn]))
        else:
            failures.append(finding.missing(arn))
    return {"serviceRevisions": shown, "failures": failures}


@operation("StopServiceDeployment")
def stop_service_deployment(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Stop a deployment that is in flight: roll it back (the default), or leave it where it is (ABORT)."""
    service, record = _in_flight(region, params["serviceDeploymentArn"])
    if record.status not in ("PENDING", "IN_PROGRESS"):
        raise Refused(
            "ConflictException",
            f"The service deployment cannot be stopped because its status is {record.status}.",
        )
    if params.get("stopType") == "ABORT":
        outcome.request_stop(region, service, record)
    else:
        outcome.request_rollback(region, service, record, "Service deployment rolled back by user request.")
    return {"serviceDeploymentArn": record.arn}


@operation("ContinueServiceDeployment")
def continue_service_deployment(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Let a deployment that waits at a PAUSE hook go on, or roll it back."""
    service, record = _in_flight(region, params["serviceDeploymentArn"])
    hook = next((hook for hook in record.hooks if hook.id == params["hookId"]), None)
    if hook is None or hook.status != "AWAITING_ACTION":
        raise Refused("InvalidParameterException", "The lifecycle hook is not waiting for an action.")
    if params.get("action", "CONTINUE") == "CONTINUE":
        hook.status = "SUCCEEDED"
        service.wake = region.time
    else:
        hook.status = "FAILED"
        outcome.request_rollback(region, service, record, "Service deployment rolled back at a lifecycle hook.")
    return {"serviceDeploymentArn": record.arn}


def _in_flight(region: Region, arn: str) -> tuple[Service, ServiceDeployment]:
    found = finding.service_deployment(region, arn)
    if found is None:
        raise Refused("ServiceDeploymentNotFoundException", "The service deployment does not exist.")
    if not found[1].in_flight:
        raise Refused(
            "ConflictException",
            f"The service deployment cannot be stopped because its status is {found[1].status}.",
        )
    return found


def _check_count(arns: list[str]) -> None:
    if not 0 < len(arns) <= MOST_DESCRIBED:
        raise Refused("InvalidParameterException", f"Specify between 1 and {MOST_DESCRIBED} ARNs.")
