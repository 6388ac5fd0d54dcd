"""What a plan finds out: names that others have, what cannot be changed, secrets that nobody gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wizard.advice.preflight import Checked, State, Topic
from wizard.deployment.preflight.look import Look
from wizard.engine.kind import Live
from wizard.engine.plan import make_plan
from wizard.engine.values import SecretInput, Sensitive
from wizard.engine.world import read_world
from wizard.errors import AwsError, MissingSecrets, PreflightError


@dataclass(frozen=True)
class Standing:
    """What AWS has of the deployment, None where it could not be read, and what that says about names and secrets."""

    live: Mapping[str, Live] | None
    checks: tuple[Checked, ...]


@dataclass
class _Supply:
    """Secrets as given; a stand-in for those that are known to be missing, so that the rest is planned all the same."""

    look: Look
    missing: set[str] = field(default_factory=set)

    def __call__(self, wanted: SecretInput) -> Sensitive | None:
        given = self.look.deployment.secrets(wanted)
        if given is None and wanted.name in self.missing:
            return Sensitive("missing", str)
        return given


def standing(look: Look) -> Standing:
    """Plan without a word of what would change. Raises `UsageError` where AWS's rules refuse the blueprint."""
    supply = _Supply(look)
    try:
        world = read_world(look.deployment.graph, look.deployment.kinds, look.context, supply)
        names = _names(look, supply)
    except AwsError as error:
        evidence = f"{error.operation} was refused: {error.code}"
        return Standing(None, (Checked(Topic.NAMES, "names in AWS", State.NOT_CHECKED, evidence),))
    return Standing(world.live, (*names, *_secrets(look, supply)))


def _names(look: Look, supply: _Supply) -> list[Checked]:
    deployment = look.deployment
    try:
        make_plan(deployment.graph, deployment.kinds, look.context, supply, blueprint_digest=deployment.digest)
    except MissingSecrets as missing:
        for name in missing.names:
            if not deployment.secrets.fetch((name,), None):
                supply.missing.add(name)
        # What was read is remembered: the second plan asks nothing again.
        return _names(look, supply)
    except PreflightError as refused:
        lines = [line for line in refused.evidence.splitlines() if line]
        return [_refused(line, refused.next_step) for line in lines]
    evidence = f"none of the {len(deployment.graph.resources)} resources meets somebody else's"
    return [Checked(Topic.NAMES, "names in AWS", State.OK, evidence)]


def _refused(line: str, next_step: str) -> Checked:
    address, _, why = line.partition(": ")
    return Checked(Topic.NAMES, address, State.FAILS, why, next_step)


def _secrets(look: Look, supply: _Supply) -> list[Checked]:
    if not supply.missing:
        wanted = look.deployment.blueprint.secrets
        evidence = "the blueprint has none" if not wanted else "each is there, given, or made up by the run"
        return [Checked(Topic.SECRETS, "values of secrets", State.OK, evidence)]
    return [
        Checked(
            Topic.SECRETS,
            name,
            State.FAILS,
            "no value was given, and AWS has none yet",
            f"pilotage secrets set {name}   (or --secrets-file FILE, or PILOTAGE_SECRET_{name})",
        )
        for name in sorted(supply.missing)
    ]
