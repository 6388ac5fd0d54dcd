"""What exists in the sandbox's ECS: clusters, task definitions, services with their deployments, tasks.

Moments (`created_at` and the like) are AWS seconds since the region was first used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

NEVER = math.inf
Tags = list[dict[str, str]]


@dataclass
class Cluster:
    """A cluster; `fields` has what create and update set, under the names of the answer."""

    name: str
    arn: str
    fields: dict[str, Any]
    status: str = "ACTIVE"


@dataclass
class TaskDefinition:
    """One revision of a family; `fields` is the registered document."""

    family: str
    revision: int
    arn: str
    fields: dict[str, Any]
    registered_at: float
    status: str = "ACTIVE"
    deregistered_at: float | None = None

    @property
    def containers(self) -> list[dict[str, Any]]:
        """The container definitions."""
        containers: list[dict[str, Any]] = self.fields["containerDefinitions"]
        return containers


@dataclass(frozen=True)
class Revision:
    """A service revision: the workload as one deployment wanted it, images resolved to digests."""

    arn: str
    created_at: float
    definition: TaskDefinition
    settings: dict[str, Any]
    digests: dict[str, str]
    """Container name to digest; a container whose image was absent then is not in it."""


@dataclass
class Deployment:
    """An entry of `deployments[]` of a service: the tasks of one revision."""

    id: str
    revision: Revision
    created_at: float
    updated_at: float
    alternate: bool = False
    """Its tasks register in the alternate target group (blue/green)."""
    state: str = "IN_PROGRESS"
    reason: str = ""
    failed: int = 0
    failures_in_a_row: int = 0
    retry_at: float = 0.0
    settled_at: float | None = None
    """Since when every wanted task is ready."""


@dataclass
class Hook:
    """A lifecycle hook of a deployment that waits for an action."""

    id: str
    stage: str
    expires_at: float
    timeout_action: str
    status: str = "AWAITING_ACTION"


@dataclass
class ServiceDeployment:
    """A service deployment: the record of one change of a service, its rollback included."""

    arn: str
    target: Deployment
    sources: list[Deployment]
    configuration: dict[str, Any]
    created_at: float
    updated_at: float
    status: str = "PENDING"
    reason: str = ""
    started_at: float | None = None
    finished_at: float | None = None
    stopped_at: float | None = None
    failures: int = 0
    tripped: bool = False
    alarmed: list[str] = field(default_factory=list)
    rollback: tuple[float, str, Revision] | None = None
    stage: str = "PRE_SCALE_UP"
    stage_ends: float = NEVER
    weight: float = 0.0
    """Percent of the production traffic that goes to the target revision."""
    hooks: list[Hook] = field(default_factory=list)

    @property
    def in_flight(self) -> bool:
        """It may still change the service."""
        return self.finished_at is None


@dataclass
class Service:
    """A service; `settings` has what create and update set, under the names of the answer."""

    name: str
    arn: str
    cluster: Cluster
    settings: dict[str, Any]
    desired: int
    created_at: float
    created_by: str
    status: str = "ACTIVE"
    deployments: list[Deployment] = field(default_factory=list)
    history: list[ServiceDeployment] = field(default_factory=list)
    revisions: dict[str, Revision] = field(default_factory=dict)
    events: list[tuple[str, float, str]] = field(default_factory=list)
    last_completed: Deployment | None = None
    unsettled: bool = True
    wake: float = 0.0
    """When the scheduler must look at it next."""

    @property
    def primary(self) -> Deployment:
        """The deployment that the service is moving to, or is at."""
        return self.deployments[0]

    @property
    def current(self) -> ServiceDeployment | None:
        """The service deployment in flight."""
        return self.history[0] if self.history and self.history[0].in_flight else None

    @property
    def configuration(self) -> dict[str, Any]:
        """The deployment configuration in force."""
        configuration: dict[str, Any] = self.settings["deploymentConfiguration"]
        return configuration


@dataclass(frozen=True)
class Interface:
    """The elastic network interface of one task."""

    id: str
    attachment: str
    ip: str
    mac: str
    subnet: str
    vpc: str
    zone: str
    groups: tuple[str, ...]
    public_ip: str | None


@dataclass
class Target:
    """A task's address in a target group."""

    group: str
    ip: str
    port: int
    zone: str
    registered_at: float
    state: str = "initial"
    reason: str = "Elb.RegistrationInProgress"
    description: str = "Target registration is in progress"


@dataclass
class Container:
    """One container of a task."""

    name: str
    image: str
    digest: str | None
    essential: bool
    status: str = "PENDING"
    exit_code: int | None = None
    reason: str | None = None
    health: str = "UNKNOWN"


@dataclass
class Task:
    """A task, with the agenda of what happens to it next."""

    id: str
    arn: str
    cluster: Cluster
    definition: TaskDefinition
    group: str
    launch: dict[str, Any]
    """launchType or capacityProviderName, platformVersion, overrides, startedBy, enableExecuteCommand."""
    interface: Interface | None
    containers: list[Container]
    created_at: float
    service: Service | None = None
    deployment: Deployment | None = None
    phase: str = "PROVISIONING"
    desired: str = "RUNNING"
    ready: bool = False
    agenda: list[tuple[float, str]] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    check_failure: str = ""
    """What the load balancer said when its checks of this task failed."""
    pull_started_at: float | None = None
    pull_stopped_at: float | None = None
    started_at: float | None = None
    stopping_at: float | None = None
    stopped_at: float | None = None
    stop_code: str | None = None
    stop_reason: str | None = None

    @property
    def alive(self) -> bool:
        """It runs or is on its way to run."""
        return self.desired == "RUNNING"

    @property
    def next_moment(self) -> float:
        """When its agenda has something to do."""
        return self.agenda[0][0] if self.agenda else NEVER
