"""From a file, an environment and a place to go, to a deployment that can be planned."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from wizard.aws import sandbox
from wizard.aws.calls import AwsCalls
from wizard.aws.logbook import Logbook
from wizard.aws.memory import RememberedReads
from wizard.aws.ownership import TagIndex
from wizard.aws.session import Session, Target
from wizard.blueprint.document import Document, load
from wizard.blueprint.environments import resolve
from wizard.blueprint.model import Blueprint
from wizard.blueprint.names import Names
from wizard.deployment.provenance import provenance
from wizard.deployment.request import Request
from wizard.deployment.secret_values import SecretValues
from wizard.engine.clock import Clock
from wizard.engine.graph import Graph
from wizard.engine.kind import Calls, Context, Kind, Properties, Scope
from wizard.engine.plan import Plan, make_plan
from wizard.errors import AmbiguousAnswer, CredentialsError, MissingSecrets, NeedsPerson, UsageError
from wizard.home import home
from wizard.kinds.registry import all_kinds
from wizard.options import Expansion, expand
from wizard.options.secrets import aws_name, kind_of

DEPLOYMENT_RECORD = "deployment.json"
FIRST_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True)
class Identity:
    """Who is calling, and where."""

    arn: str
    account: str
    region: str
    sandbox: bool

    @property
    def place(self) -> str:
        """As every screen shows it: `SANDBOX 000000000000 us-east-1`."""
        return f"{'SANDBOX ' if self.sandbox else ''}{self.account} {self.region}"


class Connection:
    """A session with its clock and its caller, shared by everything that a command does."""

    def __init__(self, request: Request, region: str | None) -> None:
        url, scale = _sandbox_endpoint(request)
        self.clock = Clock(scale)
        self.session = Session(Target(request.profile, request.region or region, url))
        self.aws = AwsCalls(self.session, self.clock, request.on_call)
        self._on_call = request.on_call
        self._sandbox = url is not None

    @cached_property
    def identity(self) -> Identity:
        """The caller, asked once; raises `CredentialsError` when there is none.

        The first call of every command: a network that is not there is told after seconds, not after minutes.
        """
        first = AwsCalls(self.session, self.clock, self._on_call, patience=FIRST_PATIENCE_SECONDS)
        try:
            caller = first.read("sts", "get_caller_identity")
        except AmbiguousAnswer as error:
            raise NeedsPerson(
                "AWS cannot be reached",
                evidence=error.evidence,
                safe="nothing was changed",
                next_step="check the network (VPN, proxy, AWS_ENDPOINT_URL), then run the same command again",
            ) from None
        return Identity(caller["Arn"], caller["Account"], self.session.region, self._sandbox)

    def scope(self, deployment: str, run: str = "") -> Scope:
        """Whose resources a kind makes."""
        return Scope(deployment, self.identity.account, self.session.region, run, self.session.partition)

    def logbook(self) -> Logbook:
        """Pilotage's record in this account and Region."""
        return Logbook(self.aws, self.scope(""))


def _sandbox_endpoint(request: Request) -> tuple[str | None, float]:
    asked_scale = os.environ.get("PILOTAGE_TIME_SCALE")
    if not request.sandbox:
        return None, float(asked_scale or 1.0)
    endpoint = sandbox.start(home(), float(asked_scale) if asked_scale else None)
    return endpoint.url, endpoint.scale


@dataclass(frozen=True)
class Deployment:
    """One environment of one blueprint in one account: everything that planning and applying need."""

    document: Document
    blueprint: Blueprint
    environment: str
    request: Request
    connection: Connection
    secrets: SecretValues

    @property
    def name(self) -> str:
        """`<app>/<env>`."""
        return f"{self.blueprint.name}/{self.environment}"

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Every kind there is."""
        return all_kinds()

    @property
    def digest(self) -> str:
        """Fingerprint of what was asked for: file, environment, overrides."""
        asked = f"{self.document.dump()}|{self.environment}|{self.request.sets}|{self.request.tag}"
        return hashlib.sha256(asked.encode()).hexdigest()

    def context(self, run: str) -> Context:
        """What the kinds of a run work with: AWS as it is now; the tag index is read once."""
        return self._context(self.connection.aws, run)

    def reading_context(self) -> Context:
        """What the kinds of a plan work with: it can change nothing, and asks nothing twice."""
        return self._context(RememberedReads(self.connection.aws), "")

    def _context(self, aws: Calls, run: str) -> Context:
        scope = self.connection.scope(self.name, run)
        if run:
            scope = replace(scope, notes=provenance(self.connection.identity.arn, self.request.tag))
        return Context(aws, scope, TagIndex(aws, self.name), self.connection.clock)

    @cached_property
    def graph(self) -> Graph:
        """The desired resources."""
        identity = self.connection.identity
        names = Names(self.blueprint.name, self.environment, identity.account, identity.region, self.blueprint.names)
        return expand(
            Expansion(
                blueprint=self.blueprint,
                environment=self.environment,
                account=identity.account,
                region=identity.region,
                partition=self.connection.session.partition,
                names=names,
                given_secrets=self.secrets.names(),
                present_secrets=self._present_secrets(names),
                tag=self.request.tag,
                placeholder_images=self.request.placeholder_images,
                wait_image_minutes=self.request.wait_image_minutes,
            )
        )

    def _present_secrets(self, names: Names) -> frozenset[str]:
        """Names in AWS of this deployment's secrets; asked only when what is made depends on them."""
        decisive = {
            name: secret
            for name, secret in self.blueprint.secrets.items()
            if secret.optional or secret.composed == "database-uri"
        }
        wanted: dict[str, dict[str, Properties]] = defaultdict(dict)
        for name, secret in decisive.items():
            kind = kind_of(secret)
            # Secrets are listed as a whole; parameters are found by their names only.
            wanted[kind] |= {f"{kind}.{name}": {"name": aws_name(names, name, secret)}} if kind == "parameter" else {}
        context, mine = self.reading_context(), self.name
        found = [live for kind, asked in wanted.items() for live in self.kinds[kind].read_many(context, asked)]
        return frozenset(str(live.properties["name"]) for live in found if live.owner == mine)

    def plan(self) -> Plan:
        """Compare with AWS; secrets that are still missing are looked for in the keyring, then asked for."""
        try:
            return self._plan()
        except MissingSecrets as missing:
            if not self.secrets.fetch(missing.names, self.request.ask):
                raise
            return self._plan()

    def _plan(self) -> Plan:
        return make_plan(self.graph, self.kinds, self.reading_context(), self.secrets, blueprint_digest=self.digest)

    def record(self) -> dict[str, Any]:
        """What the logbook keeps so that the deployment can be opened by its name."""
        return {"blueprint": self.document.dump(), "file": self.document.file, "request": self.request.to_record()}


def open_file(path: Path, request: Request) -> Deployment:
    """Open a blueprint; raises `BlueprintInvalid` with every problem, or `CredentialsError`."""
    return open_document(load(path), request)


def open_named(name: str, request: Request) -> Deployment:
    """Open a deployment by its name `APP/ENV`, with the blueprint that its last run left in AWS."""
    connection = Connection(request, None)
    entry = connection.logbook().get(name, DEPLOYMENT_RECORD) if name.count("/") == 1 else None
    if entry is None:
        known = connection.logbook().names()
        raise UsageError(
            f"no deployment is called {name}",
            evidence=f"known in {connection.identity.place}: {', '.join(known) or 'none'}",
            safe="nothing was changed",
            next_step="pilotage status   lists what runs; a blueprint file works here too",
        )
    kept = entry.body["request"]
    again = {key: value for key, value in asdict(request).items() if value not in (None, False, (), 0.0)}
    merged = Request.from_record({**kept, "secrets_file": None, "profile": None, "sandbox": False}, **again)
    return open_document(Document(entry.body["blueprint"], entry.body["file"]), merged)


def open_document(document: Document, request: Request) -> Deployment:
    """Open a blueprint that was read before; raises as `open_file`."""
    blueprint, environment = resolve(document, request.environment, request.sets)
    secrets = SecretValues(f"{blueprint.name}/{environment}", request.secrets_file, request.given)
    connection = Connection(request, blueprint.region)
    identity = connection.identity
    if blueprint.account and identity.account != blueprint.account:
        raise CredentialsError(
            f"these credentials are for account {identity.account}, the blueprint is for {blueprint.account}",
            evidence=f"you are {identity.arn}; the blueprint says account: {blueprint.account}",
            safe="nothing was changed",
            next_step="choose the right profile: --profile NAME",
        )
    return Deployment(document, blueprint, environment, request, connection, secrets)
