"""A plain driver of kinds: it makes and removes resources as the engine does, and notes what each verb called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from wizard.aws.calls import AwsCalls, CallRecord
from wizard.aws.ownership import TagIndex
from wizard.aws.session import Session
from wizard.engine.clock import Clock
from wizard.engine.graph import Graph, Resource
from wizard.engine.kind import Calls, Context, FoundKind, Kind, Live, Scope, State
from wizard.engine.values import Ref, SecretInput, Sensitive, resolve
from wizard.engine.world import differences
from wizard.errors import AwsError
from wizard.kinds.registry import all_kinds

DEPLOYMENT = "shop/dev"
ROUNDS = 200
PREFIXES = {
    "docdb": "rds",
    "efs": "elasticfilesystem",
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tag",
}
ACTIONS = {
    "budgets:DescribeBudget": "budgets:ViewBudget",
    "budgets:DescribeSubscribersForNotification": "budgets:ViewBudget",
    "budgets:CreateBudget": "budgets:ModifyBudget",
    "budgets:UpdateBudget": "budgets:ModifyBudget",
    "budgets:DeleteBudget": "budgets:ModifyBudget",
    "budgets:CreateNotification": "budgets:ModifyBudget",
    "budgets:UpdateSubscriber": "budgets:ModifyBudget",
    "budgets:DeleteSubscriber": "budgets:ModifyBudget",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "s3:DeleteObjects": "s3:DeleteObjectVersion",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
}
"""IAM's name where it is not the operation's (the service authorization reference)."""


def action_of(call: CallRecord) -> str:
    """The IAM action that a call needs."""
    name = f"{PREFIXES.get(call.service, call.service)}:{call.operation}"
    return ACTIONS.get(name, name)


@dataclass
class Account:
    """An account of the sandbox, and the actions that each verb of each kind needed in it."""

    session: Session
    scale: float
    used: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    calls: list[CallRecord] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = Clock(self.scale)
        self.aws = AwsCalls(self.session, self.clock, self.calls.append)
        self.id = str(self.aws.read("sts", "get_caller_identity")["Account"])

    def context(self, deployment: str = DEPLOYMENT, aws: Calls | None = None) -> Context:
        """What a run works with; the index is read now, once, as in a plan, and knows nothing of what comes later."""
        index = TagIndex(self.aws, deployment)
        index.arns("")
        return Context(aws or self.aws, Scope(deployment, self.id, "us-east-1", "run1"), index, self.clock)

    @contextmanager
    def noting(self, kind: Kind, verb: str) -> Iterator[None]:
        """Count what is called meanwhile as used by this verb."""
        before = len(self.calls)
        try:
            yield
        finally:
            actions = {action_of(call) for call in self.calls[before:]} - {"tag:GetResources"}
            self.used.setdefault((kind.name, verb), set()).update(actions)

    def undeclared(self) -> dict[str, set[str]]:
        """Actions that a verb needed and its kind does not declare."""
        beyond = {
            f"{name} {verb}": actions - set(all_kinds()[name].iam.get(verb, ()))
            for (name, verb), actions in self.used.items()
        }
        return {verb: actions for verb, actions in beyond.items() if actions}


class Builder:
    """Converges resources one after another in one context."""

    def __init__(self, account: Account, context: Context) -> None:
        self.account = account
        self.context = context
        self.lives: dict[str, Live] = {}

    def build(self, resources: Sequence[Resource]) -> None:
        """Make them all, parents first."""
        graph = Graph.of(resources)
        for address in graph.order():
            self.converge(graph.resources[address])

    def resolved(self, resource: Resource) -> dict[str, Any]:
        """Its properties with the references replaced by what was built."""
        found: dict[str, Any] = resolve(resource.properties, self._lookup, _no_secret)
        return found

    def _lookup(self, ref: Ref) -> Any:
        return self.lives[ref.address].attributes[ref.attribute]

    def look(
        self, kind: Kind, address: str, properties: Mapping[str, Any], context: Context | None = None
    ) -> list[Live]:
        """Every one with this address."""
        with self.account.noting(kind, "read"):
            found = kind.read_many(context or self.context, {address: properties})
        return [live for live in found if live.address == address]

    def converge(self, resource: Resource) -> Live:
        """Create or update until nothing differs, then poll until it is ready."""
        kind, desired = all_kinds()[resource.kind], self.resolved(resource)
        for _ in range(ROUNDS):
            live = next(iter(self.look(kind, resource.address, desired)), None)
            if live is None and isinstance(kind, FoundKind):
                self.context.clock.sleep(kind.poll_seconds)
            elif live is None:
                self._create(kind, resource.address, desired)
            elif changed := _changed(kind, desired, live) - kind.set_when_ready:
                self._update(kind, live, desired, changed)
            elif self._ready(kind, live, desired):
                if last := _changed(kind, desired, live):
                    self._update(kind, live, desired, last)
                    continue
                self.lives[resource.address] = next(iter(self.look(kind, resource.address, desired)))
                return self.lives[resource.address]
        raise AssertionError(f"{resource.address} does not settle: {live and differences(kind, desired, live)}")

    def _create(self, kind: Kind, address: str, desired: Mapping[str, Any]) -> None:
        with self.account.noting(kind, "create"):
            try:
                kind.create(self.context, address, desired, self.context.token(address))
            except AwsError as error:
                self._insist_on_patience(kind, "create", error)

    def _update(self, kind: Kind, live: Live, desired: Mapping[str, Any], changed: frozenset[str]) -> None:
        assert not changed & kind.immutable, f"{live.address} would have to be replaced: {changed & kind.immutable}"
        with self.account.noting(kind, "update"):
            try:
                kind.update(self.context, live, desired, changed)
            except AwsError as error:
                self._insist_on_patience(kind, "update", error)

    def _ready(self, kind: Kind, live: Live, desired: Mapping[str, Any]) -> bool:
        with self.account.noting(kind, "read"):
            status = kind.status(self.context, live, desired)
        assert status.state is not State.FAILED, f"{live.address}: {status.sentence}"
        if status.state is State.PENDING:
            assert status.sentence, f"{live.address} is waited for without a word"
            self.context.clock.sleep(kind.poll_seconds)
        return status.state is State.READY

    def remove(self, kind: Kind, live: Live) -> None:
        """Delete it and wait until a read by a fresh index does not find it."""
        for _ in range(ROUNDS):
            found = [one for one in self.look(kind, live.address, live.properties) if one.id == live.id]
            if not found:
                return
            with self.account.noting(kind, "delete"):
                try:
                    kind.delete(self.context, found[0])
                except AwsError as error:
                    self._insist_on_patience(kind, "delete", error)
            self.context.clock.sleep(kind.poll_seconds)
        raise AssertionError(f"{live.address} is not gone")

    def _insist_on_patience(self, kind: Kind, verb: str, error: AwsError) -> None:
        """Let the errors pass that the kind declares to mean "not yet"; everything else is a failure."""
        lost = error.code == "AnswerLost"
        patient = any(
            rule.verb == verb and rule.code == error.code and rule.contains in error.message for rule in kind.settling
        )
        if not (lost or patient):
            raise AssertionError(f"{kind.name} {verb}: {error.code}: {error.message}") from error
        self.context.clock.sleep(kind.poll_seconds)


def _changed(kind: Kind, desired: Mapping[str, Any], live: Live) -> frozenset[str]:
    return frozenset(one.property for one in differences(kind, desired, live))


def _no_secret(_wanted: SecretInput) -> Sensitive | None:
    return None
