"""What ECR knows: repositories, the images in them, and a password that is good for twelve hours."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wizard.engine.kind import Calls
from wizard.errors import AwsError, NeedsPerson
from wizard.images.builder import Login

GONE = "RepositoryNotFoundException"


@dataclass(frozen=True)
class Kept:
    """One image in a repository. `used_by` are the revisions that name it, in words."""

    digest: str
    tags: tuple[str, ...]
    pushed_at: datetime | None
    size: int
    """Bytes as they are kept, compressed."""
    used_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Repository:
    """One repository of the deployment; `exists` is False before the first replay."""

    name: str
    uri: str = ""
    immutable: bool = False
    """Whether a tag that is taken can never be pushed again."""
    images: tuple[Kept, ...] = ()

    @property
    def exists(self) -> bool:
        """Whether it is made."""
        return bool(self.uri)

    def holds(self, tag: str) -> bool:
        """Whether an image has that tag."""
        return any(tag in image.tags for image in self.images)


def read_repository(aws: Calls, name: str) -> Repository:
    """A repository with its images, newest first."""
    try:
        (shown,) = aws.read("ecr", "describe_repositories", repositoryNames=[name])["repositories"]
    except AwsError as error:
        if error.code == GONE:
            return Repository(name)
        raise
    details = aws.pages("ecr", "describe_images", "imageDetails", repositoryName=name)
    images = sorted((_kept(each) for each in details), key=_moment, reverse=True)
    immutable = str(shown.get("imageTagMutability", "")).startswith("IMMUTABLE")
    return Repository(name, str(shown["repositoryUri"]), immutable, tuple(images))


def digest_of(aws: Calls, repository: str, tag: str) -> str:
    """The digest behind a tag; empty when ECR has none."""
    try:
        answer = aws.read("ecr", "describe_images", repositoryName=repository, imageIds=[{"imageTag": tag}])
    except AwsError as error:
        if error.code in (GONE, "ImageNotFoundException"):
            return ""
        raise
    return str(answer["imageDetails"][0]["imageDigest"]) if answer["imageDetails"] else ""


def sign_in(aws: Calls, host: str) -> Login:
    """The password for a registry; raises `NeedsPerson` when ECR answers with none."""
    answer = aws.read("ecr", "get_authorization_token")
    for each in answer.get("authorizationData") or ():
        user, _, password = base64.b64decode(each["authorizationToken"]).decode().partition(":")
        if user and password:
            return Login(host, user, password)
    raise NeedsPerson(
        "ECR gave no password",
        evidence="GetAuthorizationToken answered without one",
        safe="nothing was pushed",
        next_step="run the same command again",
    )


def _kept(detail: Mapping[str, Any]) -> Kept:
    return Kept(
        str(detail["imageDigest"]),
        tuple(sorted(detail.get("imageTags") or ())),
        detail.get("imagePushedAt"),
        int(detail.get("imageSizeInBytes") or 0),
    )


def _moment(image: Kept) -> float:
    return image.pushed_at.timestamp() if image.pushed_at else 0.0
