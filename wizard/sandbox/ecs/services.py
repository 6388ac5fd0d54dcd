"""Services: create, update, describe, list, delete."""

from __future__ import annotations

from typing import Any

from wizard.sandbox.ecs import answers, finding, outcome
from wizard.sandbox.ecs.door import operation, page
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.service_checks import check_references, check_shape
from wizard.sandbox.ecs.store import Service
from wizard.sandbox.handling import Refused

DEPLOYED = (
    "networkConfiguration",
    "loadBalancers",
    "serviceRegistries",
    "capacityProviderStrategy",
    "platformVersion",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
    "propagateTags",
    "enableECSManagedTags",
)
"""A change of one of these starts a deployment."""
IN_PLACE = (
    "healthCheckGracePeriodSeconds",
    "enableExecuteCommand",
    "availabilityZoneRebalancing",
    "placementConstraints",
    "placementStrategy",
    "deploymentController",
)
OF_A_REVISION = (*DEPLOYED, "launchType", "platformFamily", "enableExecuteCommand")
"""What a service revision remembers and a rollback brings back."""
NOT_OUR_CONTROLLER = (
    "Cannot update task definition on services with a {controller} deployment controller. "
    "Use AWS CodeDeploy to trigger a new deployment."
)
SERVICE_LINKED_ROLE = "aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
DEPLOYMENT_DEFAULTS: dict[str, Any] = {
    "deploymentCircuitBreaker": {"enable": False, "rollback": False},
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
    "strategy": "ROLLING",
    "bakeTimeInMinutes": 0,
}


@operation("CreateService")
def create_service(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Create a service and begin its first deployment."""
    cluster = finding.cluster(region, params.get("cluster"))
    token = (cluster.arn, params.get("clientToken", ""))
    existing = finding.service_or_none(region, cluster, params["serviceName"])
    if existing and existing.status == "ACTIVE":
        if token[1] and region.tokens.get(token) == [existing.arn]:
            return {"service": answers.service(region, existing, with_tags=True)}
        raise Refused("InvalidParameterException", "Creation of service was not idempotent.")
    if existing and existing.status == "DRAINING":
        raise Refused("InvalidParameterException", "Unable to Start a service that is still Draining.")
    settings = _settings(cluster.fields["defaultCapacityProviderStrategy"], params)
    settings["roleArn"] = f"arn:aws:iam::{region.account}:role/{SERVICE_LINKED_ROLE}"
    check_shape(region, cluster, settings, params)
    if not params.get("taskDefinition"):
        raise Refused("InvalidParameterException", "TaskDefinition can not be blank.")
    definition = finding.deployable(region, params["taskDefinition"])
    check_references(region, definition, settings)
    service = Service(
        name=params["serviceName"],
        arn=region.arn(f"service/{cluster.name}/{params['serviceName']}"),
        cluster=cluster,
        settings=settings,
        desired=params.get("desiredCount", 1),
        created_at=region.time,
        created_by=region.caller,
    )
    region.services.pop(service.arn, None)
    region.services[service.arn] = service
    region.tags[service.arn] = params.get("tags", [])
    region.tokens[token] = [service.arn]
    outcome.begin(region, service, definition, _of_a_revision(settings))
    return {"service": answers.service(region, service, with_tags=True)}


@operation("UpdateService")
def update_service(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Change a service; a changed workload or `forceNewDeployment` begins a deployment, a changed count only scales."""
    service = finding.service(region, params)
    if service.status != "ACTIVE":
        raise Refused("ServiceNotActiveException", "Service was not ACTIVE.")
    settings = dict(service.settings)
    for key in (*DEPLOYED, *IN_PLACE):
        if key in params:
            settings[key] = params[key]
    if params.get("capacityProviderStrategy"):
        settings.pop("launchType", None)
    settings["networkConfiguration"] = _network(settings.get("networkConfiguration"))
    if "deploymentConfiguration" in params:
        settings["deploymentConfiguration"] = service.configuration | params["deploymentConfiguration"]
    check_shape(region, service.cluster, settings, params)
    definition = service.primary.revision.definition
    controller = service.settings["deploymentController"]["type"]
    if controller != "ECS" and (params.get("taskDefinition") or params.get("forceNewDeployment")):
        raise Refused("InvalidParameterException", NOT_OUR_CONTROLLER.format(controller=controller))
    if "taskDefinition" in params:
        definition = finding.deployable(region, params["taskDefinition"])
    changed = any(settings.get(key) != service.settings.get(key) for key in DEPLOYED)
    deploys = changed or definition is not service.primary.revision.definition or params.get("forceNewDeployment")
    if deploys:
        check_references(region, definition, settings)
    service.settings = settings
    if "desiredCount" in params and params["desiredCount"] != service.desired:
        service.desired, service.unsettled = params["desiredCount"], True
    service.wake = region.time
    if deploys:
        outcome.begin(region, service, definition, _of_a_revision(settings))
    return {"service": answers.service(region, service, with_tags=True)}


@operation("DescribeServices")
def describe_services(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Describe up to ten services of a cluster, INACTIVE ones too."""
    if not 0 < len(params["services"]) <= 10:
        raise Refused("InvalidParameterException", "Services: specify between 1 and 10 services.")
    cluster = finding.cluster(region, params.get("cluster"))
    shown, failures = [], []
    for name in params["services"]:
        found = finding.service_or_none(region, cluster, name)
        if found is None:
            failures.append(finding.missing(region.arn(f"service/{cluster.name}/{finding.short(name)}")))
        else:
            shown.append(answers.service(region, found, with_tags="TAGS" in params.get("include", [])))
    return {"services": shown, "failures": failures}


@operation("ListServices")
def list_services(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """List the services of a cluster that are not INACTIVE."""
    cluster = finding.cluster(region, params.get("cluster"))
    wanted = {key: params[key] for key in ("launchType", "schedulingStrategy") if key in params}
    arns = [
        service.arn
        for service in region.services.values()
        if service.cluster is cluster
        and service.status != "INACTIVE"
        and all(service.settings.get(key) == value for key, value in wanted.items())
    ]
    shown, following = page(arns, params, 10)
    return {"serviceArns": shown} | following


@operation("DeleteService")
def delete_service(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Delete a service: DRAINING while its tasks stop, then INACTIVE."""
    service = finding.service(region, params)
    if service.status == "INACTIVE":
        raise Refused("ServiceNotFoundException", "Service not found.")
    if service.status == "ACTIVE" and not params.get("force"):
        if service.desired > 0:
            raise Refused("InvalidParameterException", "The service cannot be stopped while it is scaled above 0.")
        if service.current:
            raise Refused("InvalidParameterException", "The service cannot be stopped while deployments are active.")
    if service.status == "ACTIVE":
        outcome.close(region, service)
        service.status, service.desired, service.unsettled = "DRAINING", 0, True
        service.wake = region.time
    return {"service": answers.service(region, service, with_tags=True)}


def _settings(default_strategy: list[dict[str, Any]], params: dict[str, Any]) -> dict[str, Any]:
    """What a new service is set to, defaults of ECS included."""
    settings: dict[str, Any] = {
        "loadBalancers": [],
        "serviceRegistries": [],
        "placementConstraints": [],
        "placementStrategy": [],
        "schedulingStrategy": "REPLICA",
        "deploymentController": {"type": "ECS"},
        "propagateTags": "NONE",
        "enableECSManagedTags": False,
        "enableExecuteCommand": False,
    }
    settings |= {key: params[key] for key in (*DEPLOYED, *IN_PLACE, "schedulingStrategy") if key in params}
    settings["networkConfiguration"] = _network(params.get("networkConfiguration"))
    settings["deploymentConfiguration"] = DEPLOYMENT_DEFAULTS | params.get("deploymentConfiguration", {})
    if not params.get("launchType") and not params.get("capacityProviderStrategy") and default_strategy:
        settings["capacityProviderStrategy"] = default_strategy
    if not settings.get("capacityProviderStrategy"):
        settings["launchType"] = params.get("launchType", "EC2")
    if settings.get("launchType") != "EC2":
        settings.setdefault("platformVersion", "LATEST")
        settings["platformFamily"] = "Linux"
    if settings["loadBalancers"]:
        settings.setdefault("healthCheckGracePeriodSeconds", 0)
    whole_only = settings["deploymentConfiguration"]["maximumPercent"] <= 100
    settings.setdefault("availabilityZoneRebalancing", "DISABLED" if whole_only else "ENABLED")
    return settings


def _network(network: dict[str, Any] | None) -> dict[str, Any]:
    if not network or "awsvpcConfiguration" not in network:
        return network or {}
    return {"awsvpcConfiguration": {"assignPublicIp": "DISABLED"} | network["awsvpcConfiguration"]}


def _of_a_revision(settings: dict[str, Any]) -> dict[str, Any]:
    return {key: settings[key] for key in OF_A_REVISION if key in settings}
