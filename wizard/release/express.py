"""An older revision of an Express service as a request: ECS registers a task definition of its own for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.errors import NeedsPerson
from wizard.release.revision import Revision

MAIN = "Main"
"""AWS: the name of the container that gets the requests."""


def update_request(target: Revision) -> dict[str, Any]:
    """The parameters of UpdateExpressGatewayService that bring a revision back, its image by digest.

    What is no part of a task definition (health path, scaling, network) stays as it is. Raises `NeedsPerson` for a
    revision with sidecars: those are given by a task definition, which the owner keeps.
    """
    definition = target.definition
    containers = list(definition.get("containerDefinitions") or ())
    main = next((one for one in containers if one["name"] == MAIN), None)
    if main is None or len(containers) > 1:
        raise NeedsPerson(
            f"{target.label} is no revision that Express Mode can be given by its container",
            evidence="it has sidecars, or no container named Main",
            safe="nothing was changed",
            next_step=f"aws ecs update-express-gateway-service --task-definition-arn {target.id}",
        )
    request: dict[str, Any] = {"primaryContainer": _container(main, target)}
    for key in ("executionRoleArn", "taskRoleArn", "cpu", "memory"):
        if definition.get(key):
            request[key] = str(definition[key])
    architecture = (definition.get("runtimePlatform") or {}).get("cpuArchitecture")
    if architecture:
        request["cpuArchitecture"] = architecture
    return request


def _container(main: Mapping[str, Any], target: Revision) -> dict[str, Any]:
    image = next((one.pinned for one in target.images if one.container == MAIN), str(main["image"]))
    found: dict[str, Any] = {
        "image": image,
        "environment": list(main.get("environment") or ()),
        "secrets": list(main.get("secrets") or ()),
        "command": list(main.get("command") or ()),
    }
    if ports := main.get("portMappings"):
        found["containerPort"] = ports[0]["containerPort"]
    options = (main.get("logConfiguration") or {}).get("options") or {}
    if options.get("awslogs-group"):
        found["awsLogsConfiguration"] = {
            "logGroup": options["awslogs-group"],
            "logStreamPrefix": options.get("awslogs-stream-prefix", "ecs"),
        }
    return found
