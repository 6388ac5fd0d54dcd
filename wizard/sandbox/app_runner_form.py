"""The configuration of an App Runner service: what a request sets, what App Runner fills in, what it refuses."""

from __future__ import annotations

import copy
from typing import Any

from wizard.sandbox import app_runner_scaling as scaling
from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused

CONFIGURED = ("SourceConfiguration", "InstanceConfiguration", "HealthCheckConfiguration", "NetworkConfiguration")
SIZES = {256: (512, 1024), 512: (1024,), 1024: (2048, 3072, 4096), 2048: (4096, 6144), 4096: (8192, 10240, 12288)}
HEALTH = {"Protocol": "TCP", "Path": "/", "Interval": 5, "Timeout": 2, "HealthyThreshold": 1, "UnhealthyThreshold": 5}


def configured(call: Call, earlier: dict[str, Any]) -> dict[str, Any]:
    """The earlier configuration with what the request sets. Raises `Refused` for what App Runner does not take."""
    found = copy.deepcopy(earlier)
    for key in CONFIGURED:
        given = copy.deepcopy(call.params.get(key, {}))
        found[key] = given if key == "SourceConfiguration" and given else found.get(key, {}) | given
    instance, source = found["InstanceConfiguration"], found["SourceConfiguration"]
    instance["Cpu"] = _units(instance.get("Cpu", "1024"))
    instance["Memory"] = _units(instance.get("Memory", "2048"))
    if int(instance["Memory"]) not in SIZES.get(int(instance["Cpu"]), ()):
        raise Refused("InvalidRequestException", f"CPU {instance['Cpu']} does not go with {instance['Memory']} MB.")
    _check_source(source, instance)
    found["NetworkConfiguration"].setdefault("EgressConfiguration", {"EgressType": "DEFAULT"})
    found["NetworkConfiguration"].setdefault("IngressConfiguration", {"IsPubliclyAccessible": True})
    wanted = call.params.get("AutoScalingConfigurationArn")
    found["scaling"] = scaling.find(call, wanted).arn if wanted else earlier.get("scaling", scaling.default(call).arn)
    return found


def _units(text: str) -> str:
    """`1 vCPU` and `2 GB` as `1024` and `2048`."""
    number, _, unit = text.partition(" ")
    return str(int(float(number) * 1024)) if unit else number


def _check_source(source: dict[str, Any], instance: dict[str, Any]) -> None:
    repository = source.get("ImageRepository")
    if repository is None:
        raise Refused("InvalidRequestException", "The sandbox runs services from an image repository only.")
    private = repository["ImageRepositoryType"] == "ECR"
    access = source.get("AuthenticationConfiguration", {}).get("AccessRoleArn")
    if private and not access:
        raise Refused("InvalidRequestException", "Authentication configuration is required for an ECR image.")
    roles = {role.arn for role in moto_state.iam().roles.values()}
    if access and access not in roles:
        raise Refused("InvalidRequestException", "Error in assuming access role " + access)
    if instance.get("InstanceRoleArn", access) not in (*roles, None):
        raise Refused("InvalidRequestException", "Error in assuming instance role " + instance["InstanceRoleArn"])
    source.setdefault("AutoDeploymentsEnabled", private)
