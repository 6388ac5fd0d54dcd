"""Which images a blueprint's containers run: their own repositories' or somebody else's, for which processor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wizard.blueprint.model import Blueprint, Build, OwnImage
from wizard.engine.graph import Graph

PLATFORMS = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}
"""How builders name what the blueprint calls `architecture`."""


@dataclass(frozen=True)
class Wanted:
    """The image of one container."""

    service: str
    container: str
    architecture: str
    """As the blueprint says it: `x86_64` or `arm64`; App Runner has x86_64 only."""
    repository: str = ""
    """The name in ECR of this deployment's own repository; empty for an image from elsewhere."""
    tag: str = ""
    address: str = ""
    """The address of an image from elsewhere."""
    build: Build | None = None

    @property
    def platform(self) -> str:
        """`linux/amd64` or `linux/arm64`."""
        return PLATFORMS[self.architecture]

    @property
    def is_own(self) -> bool:
        """Whether it comes from a repository that Pilotage makes."""
        return bool(self.repository)

    @property
    def name(self) -> str:
        """As a person knows it: `fasttriage-backend:v1`, or its address."""
        return f"{self.repository}:{self.tag}" if self.is_own else self.address

    @property
    def label(self) -> str:
        """The container in the blueprint: `backend/api`, or `api` where both are the same."""
        return self.container if self.service == self.container else f"{self.service}/{self.container}"


def wanted_images(blueprint: Blueprint, graph: Graph, tag: str | None) -> tuple[Wanted, ...]:
    """The image of every container; `tag` replaces the tag of every own one, as `--tag` does."""
    return tuple(_wanted(blueprint, graph, tag))


def _wanted(blueprint: Blueprint, graph: Graph, tag: str | None) -> Iterable[Wanted]:
    for service, choice in blueprint.services.items():
        architecture = getattr(choice, "architecture", "x86_64")
        for name, container in choice.containers.items():
            image = container.image
            if isinstance(image, OwnImage):
                repository = str(graph.resources[f"repository.{image.repository}"].properties["name"])
                own = tag or image.tag
                yield Wanted(service, name, architecture, repository, own, build=container.build)
            else:
                yield Wanted(service, name, architecture, address=image, build=container.build)
