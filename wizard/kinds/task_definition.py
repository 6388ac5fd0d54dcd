"""An ECS task definition: a family of revisions, of which the newest is the one that counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import ecs_tag_list, tag_map
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.engine.values import UNKNOWN
from wizard.errors import AwsError
from wizard.kinds import _old_revisions
from wizard.kinds._containers import canonical_containers, canonical_volumes, ordered
from wizard.kinds._fargate import container_problems, size_problems
from wizard.kinds._named import addresses_by_name, owner_of, with_surplus

SECRETS_TAG = "pilotage:secrets"
"""Versions of the secrets that the tasks of a revision start with; one without it was registered elsewhere."""
LONGEST_TAG = 256
NOT_YET = ("Role is not valid", "unable to assume", "Unable to assume")


class TaskDefinition(Kind):
    """Nothing of a revision can change, so a difference registers the next one; older ones stay for a rollback.

    The newest `keep` of those older ones stay ACTIVE, and whatever the service runs; a new revision clears the rest
    away. `keep` and `runs_in` are no part of a revision, so they are never compared.
    The family's name holds the deployment; a revision that something else registered in it carries no tag and is
    followed by one of ours.
    """

    name = "task_definition"
    title = "task definition"
    identity = Identity.TAGGED
    found_by = frozenset({"family"})
    leaves_behind = "its revisions are INACTIVE; AWS keeps them and charges nothing"
    immutable = frozenset({"family"})
    renewed_by_update = frozenset({"id", "arn", "revision"})
    uses = frozenset({"role"})
    adopts_untagged = True
    settling = tuple(
        Settling(verb, "ClientException", words, 120) for verb in ("create", "update") for words in NOT_YET
    )
    iam = {
        "read": ("ecs:DescribeTaskDefinition",),
        "create": ("ecs:RegisterTaskDefinition", "ecs:TagResource", "iam:PassRole"),
        "update": (
            "ecs:RegisterTaskDefinition",
            "ecs:TagResource",
            "iam:PassRole",
            *_old_revisions.IAM_ACTIONS,
        ),
        "delete": ("ecs:ListTaskDefinitions", "ecs:DescribeTaskDefinition", "ecs:DeregisterTaskDefinition"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Sizes of Fargate, and what its containers may say."""
        found = size_problems(properties.get("cpu"), properties.get("memory"))
        family = properties.get("family")
        if isinstance(family, str) and not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", family):
            found.append(f"the family {family!r} must be 1-255 letters, digits, - or _")
        containers = properties.get("containers")
        if containers is not None and containers is not UNKNOWN:
            found += container_problems(containers)
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """A definition is free; each task that a service runs of it is not."""
        return 0.0

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Defaults that ECS adds and the order of lists mean nothing; sizes are text there."""
        if name in ("keep", "runs_in"):
            return True
        if name == "secret_versions":
            return actual is None or _tag_text(desired) == actual
        if name == "containers":
            return canonical_containers(desired) == canonical_containers(actual or ())
        if name == "volumes":
            return canonical_volumes(desired) == canonical_volumes(actual or ())
        if name in ("cpu", "memory"):
            return str(desired) == str(actual)
        return bool(desired == actual)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One DescribeTaskDefinition for each family: by its name it answers the newest ACTIVE revision."""
        addresses = addresses_by_name(wanted, "family")
        families = dict(addresses)
        for name, address in with_surplus(context, self.name, {}, "/").items():
            families.setdefault(name.rpartition(":")[0], address)
        found = []
        for family, address in families.items():
            answer = _newest(context, family)
            live = _live(answer, address) if answer else None
            if live and (family in addresses or live.owner == context.scope.deployment):
                found.append(live)
        return found

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Register the first revision."""
        return _register(context, address, properties)

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Register the next revision, whole, and clear away those that are too old to be gone back to."""
        _register(context, live.address, properties)
        family, keep = live.attributes["family"], properties.get("keep")
        if keep is not None and live.attributes["revision"] > keep:
            _old_revisions.clear_away(context, family, keep, properties.get("runs_in") or {})

    def delete(self, context: Context, live: Live) -> None:
        """Deregister every revision of the family that is ours or nobody's; ECS keeps them as INACTIVE."""
        _old_revisions.deregister(context, live.attributes["family"], frozenset())


def _tag_text(versions: str) -> str:
    return versions[:LONGEST_TAG]


def _newest(context: Context, family: str) -> Mapping[str, Any] | None:
    try:
        answer = context.aws.read("ecs", "describe_task_definition", taskDefinition=family, include=["TAGS"])
    except AwsError as error:
        # ECS has no code of its own for "not found" here.
        if error.code == "ClientException" and "escribe task definition" in error.message:
            return None
        raise
    return answer if answer["taskDefinition"].get("status", "ACTIVE") == "ACTIVE" else None


def _live(answer: Mapping[str, Any], address: str) -> Live:
    found = answer["taskDefinition"]
    arn, family, revision = found["taskDefinitionArn"], found["family"], found["revision"]
    properties = {
        "family": family,
        "cpu": found.get("cpu"),
        "memory": found.get("memory"),
        "architecture": found.get("runtimePlatform", {}).get("cpuArchitecture", "X86_64"),
        "execution_role": found.get("executionRoleArn"),
        "task_role": found.get("taskRoleArn"),
        "containers": found["containerDefinitions"],
        "volumes": found.get("volumes") or [],
    }
    tags = tag_map(answer.get("tags"))
    properties["secret_versions"] = tags.get(SECRETS_TAG)
    attributes = {"id": arn, "arn": arn, "family": family, "revision": revision}
    return Live(address, arn, properties, attributes, owner_of(tags))


def _register(context: Context, address: str, properties: Properties) -> str:
    """Neither name nor token makes a second call harmless: it is sent once, and afterwards the family is read."""
    roles = {"executionRoleArn": properties.get("execution_role"), "taskRoleArn": properties.get("task_role")}
    versions = properties.get("secret_versions")
    secrets = {SECRETS_TAG: _tag_text(versions)} if versions else {}
    answer = context.aws.once(
        "ecs",
        "register_task_definition",
        family=properties["family"],
        cpu=str(properties["cpu"]),
        memory=str(properties["memory"]),
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        runtimePlatform={
            "cpuArchitecture": properties.get("architecture") or "X86_64",
            "operatingSystemFamily": "LINUX",
        },
        containerDefinitions=[ordered(container) for container in properties["containers"]],
        volumes=[dict(volume) for volume in properties.get("volumes") or ()],
        tags=ecs_tag_list({**context.scope.tags(address), **context.scope.notes, **secrets}),
        **{key: role for key, role in roles.items() if role},
    )
    return str(answer["taskDefinition"]["taskDefinitionArn"])
