"""A service: containers that run together, how many, how large, and how a new version replaces the old one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from wizard.blueprint.model.base import ListOf, Matches, PartName, Percent, Section, Text
from wizard.blueprint.model.container import Container
from wizard.blueprint.model.ingress import Health
from wizard.blueprint.model.storage import Prefix

Verb = Literal["read", "write", "list", "delete", "invoke", "transcribe", "send", "receive", "encrypt", "decrypt"]


class Right(Section):
    """One thing that the code in the containers may do in AWS. Nothing else is allowed."""

    to: PartName = Field(
        description="A name in `storage`, or one of: bedrock, transcribe-medical, metrics, traces, broker, database, "
        "key (the own KMS key), secrets (those that its containers are given)."
    )
    allow: ListOf[Verb] = Field(min_length=1, description="What is allowed.")
    prefix: Prefix | None = Field(default=None, description="Only objects whose key starts so (S3).")
    models: ListOf[Annotated[str, Matches(r"[A-Za-z0-9.:*_/-]{1,256}", "a Bedrock model id or a pattern")]] = Field(
        default=(), description="Only these models (Bedrock). Left out: all foundation models."
    )


class Migrate(Section):
    """A command that runs once, to its end, before a new version takes over."""

    container: PartName = Field(description="The container in whose image it runs.")
    command: ListOf[Text] = Field(
        min_length=1, description="The command, word by word. The image's own entry point stays in front of it."
    )


class Autoscaling(Section):
    """The number of tasks follows the load."""

    min: int = Field(default=1, ge=0, le=1000, description="Never fewer.")
    max: int = Field(ge=1, le=1000, description="Never more. This bounds the bill.")
    cpu: Percent | None = Field(default=None, description="Add tasks when CPU stays above so many percent.")
    memory: Percent | None = Field(default=None, description="Add tasks when memory stays above so many percent.")


class CircuitBreaker(Section):
    """Give up on a new version whose tasks keep failing."""

    enabled: bool = Field(default=True, description="Watch the new tasks.")
    rollback: bool = Field(default=True, description="Return to the version that worked.")
    failures: int = Field(default=3, ge=1, le=200, description="Failed tasks after which the new version is given up.")


class Deploy(Section):
    """How a new version replaces the old one."""

    strategy: Literal["rolling", "blue-green", "canary", "linear"] = Field(
        default="rolling",
        description="rolling: task by task. blue-green: all at once, the old ones wait a while. canary: a small share "
        "first. linear: in equal steps. All but rolling need a route of the load balancer.",
    )
    minimum_healthy_percent: int = Field(
        default=100,
        ge=0,
        le=100,
        description="Share of tasks that keeps running meanwhile. 0 and a count of 1: stop, then start.",
    )
    maximum_percent: int = Field(default=200, ge=100, le=200, description="Share of tasks that may run meanwhile.")
    circuit_breaker: CircuitBreaker = Field(
        default=CircuitBreaker(), description="Give up on a version that keeps failing."
    )
    grace_seconds: int = Field(
        default=60,
        ge=0,
        le=3600,
        description="Seconds after a start in which the load balancer's verdict does not count.",
    )
    bake_minutes: int = Field(
        default=5,
        ge=0,
        le=1440,
        description="blue-green, canary, linear: minutes that the old version waits for a way back.",
    )
    canary_percent: Percent = Field(
        default=10, description="canary: share of requests that the new version gets first."
    )
    step_percent: int = Field(default=20, ge=3, le=100, description="linear: share of requests added a step.")
    step_minutes: int = Field(default=5, ge=0, le=1440, description="canary and linear: minutes between two steps.")


class EcsFargate(Section):
    """Containers on ECS with Fargate: no servers to look after, everything can be set."""

    kind: Literal["ecs-fargate"] = Field(default="ecs-fargate", description="ECS on Fargate.")
    cpu: int = Field(default=256, description="CPU units of a task: 1024 are one vCPU, about 30 USD a month.")
    memory: int = Field(
        default=512, description="MiB of a task: 1024 are about 3 USD a month. Fargate knows fixed pairs."
    )
    architecture: Literal["x86_64", "arm64"] = Field(
        default="x86_64", description="Processor that the images are built for. arm64 is a fifth cheaper."
    )
    count: int = Field(default=1, ge=0, le=1000, description="Tasks that run. With autoscaling: at the start.")
    spot: bool = Field(
        default=False, description="Spare capacity, up to 70 % cheaper; AWS may stop a task at two minutes' notice."
    )
    autoscaling: Autoscaling | None = Field(default=None, description="Let the number of tasks follow the load.")
    outbound: Literal["https", "all"] = Field(
        default="https",
        description="What the code may call outside: HTTPS and what this deployment has, or anything.",
    )
    deploy: Deploy = Field(default=Deploy(), description="How a new version replaces the old one.")
    containers: Mapping[PartName, Container] = Field(
        min_length=1, max_length=10, description="The containers of a task. They share one address."
    )
    rights: ListOf[Right] = Field(default=(), description="What the code may do in AWS: the task role.")
    migrate: Migrate | None = Field(
        default=None, description="A command that runs once before a new version takes over."
    )


class ExpressScaling(Section):
    """Express services always scale on one number."""

    min: int = Field(default=1, ge=1, le=1000, description="Never fewer.")
    max: int = Field(default=2, ge=1, le=1000, description="Never more.")
    metric: Literal["cpu", "memory", "requests"] = Field(default="cpu", description="The number that is watched.")
    target: int = Field(default=60, ge=1, description="Percent, or requests a minute and task.")


class EcsExpress(Section):
    """ECS Express Mode: one public HTTP service with load balancer, certificate and address made by AWS."""

    kind: Literal["ecs-express"] = Field(description="ECS Express Mode.")
    cpu: int = Field(default=1024, description="CPU units of a task: 1024 are one vCPU, about 30 USD a month.")
    memory: int = Field(default=2048, description="MiB of a task. Fargate knows fixed pairs.")
    architecture: Literal["x86_64", "arm64"] = Field(
        default="x86_64", description="Processor that the images are built for."
    )
    autoscaling: ExpressScaling = Field(default=ExpressScaling(), description="How many tasks run.")
    health: Health = Field(
        default=Health(), description="How AWS finds out whether the container is well. Only `path` counts."
    )
    containers: Mapping[PartName, Container] = Field(
        min_length=1, max_length=1, description="The one container, with a port."
    )
    rights: ListOf[Right] = Field(default=(), description="What the code may do in AWS: the task role.")


class AppRunnerScaling(Section):
    """App Runner scales on requests at the same time."""

    min: int = Field(default=1, ge=1, le=25, description="Never fewer. App Runner cannot go to zero.")
    max: int = Field(default=2, ge=1, le=25, description="Never more.")
    concurrency: int = Field(
        default=100, ge=1, le=200, description="Requests at the same time that one instance takes."
    )


class AppRunnerHealth(Section):
    """How App Runner finds out whether the container is well."""

    path: Annotated[str, Matches(r"/[^\s]{0,1023}", "a path that starts with /, such as /health")] = Field(
        default="/health", description="Path that answers with 200 when the container is well."
    )
    interval: int = Field(default=10, ge=1, le=20, description="Seconds between two questions.")
    timeout: int = Field(default=5, ge=1, le=20, description="Seconds to wait for an answer.")
    healthy: int = Field(default=1, ge=1, le=20, description="Good answers in a row that mean well.")
    unhealthy: int = Field(default=5, ge=1, le=20, description="Bad answers in a row that mean ill.")


class AppRunner(Section):
    """AWS App Runner: for accounts that use it already. It has taken no new customers since 30 April 2026."""

    kind: Literal["app-runner"] = Field(description="AWS App Runner.")
    cpu: int = Field(default=1024, description="CPU units of an instance.")
    memory: int = Field(default=2048, description="MiB of an instance. App Runner knows fixed pairs.")
    autoscaling: AppRunnerScaling = Field(default=AppRunnerScaling(), description="How many instances run.")
    health: AppRunnerHealth = Field(
        default=AppRunnerHealth(), description="How App Runner sees that the container is well."
    )
    egress: Literal["internet", "vpc"] = Field(
        default="internet",
        description="Calls of the application go to the internet, or through the VPC to what is private there.",
    )
    containers: Mapping[PartName, Container] = Field(
        min_length=1, max_length=1, description="The one container, with a port and an image in ECR."
    )
    rights: ListOf[Right] = Field(default=(), description="What the code may do in AWS: the instance role.")


def _service_kind(value: Any) -> Any:
    """A service that names no kind runs on ECS with Fargate."""
    return value.get("kind", "ecs-fargate") if isinstance(value, dict) else getattr(value, "kind", "ecs-fargate")


Service = Annotated[
    Annotated[EcsFargate, Tag("ecs-fargate")]
    | Annotated[EcsExpress, Tag("ecs-express")]
    | Annotated[AppRunner, Tag("app-runner")],
    Discriminator(_service_kind),
]
