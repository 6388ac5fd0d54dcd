"""One kind of AWS resource: the five verbs, and the facts that the planner, the price list and the policy read.

`read_many` finds everything of the kind that belongs to the deployment, in as few calls as the API allows. A step
repeats: read, compare, `create` what is absent or `update` what differs, until nothing differs; then it polls `status`.
So `create` makes only the first call, and whatever else must be set is a declared property that `read_many` reads back
and `update` sets: a crash between any two calls is seen as a difference by the next plan.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Protocol

from wizard.engine.clock import Clock
from wizard.errors import ExitCode

Properties = Mapping[str, Any]

DEPLOYMENT_TAG = "pilotage:deployment"
ADDRESS_TAG = "pilotage:address"
RUN_TAG = "pilotage:run"
BY_TAG = "pilotage:by"
COMMIT_TAG = "pilotage:commit"
WHY_TAG = "pilotage:why"


class Identity(Enum):
    """How a resource is found again after a lost answer (reliability.md §2.3)."""

    NAMED = "named"
    """A deterministic name: describe by name, check the ownership tag."""
    TOKENED = "tokened"
    """A deterministic client token: sending the same create again returns the same resource."""
    TAGGED = "tagged"
    """Neither: the tag goes into the create call, and an open intent is looked up for as long as AWS may lag."""
    FOUND = "found"
    """Not ours: looked up, never created, changed or deleted (an image, a hosted zone)."""


class State(Enum):
    """Where a resource is on its way."""

    READY, PENDING, FAILED = "ready", "pending", "failed"


@dataclass(frozen=True)
class Status:
    """One poll of progress: `sentence` for people, `detail` for panes and programs, the exit code of a failure.

    `corpse`: what is left can only be deleted and made again (a broker in CREATION_FAILED); the engine does so once.
    """

    state: State
    sentence: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    exit_code: ExitCode = ExitCode.NEEDS_PERSON
    corpse: bool = False


READY = Status(State.READY)


@dataclass(frozen=True)
class Live:
    """What a read finds.

    `properties` has the shape of the desired properties, only what the kind declares. `attributes` is what references
    see. `owner` is the value of the deployment tag, empty when AWS shows none.
    """

    address: str
    id: str
    properties: Properties
    attributes: Mapping[str, Any]
    owner: str = ""


@dataclass(frozen=True)
class Settling:
    """An error of `create`, `update` or `delete` that means "not yet" for a while (retry_rules.json)."""

    verb: str
    code: str
    contains: str
    seconds: float


class Calls(Protocol):
    """The ways to call AWS. All raise `AwsError`; parameters and answers are boto3's."""

    def read(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """A call that changes nothing; retried on throttling, 5xx and lost answers."""
        ...

    def pages(self, service: str, operation: str, key: str, /, **params: Any) -> Iterator[Any]:
        """Every item under `key` on every page of a read."""
        ...

    def write(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """A change that may be sent twice: by name, by token, or a setting; retried like a read."""
        ...

    def once(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """A create without name or token: never sent again; raises `AmbiguousAnswer` when the answer is lost."""
        ...


class Index(Protocol):
    """What the tagging API lists for this deployment, read once for a plan. It lags: absence proves nothing."""

    def arns(self, kind: str) -> Mapping[str, str]:
        """ARN by address for one kind."""
        ...

    def tags(self, arn: str) -> Mapping[str, str] | None:
        """Tags of an ARN; None when the index does not list it and the resource must be asked."""
        ...


@dataclass(frozen=True)
class Scope:
    """Whose resources these are: `deployment` is `<app>/<env>`."""

    deployment: str
    account: str
    region: str
    run: str = ""
    partition: str = "aws"
    notes: Mapping[str, str] = field(default_factory=dict)
    """Tags that tell of a new revision who made it, from which commit, and why."""

    def tags(self, address: str) -> dict[str, str]:
        """The ownership tags for one address (CONTRACT §6)."""
        return {DEPLOYMENT_TAG: self.deployment, ADDRESS_TAG: address, RUN_TAG: self.run}

    def arn(self, service: str, resource: str, *, region: bool = True) -> str:
        """An ARN in this account."""
        return f"arn:{self.partition}:{service}:{self.region if region else ''}:{self.account}:{resource}"


@dataclass(frozen=True)
class Context:
    """Everything a kind may use: the calls, the scope, the index, the clock.

    `neighbours` says whether `read_many` is to look for what is not wanted too; a step asks about one resource only.
    """

    aws: Calls
    scope: Scope
    index: Index
    clock: Clock
    neighbours: bool = True

    def token(self, address: str, generation: int = 1) -> str:
        """A client token of 32 hexadecimal digits, the same for the same run, address and generation.

        AWS remembers a token longer than the resource lives, so a later run needs another; a run that carries on an
        interrupted one takes the token from the journal.
        """
        text = f"{self.scope.account}|{self.scope.deployment}|{self.scope.run}|{address}|{generation}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]


class Kind(ABC):
    """One AWS resource kind. A subclass with a `name` in `wizard/kinds` is found by itself."""

    name: ClassVar[str]
    """As in addresses: `nat_gateway`."""
    title: ClassVar[str]
    """In the words of AWS: `NAT gateway`."""
    identity: ClassVar[Identity]
    found_by: ClassVar[frozenset[str] | None] = None
    """Properties that `read_many` must know to find one; None is all. A kind found by tag needs none: it can be read
    before its parents are."""
    found_with: ClassVar[frozenset[str]] = frozenset()
    """Kinds whose tags lead to this one, which has none that the tagging API lists."""
    immutable: ClassVar[frozenset[str]] = frozenset()
    """Properties that AWS cannot change: a difference means replace."""
    renewed_by_update: ClassVar[frozenset[str]] = frozenset()
    """Attributes that an update changes (a new revision has another ARN)."""
    renewed_beside: ClassVar[frozenset[str]] = frozenset()
    """Immutable properties whose change makes a new one beside the old, which goes last (a certificate's domain)."""
    set_when_ready: ClassVar[frozenset[str]] = frozenset()
    """Properties that can be set only once it is ready (the record that a task ended well)."""
    uses: ClassVar[frozenset[str]] = frozenset()
    """Kinds that AWS will not delete while one of this kind stands on them."""
    data: ClassVar[bool] = False
    """Holds what cannot be made again; deleted only with consent of its own."""
    lost_with_it: ClassVar[str] = ""
    """What goes for good with one that is no data, in words: `the logs in it are lost`."""
    handed_over: ClassVar[frozenset[str]] = frozenset()
    """Properties whose old value others need while a change is under way; see `meanwhile`."""
    leaves_behind: ClassVar[str] = ""
    """What AWS keeps after the delete, in words: `INACTIVE revisions, which AWS keeps`."""
    adopts_untagged: ClassVar[bool] = False
    """The name proves ownership because create cannot carry tags (a bucket whose name holds the deployment)."""
    accepts_equal: ClassVar[bool] = False
    """A stranger's that is exactly as desired will do; it is never changed or deleted (a validation record)."""
    shared_in_app: ClassVar[bool] = False
    """Several environments of one application use the same one (an image repository)."""
    lag_seconds: ClassVar[float] = 120
    """How long AWS may hide a new one: 300 for EC2, 120 elsewhere (reliability.md §1)."""
    poll_seconds: ClassVar[float] = 5
    settling: ClassVar[tuple[Settling, ...]] = ()
    iam: ClassVar[Mapping[str, tuple[str, ...]]]
    """IAM actions by verb: `read`, `create`, `update`, `delete`."""

    def problems(self, properties: Properties) -> list[str]:
        """Rules of AWS that these properties break, each with the rule in the message. Unknown values are skipped."""
        return []

    def refusal(self, live: Live, properties: Properties) -> str:
        """Why AWS, or good sense, refuses to make this one what is desired; empty when nothing does."""
        return ""

    def renews(self, changed: frozenset[str]) -> frozenset[str]:
        """The attributes that an update of these properties changes."""
        return self.renewed_by_update

    def meanwhile(self, name: str, before: Any, desired: Any) -> Any:
        """The value of a handed-over property that serves old and new users alike while the change is under way."""
        return desired

    def has_taken_over(self, context: Context, properties: Properties) -> bool:
        """Whether what is desired serves already, so that the old value is needed no longer."""
        return False

    def create_seconds(self, properties: Properties) -> float:
        """AWS seconds until a new one is ready, as usually seen."""
        return 2

    def update_seconds(self, properties: Properties) -> float:
        """AWS seconds until a changed one is ready again, as usually seen."""
        return min(self.create_seconds(properties), 300.0)

    def delete_seconds(self, properties: Properties) -> float:
        """AWS seconds until a deleted one is gone, as usually seen."""
        return 2

    def limit_seconds(self, properties: Properties) -> float:
        """AWS seconds after which waiting stops being sensible."""
        return max(600.0, 4 * self.create_seconds(properties))

    def monthly_usd(self, properties: Properties) -> float | None:
        """Price of a month (730 hours) in us-east-1 without traffic; None is "not priced", 0.0 is free."""
        return None

    @abstractmethod
    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """Find the wanted ones and every other one of this kind that carries the deployment's tag.

        `wanted` is resolved properties by address and may hold `UNKNOWN`.
        """

    @abstractmethod
    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Make the first call that creates it, tags included, and return its id."""

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Set the changed properties. The engine reads again afterwards."""
        raise TypeError(f"{self.name} has no property that can change")

    @abstractmethod
    def delete(self, context: Context, live: Live) -> None:
        """Ask for its deletion, by id. Already gone is success. The engine polls `read_many` until it is gone."""

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """Where it is on its way to ready."""
        return READY

    def is_on_its_way(self, live: Live) -> bool:
        """Whether an earlier run left before it was ready; told from what was read, so that a plan costs no call."""
        return False

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Whether a property is as desired; override where AWS rewrites a value without changing its meaning."""
        return bool(desired == actual)


class FoundKind(Kind):
    """A kind that is only looked up. `read_many` returns those that exist; `missing` says what a person can do."""

    identity = Identity.FOUND

    @abstractmethod
    def missing(self, properties: Properties) -> str:
        """What is not there and the command that would put it there."""

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Never called."""
        raise TypeError(f"{self.name} is looked up, never created")

    def delete(self, context: Context, live: Live) -> None:
        """Never called."""
        raise TypeError(f"{self.name} is looked up, never deleted")
