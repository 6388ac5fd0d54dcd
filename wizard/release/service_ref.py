"""Which service is meant: one on ECS, in Express Mode or on App Runner, whether Pilotage made it or not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Platform(StrEnum):
    """By whose means a service is moved."""

    ECS = "ecs"
    EXPRESS = "express"
    APP_RUNNER = "app_runner"


@dataclass(frozen=True)
class ServiceRef:
    """One service. `deployment` and `service` are empty when Pilotage did not make it."""

    platform: Platform
    name: str
    """Its name in AWS."""
    arn: str
    cluster: str = ""
    """The cluster's name; App Runner has none."""
    deployment: str = ""
    """`<app>/<env>`."""
    service: str = ""
    """Its name in the blueprint: the SERVICE of `APP/ENV/SERVICE`."""

    @property
    def is_ours(self) -> bool:
        """Whether Pilotage made it."""
        return bool(self.deployment)

    @property
    def title(self) -> str:
        """As every screen names it: `chatkit/prod/backend`, or `cluster/service`, or the App Runner name."""
        if self.is_ours:
            return f"{self.deployment}/{self.service}"
        return f"{self.cluster}/{self.name}" if self.cluster else self.name

    @property
    def short(self) -> str:
        """What a person types to confirm."""
        return self.service or self.name

    def target_arguments(self) -> tuple[str, ...]:
        """How a command of Pilotage is pointed at it."""
        if self.is_ours:
            return (self.title,)
        return ("--cluster", self.cluster, "--service", self.name) if self.cluster else ("--service", self.name)

    @property
    def target(self) -> str:
        """`target_arguments` as one types them."""
        return " ".join(self.target_arguments())
