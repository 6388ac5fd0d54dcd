"""What ECS refuses at CreateService and UpdateService."""

from __future__ import annotations

from typing import Any, NoReturn

from wizard.sandbox.ecs.neighbours import Neighbours
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import Cluster, TaskDefinition
from wizard.sandbox.handling import Refused

WITHOUT_PAUSE = ("TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT")
"""Stages that cannot have a PAUSE hook."""


def check_shape(region: Region, cluster: Cluster, settings: dict[str, Any], params: dict[str, Any]) -> None:
    """Refuse settings that contradict each other. Raises `Refused` (InvalidParameterException)."""
    if params.get("launchType") and params.get("capacityProviderStrategy"):
        _refuse(
            "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again."
        )
    for item in settings.get("capacityProviderStrategy", []):
        if item["capacityProvider"] not in cluster.fields["capacityProviders"]:
            _refuse(f"The specified capacity provider '{item['capacityProvider']}' is not associated with the cluster.")
    if params.get("healthCheckGracePeriodSeconds") and not settings.get("loadBalancers"):
        _refuse("Health check grace period is only valid for services configured to use load balancers")
    configuration = settings["deploymentConfiguration"]
    if params.get("availabilityZoneRebalancing") == "ENABLED" and configuration["maximumPercent"] <= 100:
        _refuse("AvailabilityZoneRebalancing requires a maximumPercent above 100.")
    if params.get("desiredCount", 0) < 0:
        _refuse("desiredCount cannot be negative.")
    _check_strategy(settings, configuration)


def _check_strategy(settings: dict[str, Any], configuration: dict[str, Any]) -> None:
    strategy = configuration.get("strategy", "ROLLING")
    if strategy == "ROLLING":
        if configuration["maximumPercent"] <= 100 and configuration["minimumHealthyPercent"] >= 100:
            _refuse("Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.")
        return
    if not settings.get("loadBalancers") and not settings.get("serviceConnectConfiguration", {}).get("enabled"):
        _refuse(f"The {strategy} deployment strategy needs a load balancer or Service Connect.")
    for balancer in settings.get("loadBalancers", []):
        advanced = balancer.get("advancedConfiguration", {})
        if not all(advanced.get(key) for key in ("alternateTargetGroupArn", "productionListenerRule", "roleArn")):
            _refuse(
                f"The {strategy} deployment strategy needs advancedConfiguration with alternateTargetGroupArn, "
                "productionListenerRule and roleArn."
            )
    for hook in configuration.get("lifecycleHooks", []):
        if hook.get("targetType") == "PAUSE" and set(hook["lifecycleStages"]) & set(WITHOUT_PAUSE):
            _refuse("A PAUSE hook is not supported at a traffic shift stage.")


def check_references(region: Region, definition: TaskDefinition, settings: dict[str, Any]) -> None:
    """Refuse what is named and does not exist. Raises `Refused` (InvalidParameterException)."""
    neighbours = Neighbours(region.account, region.name)
    fargate = settings.get("launchType", "FARGATE") == "FARGATE"
    if fargate and "FARGATE" not in definition.fields["compatibilities"]:
        _refuse("Task definition does not support launch_type FARGATE.")
    check_network(neighbours, definition, settings.get("networkConfiguration", {}))
    for balancer in settings.get("loadBalancers", []):
        _check_balancer(neighbours, definition, balancer)


def check_network(neighbours: Neighbours, definition: TaskDefinition, network: dict[str, Any]) -> None:
    """Refuse subnets and security groups that do not exist or lie in different VPCs."""
    awsvpc = network.get("awsvpcConfiguration")
    if definition.fields.get("networkMode") != "awsvpc":
        if awsvpc:
            _refuse("Network Configuration is not valid for the given networkMode of this task definition.")
        return
    if not awsvpc or not awsvpc.get("subnets"):
        _refuse("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
    vpcs = set()
    for name in awsvpc["subnets"]:
        subnet = neighbours.subnet(name)
        if subnet is None:
            _refuse(f"Error retrieving subnet information for [{name}]: The subnet ID '{name}' does not exist")
        vpcs.add(subnet.vpc_id)
    for name in awsvpc.get("securityGroups", []):
        group = neighbours.security_group(name)
        if group is None:
            _refuse(
                f"Error retrieving security group information for [{name}]: The security group '{name}' does not exist"
            )
        vpcs.add(group.vpc_id)
    if len(vpcs) > 1:
        _refuse("Subnets and security groups must be in the same VPC.")


def _check_balancer(neighbours: Neighbours, definition: TaskDefinition, balancer: dict[str, Any]) -> None:
    arn = balancer.get("targetGroupArn", "")
    group = neighbours.target_group(arn)
    if group is None:
        _refuse(f"The specified target group does not exist: {arn}")
    if definition.fields.get("networkMode") == "awsvpc" and group.target_type != "ip":
        _refuse(
            f"The provided target group {arn} has target type {group.target_type}, which is incompatible with the "
            "awsvpc network mode specified in the task definition."
        )
    if not neighbours.on_a_listener(arn):
        _refuse(f"The target group with targetGroupArn {arn} does not have an associated load balancer.")
    advanced = balancer.get("advancedConfiguration", {})
    alternate = advanced.get("alternateTargetGroupArn")
    if alternate and neighbours.target_group(alternate) is None:
        _refuse(f"The specified target group does not exist: {alternate}")
    if advanced.get("roleArn") and not neighbours.role_exists(advanced["roleArn"]):
        _refuse(f"Unable to assume role {advanced['roleArn']} and validate the listener rules.")
    rule = advanced.get("productionListenerRule")
    if rule and neighbours.listener_rule(rule) is None:
        _refuse(f"The listener rule {rule} does not exist.")
    name, port = balancer.get("containerName"), balancer.get("containerPort")
    container = next((found for found in definition.containers if found["name"] == name), None)
    if container is None:
        _refuse(f"The container {name} does not exist in the task definition.")
    if port not in [mapping["containerPort"] for mapping in container["portMappings"]]:
        _refuse(f"The container {name} did not have a container port {port} defined.")


def _refuse(message: str) -> NoReturn:
    raise Refused("InvalidParameterException", message)
