"""Container definitions as ECS takes and answers them: the same meaning with and without the defaults that it adds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

HEALTH_CHECK = {"interval": 30, "timeout": 5, "retries": 3}
"""What ECS fills in for a container health check."""


def canonical_containers(containers: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Containers by name, each without whatever ECS would add by itself."""
    return sorted((_container(one) for one in containers), key=lambda one: str(one.get("name")))


def canonical_volumes(volumes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Volumes by name, without empty settings and the root directory that EFS takes by itself."""
    return sorted((_volume(one) for one in volumes), key=lambda one: str(one.get("name")))


def ordered(container: Mapping[str, Any]) -> dict[str, Any]:
    """The container as it is registered: environment and secrets by name, so that two runs register the same."""
    shown = {key: value for key, value in container.items() if value is not None}
    for key in ("environment", "secrets"):
        if key in shown:
            shown[key] = sorted(shown[key], key=lambda item: str(item["name"]))
    return shown


def _container(container: Mapping[str, Any]) -> dict[str, Any]:
    plain = _without_empty(container)
    if plain.get("cpu") in (0, "0"):
        del plain["cpu"]
    if plain.get("essential") is True:
        del plain["essential"]
    for key in ("readonlyRootFilesystem", "privileged", "interactive", "pseudoTerminal", "disableNetworking"):
        if plain.get(key) is False:
            del plain[key]
    if plain.get("versionConsistency") == "enabled":
        del plain["versionConsistency"]
    if "portMappings" in plain:
        plain["portMappings"] = sorted((_port(one) for one in plain["portMappings"]), key=repr)
    if "healthCheck" in plain:
        check = HEALTH_CHECK | plain["healthCheck"]
        plain["healthCheck"] = {key: value for key, value in check.items() if (key, value) != ("startPeriod", 0)}
    for key in ("environment", "secrets"):
        if key in plain:
            plain[key] = sorted(plain[key], key=lambda item: str(item["name"]))
    for key in ("mountPoints", "dependsOn"):
        if key in plain:
            plain[key] = sorted((_mount(one) for one in plain[key]), key=repr)
    return plain


def _port(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """In awsvpc the host's port is the container's, and the protocol is TCP unless said otherwise."""
    plain = _without_empty(mapping)
    if plain.get("hostPort") in (0, plain.get("containerPort")):
        plain.pop("hostPort", None)
    return {"protocol": "tcp"} | plain


def _mount(mount: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted((key, value) for key, value in mount.items() if (key, value) != ("readOnly", False)))


def _volume(volume: Mapping[str, Any]) -> dict[str, Any]:
    plain = _without_empty(volume)
    efs = plain.get("efsVolumeConfiguration")
    if efs and efs.get("rootDirectory") == "/":
        plain["efsVolumeConfiguration"] = {key: value for key, value in efs.items() if key != "rootDirectory"}
    return plain


def _without_empty(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Without what says nothing: None, and empty text, lists and mappings, at any depth of mappings."""
    cleaned = {
        key: _without_empty(value) if isinstance(value, Mapping) else value
        for key, value in mapping.items()
        if value is not None
    }
    return {key: value for key, value in cleaned.items() if value not in ("", [], {}, ())}
