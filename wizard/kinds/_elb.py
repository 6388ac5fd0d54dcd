"""What the kinds of Elastic Load Balancing share: tags by ARN, names, and the ARNs that lie inside other ARNs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from wizard.aws.ownership import tag_map
from wizard.engine.kind import ADDRESS_TAG, DEPLOYMENT_TAG, Context, Live, Properties
from wizard.errors import AwsError

TAGS_A_CALL = 20
"""AWS: DescribeTags takes up to 20 ARNs."""
NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,32}(?<!-)")
"""AWS: names of load balancers and target groups."""


def is_missing(error: AwsError) -> bool:
    """Whether a read says that the thing is not there: an answer, not a failure."""
    return error.code.removesuffix("Exception").endswith("NotFound")


def attributes_of(context: Context, operation: str, **arn: str) -> dict[str, str]:
    """Attributes by key; none while AWS lists a new one but does not yet tell its attributes."""
    try:
        answer = context.aws.read("elbv2", operation, **arn)
    except AwsError as error:
        if not is_missing(error):
            raise
        return {}
    return {one["Key"]: one["Value"] for one in answer["Attributes"]}


def tags_of(context: Context, arns: Iterable[str]) -> dict[str, Mapping[str, str]]:
    """Tags by ARN: from the index where it knows them, else asked for, twenty at a time."""
    found: dict[str, Mapping[str, str]] = {}
    unknown = []
    for arn in arns:
        listed = context.index.tags(arn)
        if listed is None:
            unknown.append(arn)
        else:
            found[arn] = listed
    rest = iter(unknown)
    while batch := list(islice(rest, TAGS_A_CALL)):
        found |= _asked(context, batch)
    return found


def _asked(context: Context, arns: list[str]) -> dict[str, Mapping[str, str]]:
    try:
        answer = context.aws.read("elbv2", "describe_tags", ResourceArns=arns)
    except AwsError as error:
        if not is_missing(error):
            raise
        # One that was deleted since makes AWS refuse the whole batch.
        each = [_asked(context, [arn]) for arn in arns] if len(arns) > 1 else []
        return {arn: tags for one in each for arn, tags in one.items()}
    return {one["ResourceArn"]: tag_map(one["Tags"]) for one in answer["TagDescriptions"]}


def live(
    arn: str, wanted_as: str | None, tags: Mapping[str, str], properties: Properties, attributes: Mapping[str, Any]
) -> Live:
    """A `Live` under the address that wants it, or the one in its tag."""
    return Live(
        address=wanted_as or tags.get(ADDRESS_TAG, ""),
        id=arn,
        properties=properties,
        attributes={"id": arn, "arn": arn, **attributes},
        owner=tags.get(DEPLOYMENT_TAG, ""),
    )


def relevant(context: Context, lives: Iterable[Live], wanted: Mapping[str, Properties]) -> list[Live]:
    """What is wanted, and what is ours besides."""
    return [live for live in lives if live.address in wanted or live.owner == context.scope.deployment]


def full_name(arn: str) -> str:
    """`app/<name>/<id>` or `targetgroup/<name>/<id>`: how metrics and scaling policies name it."""
    resource = arn.split(":")[-1]
    return resource.removeprefix("loadbalancer/")


def load_balancer_of(listener_arn: str) -> str:
    """The ARN of the load balancer that a listener belongs to."""
    return listener_arn.replace(":listener/", ":loadbalancer/").rsplit("/", 1)[0]


def listener_of(rule_arn: str) -> str:
    """The ARN of the listener that a rule belongs to."""
    return rule_arn.replace(":listener-rule/", ":listener/").rsplit("/", 1)[0]


def name_problems(name: Any) -> list[str]:
    """What AWS would refuse about the name of a load balancer or a target group."""
    if isinstance(name, str) and not NAME.fullmatch(name):
        return [f"name: 1 to 32 letters, digits and hyphens, no hyphen at either end, not {name!r}"]
    return []
