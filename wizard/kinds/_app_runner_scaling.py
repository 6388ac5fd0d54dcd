"""Revisions of an App Runner autoscaling configuration: read, made, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import Context, Live, Properties
from wizard.kinds._named import ignoring, owner_of, tags_of

GONE = "ResourceNotFoundException"
LIMITS = {"min": "MinSize", "max": "MaxSize", "concurrency": "MaxConcurrency"}


def revisions(context: Context, name: str, **more: Any) -> list[Mapping[str, Any]]:
    """The revisions of a name, newest first."""
    key = "AutoScalingConfigurationSummaryList"
    return list(
        context.aws.pages(
            "apprunner", "list_auto_scaling_configurations", key, AutoScalingConfigurationName=name, **more
        )
    )


def latest(context: Context, name: str, address: str) -> Live | None:
    """The latest revision of a name as a `Live`; None when there is none."""
    with ignoring(GONE):
        for one in revisions(context, name, LatestOnly=True):
            if one.get("Status") == "INACTIVE":
                continue
            arn = one["AutoScalingConfigurationArn"]
            answer = context.aws.read(
                "apprunner", "describe_auto_scaling_configuration", AutoScalingConfigurationArn=arn
            )
            whole = answer["AutoScalingConfiguration"]
            tags = tags_of(context, arn, "apprunner", "list_tags_for_resource", "Tags", ResourceArn=arn)
            properties = {"name": name} | {ours: whole[theirs] for ours, theirs in LIMITS.items()}
            return Live(address, arn, properties, {"id": arn, "arn": arn, "name": name}, owner_of(tags))
    return None


def make(context: Context, address: str, properties: Properties) -> str:
    """Neither name nor token makes a second call harmless: it is sent once, and afterwards the name is read."""
    answer = context.aws.once(
        "apprunner",
        "create_auto_scaling_configuration",
        AutoScalingConfigurationName=properties["name"],
        Tags=tag_list(context.scope.tags(address)),
        **{theirs: properties[ours] for ours, theirs in LIMITS.items() if properties.get(ours) is not None},
    )
    return str(answer["AutoScalingConfiguration"]["AutoScalingConfigurationArn"])


def remove(context: Context, arn: str, **more: Any) -> None:
    """Delete a revision; already gone is success."""
    with ignoring(GONE):
        context.aws.write("apprunner", "delete_auto_scaling_configuration", AutoScalingConfigurationArn=arn, **more)
