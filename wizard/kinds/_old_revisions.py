"""Revisions of a task definition that are too old to be gone back to: they are deregistered, and AWS keeps them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wizard.aws.ownership import tag_map
from wizard.engine.kind import Context
from wizard.kinds._named import ignoring, owner_of

IAM_ACTIONS = (
    "ecs:ListTaskDefinitions",
    "ecs:DescribeTaskDefinition",
    "ecs:DeregisterTaskDefinition",
    "ecs:DescribeServices",
)


def clear_away(context: Context, family: str, keep: int, service: Mapping[str, str]) -> None:
    """Deregister all but the newest revision, so many before it, and what the service runs or may go back to."""
    revisions = _active(context, family)
    if len(revisions) > keep + 1:
        deregister(context, family, {*revisions[-keep - 1 :], *_running(context, service)})


def deregister(context: Context, family: str, kept: Collection[str]) -> None:
    """Deregister the revisions that are ours or nobody's, but for the kept ones."""
    for arn in _active(context, family):
        if arn in kept:
            continue
        answer = context.aws.read("ecs", "describe_task_definition", taskDefinition=arn, include=["TAGS"])
        if owner_of(tag_map(answer.get("tags"))) in (context.scope.deployment, ""):
            context.aws.write("ecs", "deregister_task_definition", taskDefinition=arn)


def _active(context: Context, family: str) -> list[str]:
    """The ARNs of the family's ACTIVE revisions, the newest last."""
    how = {"familyPrefix": family, "status": "ACTIVE", "sort": "ASC"}
    return list(context.aws.pages("ecs", "list_task_definitions", "taskDefinitionArns", **how))


def _running(context: Context, service: Mapping[str, str]) -> set[str]:
    """What a service runs, and what it may still go back to."""
    if not service:
        return set()
    with ignoring("ClusterNotFoundException"):
        which = {"cluster": service["cluster"], "services": [service["name"]]}
        found = context.aws.read("ecs", "describe_services", **which)["services"]
        return {each["taskDefinition"] for one in found for each in (one, *one.get("deployments", ()))}
    return set()
