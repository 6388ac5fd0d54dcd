"""What the checks of one preflight share: the deployment, calls that can change nothing, and what AWS has of it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.aws.calls import AwsCalls
from wizard.aws.memory import RememberedReads
from wizard.aws.ownership import TagIndex
from wizard.aws.session import Session
from wizard.deployment.opening import Deployment
from wizard.engine.graph import Resource
from wizard.engine.kind import Calls, Context, FoundKind, Live

PATIENCE_SECONDS = 20.0
"""AWS seconds that a read is tried again: what is not told by then counts as not checked."""


@dataclass(frozen=True)
class Look:
    """One look at an account on behalf of one deployment."""

    deployment: Deployment
    aws: Calls
    context: Context

    @classmethod
    def at(cls, deployment: Deployment) -> Look:
        """A look in which nothing is asked twice, and nothing is asked for long."""
        connection = deployment.connection
        patient = AwsCalls(connection.session, connection.clock, deployment.request.on_call, PATIENCE_SECONDS)
        aws = RememberedReads(patient)
        scope = connection.scope(deployment.name)
        return cls(deployment, aws, Context(aws, scope, TagIndex(aws, deployment.name), connection.clock))

    def aws_in(self, region: str) -> Calls:
        """Calls to another Region, for services that are in one only."""
        if region == self.region:
            return self.aws
        connection = self.deployment.connection
        session = Session(replace(connection.session.target, region=region))
        return AwsCalls(session, connection.clock, self.deployment.request.on_call, PATIENCE_SECONDS)

    @property
    def is_sandbox(self) -> bool:
        """Whether the embedded AWS is asked."""
        return self.deployment.connection.identity.sandbox

    @property
    def region(self) -> str:
        """The Region."""
        return self.deployment.connection.identity.region

    def command(self, verb: str, more: str = "") -> str:
        """A command of Pilotage about this blueprint and environment, as one types it: `pilotage image push FILE`."""
        request, target = self.deployment.request, shlex.quote(self.deployment.document.file)
        said = [f"pilotage {verb} {target} --env {self.deployment.environment}", more]
        said += [f"--set {shlex.quote(each)}" for each in request.sets]
        said += [f"--tag {request.tag}"] if request.tag else []
        said += [f"--profile {shlex.quote(request.profile)}"] if request.profile else []
        said += [f"--region {request.region}"] if request.region else []
        said += ["--sandbox"] if self.is_sandbox else []
        return " ".join(each for each in said if each)

    def new(self, live: Mapping[str, Live] | None) -> list[Resource]:
        """What a replay would make; all of it when nobody knows what is there."""
        kinds = self.deployment.kinds
        return [
            resource
            for address, resource in self.deployment.graph.resources.items()
            if not isinstance(kinds[resource.kind], FoundKind) and (live is None or address not in live)
        ]
