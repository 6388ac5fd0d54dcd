"""One container: its image, what it is told, how it is watched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from wizard.blueprint.model.base import AbsolutePath, ListOf, Matches, PartName, Port, Section, Text, VariableName

ImageTag = Annotated[
    str, Matches(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", "an image tag in quotes: up to 128 letters, digits, _ . and -")
]
ImageUri = Annotated[
    str,
    Matches(
        r"[a-z0-9][a-z0-9._:/-]*[a-z0-9](?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?",
        "an image address such as ghcr.io/owner/name:1.2, or a section with `repository` and `tag`",
    ),
]


class OwnImage(Section):
    """An image in this deployment's own ECR repository, which Pilotage makes."""

    repository: PartName = Field(description="Short name of the repository; its name in AWS follows from `names`.")
    tag: ImageTag = Field(default="v1", description="Which image. CI passes the commit instead with --tag.")


def _image_form(value: Any) -> str:
    return "address" if isinstance(value, str) else "own"


Image = Annotated[Annotated[ImageUri, Tag("address")] | Annotated[OwnImage, Tag("own")], Discriminator(_image_form)]


class Build(Section):
    """How the image is built from source, for `pilotage image build`."""

    context: Text = Field(default=".", description="Folder that is sent to the builder.")
    dockerfile: Text = Field(default="Dockerfile", description="Path of the Dockerfile in that folder.")
    target: Text | None = Field(default=None, description="Stage of the Dockerfile to stop at.")
    arguments: Mapping[VariableName, str] = Field(
        default={}, description="Build arguments. They are baked into the image for everyone to read: no secrets."
    )


class HealthCheck(Section):
    """A command inside the container that ECS runs again and again."""

    command: Text = Field(description="Shell command. It must end with 0 when the container is well.")
    interval: int = Field(default=30, ge=5, le=300, description="Seconds between two checks.")
    timeout: int = Field(default=5, ge=2, le=60, description="Seconds that a check may take.")
    retries: int = Field(default=3, ge=1, le=10, description="Failures in a row that mean ill.")
    start_period: int = Field(
        default=30, ge=0, le=300, description="Seconds after the start in which failures do not count."
    )


class Container(Section):
    """One container of a service."""

    image: Image = Field(description="An address in a public registry, or `{repository: ..., tag: ...}`.")
    build: Build | None = Field(default=None, description="How the image is built from source.")
    port: Port | None = Field(default=None, description="The port it listens on. A worker has none.")
    command: ListOf[Text] = Field(default=(), description="Replaces the image's own command, word by word.")
    entrypoint: ListOf[Text] = Field(default=(), description="Replaces the image's own entry point, word by word.")
    user: Text | None = Field(default=None, description='User inside the container, such as "1000:1000" or app.')
    environment: Mapping[VariableName, str] = Field(
        default={},
        description="Plain variables. Values are text and may hold placeholders such as {url} or {bucket.documents}.",
    )
    secrets: Mapping[VariableName, PartName] = Field(
        default={}, description="Variables whose value is a secret: NAME: name in the section `secrets`."
    )
    health_check: HealthCheck | None = Field(default=None, description="A check inside the container.")
    depends_on: Mapping[PartName, Literal["start", "complete", "success", "healthy"]] = Field(
        default={}, description="Other containers of the service that must have got so far before this one starts."
    )
    essential: bool = Field(default=True, description="The whole task stops when this container stops.")
    read_only_root: bool = Field(default=False, description="The container cannot write to its own file system.")
    writable_paths: ListOf[AbsolutePath] = Field(default=(), description="Folders that stay writable nevertheless.")
    mounts: Mapping[PartName, AbsolutePath] = Field(
        default={}, description="EFS storage and the path where it appears."
    )
    cpu: int | None = Field(default=None, ge=0, description="Its share of the task's CPU units.")
    memory: int | None = Field(default=None, ge=6, description="MiB above which it is stopped.")
    stop_timeout: int = Field(default=30, ge=1, le=120, description="Seconds between the request to stop and the kill.")
