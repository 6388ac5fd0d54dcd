"""What the tasks of a task definition need at their start, told from the definition alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wizard.release.revision import Revision


class Sort(StrEnum):
    """What sort of thing is needed."""

    IMAGE = "image"
    SECRET = "secret"
    PARAMETER = "parameter"
    ROLE = "role"
    LOG_GROUP = "log group"
    FILE_SYSTEM = "file system"
    ACCESS_POINT = "access point"
    SETTINGS = "settings"


@dataclass(frozen=True)
class Need:
    """One thing. `detail` says which part of it: an image's digest, a secret's JSON key, stage and version."""

    sort: Sort
    name: str
    detail: str = ""
    used_as: str = ""
    """For people: the variable that a secret becomes, the container that an image is for."""


SECRET_ARN = re.compile(
    r"(?P<arn>arn:[\w-]+:secretsmanager:[\w-]+:\d+:secret:[^:]+)"
    r"(?::(?P<key>[^:]*):(?P<stage>[^:]*):(?P<version>[^:]*))?"
)
"""ECS: `arn:…:secret:name:json-key:version-stage:version-id`; the last three may be empty, or left out together."""


def needs_of(revision: Revision) -> Iterator[Need]:
    """Every need of a revision's tasks, some of them more than once."""
    for image in revision.images:
        yield Need(Sort.IMAGE, image.reference, image.digest, image.container)
    definition = revision.definition
    for role in ("executionRoleArn", "taskRoleArn"):
        if definition.get(role):
            yield Need(Sort.ROLE, definition[role])
    for container in definition.get("containerDefinitions") or ():
        yield from _of_container(container)
    for volume in definition.get("volumes") or ():
        yield from _of_volume(volume)


def _of_container(container: Mapping[str, Any]) -> Iterator[Need]:
    log = container.get("logConfiguration") or {}
    for secret in (*(container.get("secrets") or ()), *(log.get("secretOptions") or ())):
        yield secret_need(str(secret["valueFrom"]), str(secret["name"]))
    if credentials := (container.get("repositoryCredentials") or {}).get("credentialsParameter"):
        yield secret_need(str(credentials), "the registry's credentials")
    for file in container.get("environmentFiles") or ():
        yield Need(Sort.SETTINGS, str(file.get("value", "")), used_as="environment file")
    options = log.get("options") or {}
    if log.get("logDriver") == "awslogs" and options.get("awslogs-create-group") != "true":
        yield Need(Sort.LOG_GROUP, str(options.get("awslogs-group", "")), str(options.get("awslogs-region", "")))


def _of_volume(volume: Mapping[str, Any]) -> Iterator[Need]:
    efs = volume.get("efsVolumeConfiguration") or {}
    if efs.get("fileSystemId"):
        yield Need(Sort.FILE_SYSTEM, str(efs["fileSystemId"]), used_as=str(volume.get("name", "")))
        if point := (efs.get("authorizationConfig") or {}).get("accessPointId"):
            yield Need(Sort.ACCESS_POINT, str(point), str(efs["fileSystemId"]))


def secret_need(value_from: str, used_as: str) -> Need:
    """What `valueFrom` points at: a secret by its ARN, else a parameter by its name or ARN."""
    if found := SECRET_ARN.fullmatch(value_from):
        detail = "" if found["key"] is None else f"{found['key']}:{found['stage']}:{found['version']}"
        return Need(Sort.SECRET, found["arn"], detail.strip(":") and detail, used_as)
    if ":secretsmanager:" in value_from:
        return Need(Sort.SETTINGS, value_from, used_as=used_as)
    return Need(Sort.PARAMETER, value_from, used_as=used_as)


def of_sort(needs: Iterable[Need], sort: Sort) -> list[Need]:
    """The needs of one sort, each once."""
    return list(dict.fromkeys(need for need in needs if need.sort is sort))
