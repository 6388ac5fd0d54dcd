"""The containers of a task as ECS takes them: what they run, what they are told, where they log."""

from __future__ import annotations

from typing import Any

from wizard.blueprint.model import Container, EcsFargate
from wizard.engine.values import Ref, Text
from wizard.options.filling import filled
from wizard.options.placeholder_image import IMAGE, command
from wizard.options.site import Site

_LOG_BUFFER = "4m"
"""AWS drops what does not fit while CloudWatch Logs is slow; blocking would stop the application instead."""


def definitions(site: Site, service: str, choice: EcsFargate) -> list[dict[str, Any]]:
    """The container definitions of a task, in the blueprint's order."""
    return [_definition(site, service, choice, name) for name in choice.containers]


def secret_versions(site: Site, choice: EcsFargate) -> Text | None:
    """Which versions of this deployment's secrets its containers start with: a changed one wants new tasks."""
    given = {secret for container in choice.containers.values() for secret in container.secrets.values()}
    made = [site.secrets[name] for name in sorted(given) if name in site.secrets]
    versions = {each.address: Ref(each.address, "version") for each in made if isinstance(each, Ref)}
    ours = {address: ref for address, ref in versions.items() if address.split(".")[0] in ("secret", "parameter")}
    return Text(" ".join(f"{{{address}}}" for address in ours), tuple(ours.items())) if ours else None


def volumes(site: Site, choice: EcsFargate) -> list[dict[str, Any]]:
    """Empty volumes for the folders that stay writable in a read-only container, and the file systems it mounts."""
    empty = [
        {"name": volume} for name, container in choice.containers.items() for volume, _ in _writable(name, container)
    ]
    return [*empty, *(_shared(site, storage) for storage in mounted(choice))]


def mounted(choice: EcsFargate) -> list[str]:
    """The file systems that some container of a task mounts."""
    return sorted({storage for container in choice.containers.values() for storage in container.mounts})


def _shared(site: Site, storage: str) -> dict[str, Any]:
    files = site.files[storage]
    how = {
        "fileSystemId": files.id,
        "transitEncryption": "ENABLED",
        "authorizationConfig": {"accessPointId": files.folder, "iam": "ENABLED"},
    }
    return {"name": storage, "efsVolumeConfiguration": how}


def _definition(site: Site, service: str, choice: EcsFargate, name: str) -> dict[str, Any]:
    container = choice.containers[name]
    standing_in = (service, name) not in site.images
    definition: dict[str, Any] = {
        "name": name,
        "image": IMAGE if standing_in else site.images[service, name],
        "essential": container.essential,
        "environment": _environment(site, service, name, container),
        "secrets": _secrets(site, container),
        "logConfiguration": _logging(site, service),
        "stopTimeout": container.stop_timeout,
    }
    optional = {
        "cpu": container.cpu,
        "memory": container.memory,
        "portMappings": _ports(name, container),
        "dependsOn": _waits(site, service, container),
        "mountPoints": [
            {"sourceVolume": volume, "containerPath": path, "readOnly": False}
            for volume, path in (*_writable(name, container), *sorted(container.mounts.items()))
        ],
    }
    optional |= _stand_in(site, service, name, container) if standing_in else _own_process(container)
    return definition | {key: value for key, value in optional.items() if value}


def _own_process(container: Container) -> dict[str, Any]:
    """What is said about the image's own process."""
    return {
        "command": list(container.command),
        "entryPoint": list(container.entrypoint),
        "user": container.user,
        "readonlyRootFilesystem": container.read_only_root,
        "healthCheck": _health(container),
    }


def _stand_in(site: Site, service: str, name: str, container: Container) -> dict[str, Any]:
    """The stand-in has neither the image's users nor the tools of its health check."""
    paths = [target.health_path for target in site.targets if (target.service, target.container) == (service, name)]
    return {"command": command(container.port, paths[0] if paths else "/")}


def _environment(site: Site, service: str, name: str, container: Container) -> list[dict[str, Any]]:
    place = f"services.{service}.containers.{name}.environment"
    return [
        {"name": variable, "value": filled(site, written, f"{place}.{variable}")}
        for variable, written in sorted(container.environment.items())
    ]


def _secrets(site: Site, container: Container) -> list[dict[str, Any]]:
    """Variables from secrets; an optional secret without a value has no ARN and is left out."""
    return [
        {"name": variable, "valueFrom": site.secrets[secret]}
        for variable, secret in sorted(container.secrets.items())
        if secret in site.secrets
    ]


def _logging(site: Site, service: str) -> dict[str, Any]:
    options = {
        "awslogs-group": site.log_groups[service],
        "awslogs-region": site.expansion.region,
        "awslogs-stream-prefix": service,
        "mode": "non-blocking",
        "max-buffer-size": _LOG_BUFFER,
    }
    return {"logDriver": "awslogs", "options": options}


def _ports(name: str, container: Container) -> list[dict[str, Any]]:
    if container.port is None:
        return []
    # With network mode awsvpc the host port is the container's own, and AWS reads it back so.
    return [{"name": name, "containerPort": container.port, "hostPort": container.port, "protocol": "tcp"}]


def _health(container: Container) -> dict[str, Any] | None:
    check = container.health_check
    if check is None:
        return None
    return {
        "command": ["CMD-SHELL", check.command],
        "interval": check.interval,
        "timeout": check.timeout,
        "retries": check.retries,
        "startPeriod": check.start_period,
    }


def _waits(site: Site, service: str, container: Container) -> list[dict[str, str]]:
    """A stand-in has no health check and never ends: whoever waits for it waits for its start."""
    return [
        {
            "containerName": other,
            "condition": condition.upper() if (service, other) in site.images else "START",
        }
        for other, condition in sorted(container.depends_on.items())
    ]


def _writable(name: str, container: Container) -> list[tuple[str, str]]:
    return [(f"{name}-writable-{number}", path) for number, path in enumerate(container.writable_paths, 1)]
