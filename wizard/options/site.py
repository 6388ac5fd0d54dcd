"""What an expansion starts from, and what options tell each other: the site plan, which grows from step to step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from wizard.blueprint.model import Blueprint, EcsFargate
from wizard.blueprint.names import Names
from wizard.engine.graph import Resource
from wizard.engine.values import Ref, Text

Value = Ref | Text | str
"""An id, address or name: known already, or known once something is made."""

MAIN = "main"
"""The name of what a deployment has once: `vpc.main`, `cluster.main`, `broker.main`."""


@dataclass(frozen=True)
class Expansion:
    """Everything that decides what should exist: the same expansion always gives the same graph."""

    blueprint: Blueprint
    environment: str
    account: str
    region: str
    partition: str
    names: Names
    given_secrets: frozenset[str] = frozenset()
    """Names such as GROQ_API_KEY for which this run has a value."""
    present_secrets: frozenset[str] = frozenset()
    """Names in AWS of secrets that exist and are this deployment's."""
    tag: str | None = None
    """The tag of every image from own repositories, in place of the blueprint's."""
    placeholder_images: bool = False
    """Stand-ins run in place of images from own repositories."""
    wait_image_minutes: float = 0

    def arn(self, service: str, resource: str) -> str:
        """An ARN in this account and Region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


@dataclass(frozen=True)
class Network:
    """Where things live, and what must be ready before they can reach the world."""

    vpc: Value = ""
    public_subnets: tuple[Value, ...] = ()
    private_subnets: tuple[Value, ...] = ()
    task_subnets: tuple[Value, ...] = ()
    public_tasks: bool = False
    internet_ready: tuple[Ref, ...] = ()
    """What a load balancer waits for: public subnets with their way to the internet."""
    tasks_ready: tuple[Ref, ...] = ()
    """What a task waits for: without a way out it can neither pull its image nor fetch its secrets."""
    nat_addresses: tuple[Ref, ...] = ()
    endpoint_group: Ref | None = None
    """The security group of the interface endpoints, where there are any."""


@dataclass(frozen=True)
class Target:
    """One container behind the load balancer."""

    service: str
    container: str
    port: int
    group: Ref
    health_path: str
    alternate: Ref | None = None
    """The target group that takes turns with `group`, where new versions get their requests by a shift."""
    rule: Ref | None = None
    """The listener rule in which ECS says which of the two serves."""


@dataclass(frozen=True)
class Files:
    """A file system, the folder in it that is mounted, and the doors that must be open before a task starts."""

    id: Ref
    arn: Ref
    folder: Ref
    folder_arn: Ref
    ready: tuple[Ref, ...]


@dataclass(frozen=True)
class Site:
    """What earlier steps have decided. Every step returns a larger one."""

    expansion: Expansion
    resources: tuple[Resource, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict)
    placeholders: Mapping[str, Any] = field(default_factory=dict)
    """Values of the blueprint's placeholders, such as `bucket.documents`."""
    network: Network = field(default_factory=Network)
    groups: Mapping[str, Ref] = field(default_factory=dict)
    """Security group of each service."""
    log_groups: Mapping[str, Ref] = field(default_factory=dict)
    """Name of the log group of each service."""
    repositories: tuple[Ref, ...] = ()
    """ARNs of the own repositories."""
    images: Mapping[tuple[str, str], Value] = field(default_factory=dict)
    """Image of each container, by service and container. A container that runs a stand-in has none."""
    buckets: Mapping[str, Ref] = field(default_factory=dict)
    """Name in AWS of each bucket."""
    sealed_buckets: frozenset[str] = frozenset()
    """Buckets whose objects the own key encrypts."""
    files: Mapping[str, Files] = field(default_factory=dict)
    """File systems by their name in the blueprint."""
    queue: Value = ""
    """ARN of the queue, where there is one."""
    table: Value = ""
    """ARN of the table, where there is one."""
    key: Value = ""
    """ARN of the own KMS key, where there is one."""
    database: Ref | None = None
    """The database server, for alarms."""
    database_ready: tuple[Ref, ...] = ()
    """Instances without which the address of a cluster answers nobody."""
    topic: Ref | None = None
    """ARN of the topic that alarms are sent to."""
    composed: Mapping[str, Any] = field(default_factory=dict)
    """Secret values that the run composes, such as `broker-uri`."""
    secrets: Mapping[str, Value] = field(default_factory=dict)
    """ARN of each secret that containers may be given, by its name in the blueprint."""
    execution_role: Value = ""
    infrastructure_role: Value = ""
    """The role with which ECS shifts requests, where a service has them shifted."""
    task_roles: Mapping[str, Ref] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    listeners: tuple[Ref, ...] = ()
    """What joins target groups to the load balancer: ECS refuses a service whose target group has none."""

    @property
    def blueprint(self) -> Blueprint:
        """The blueprint that is expanded."""
        return self.expansion.blueprint

    @property
    def deployment(self) -> str:
        """`<app>/<env>`, for descriptions."""
        return f"{self.blueprint.name}/{self.expansion.environment}"

    @property
    def sealed(self) -> bool:
        """Whether the own key encrypts everything that it can."""
        return self.blueprint.hardening.kms

    def seal(self) -> dict[str, Value]:
        """The property that has the own key encrypt a resource; nothing where AWS's own keys do."""
        return {"kms_key": self.key} if self.sealed else {}

    def name(self, part: str) -> str:
        """The name in AWS of a part such as `vpc` or `subnet.public-a`."""
        return self.expansion.names.of(part)

    def plus(self, *resources: Resource, outputs: Mapping[str, Any] | None = None, **decided: Any) -> Site:
        """This site with more resources and outputs, and with the fields that a step decided."""
        return replace(
            self,
            resources=(*self.resources, *resources),
            outputs={**self.outputs, **(outputs or {})},
            **decided,
        )

    def services_with_secret(self, *secrets: str) -> tuple[str, ...]:
        """ECS services with a container that is given one of these secrets."""
        return tuple(
            name
            for name, service in self.blueprint.services.items()
            if isinstance(service, EcsFargate)
            and any(secret in secrets for box in service.containers.values() for secret in box.secrets.values())
        )

    def services_with_mount(self, storage: str) -> tuple[str, ...]:
        """ECS services with a container that mounts this file system."""
        return tuple(
            name
            for name, service in self.blueprint.services.items()
            if isinstance(service, EcsFargate) and any(storage in box.mounts for box in service.containers.values())
        )
