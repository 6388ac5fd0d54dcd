"""A target group: the tasks that a load balancer sends requests to, and how it knows that they are well."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import ADDRESS_TAG, DEPLOYMENT_TAG, Context, Identity, Kind, Live, Properties, Settling
from wizard.errors import AwsError
from wizard.kinds import _elb, _health_check
from wizard.kinds._shifting import TARGET_ACTIONS, has_tasks

DELAY = "deregistration_delay.timeout_seconds"


FIXED = ("vpc", "port", "protocol", "target_type")


def _stem(name: str) -> str:
    """As much of a name as leaves room for a tail of five characters within AWS's 32."""
    return name[:27].rstrip("-")


def _names(properties: Properties) -> tuple[str, str]:
    """The wanted name, and the one that is taken while a group with other fixed settings still has the first."""
    name, fixed = str(properties.get("name")), json.dumps([str(properties.get(each)) for each in FIXED])
    return name, f"{_stem(name)}-{hashlib.sha256(fixed.encode()).hexdigest()[:4]}"


def _is_left(context: Context, tags: Mapping[str, str], address: str) -> bool:
    """Whether this is the alternate of that address: what a strategy that shifts requests leaves behind."""
    ours = tags.get(DEPLOYMENT_TAG) == context.scope.deployment
    return ours and tags.get(ADDRESS_TAG) == f"{address}-alternate"


def _serving_first(context: Context, lives: list[Live]) -> list[Live]:
    """Of a group and its alternate under one address the one that has tasks comes first: it is the one to keep."""

    def rank(live: Live) -> int:
        if "alternate" not in live.properties or sum(one.address == live.address for one in lives) < 2:
            return 0
        is_alternate = bool(live.attributes["name"] == live.properties["alternate"])
        return is_alternate + (0 if has_tasks(context, live.id) else 2)

    return sorted(lives, key=rank)


class TargetGroup(Kind):
    """Found by its name, which is unique in account and Region; `alternate` names one that may serve in its place."""

    name = "target_group"
    title = "Target group"
    identity = Identity.NAMED
    found_by = frozenset({"name", *FIXED})
    immutable = frozenset({"name", *FIXED})
    renewed_beside = frozenset(FIXED)
    uses = frozenset({"vpc"})
    settling = (
        Settling("create", "InvalidConfigurationRequest", "VPC", 120),
        Settling("delete", "ResourceInUse", "is currently in use by a listener or a rule", 120),
    )
    iam = {
        "read": (
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTags",
            *TARGET_ACTIONS,
        ),
        "create": (
            "elasticloadbalancing:CreateTargetGroup",
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:DescribeTargetGroups",
        ),
        "update": (
            "elasticloadbalancing:ModifyTargetGroup",
            "elasticloadbalancing:ModifyTargetGroupAttributes",
        ),
        "delete": ("elasticloadbalancing:DeleteTargetGroup",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """AWS: the name, and the bounds of the health check."""
        found = _elb.name_problems(properties.get("name"))
        found += _health_check.problems(properties.get("health"))
        delay = properties.get("deregistration_delay")
        if isinstance(delay, int) and not 0 <= delay <= 3600:
            found.append(f"deregistration_delay: 0 to 3600 seconds, not {delay}")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """A target group costs nothing."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe of all, and one attribute read for each whose deregistration delay is wanted."""
        by_name = {name: address for address, properties in wanted.items() for name in _names(properties)}
        alternates = {p["alternate"]: a for a, p in wanted.items() if isinstance(p.get("alternate"), str)}
        ours = set(context.index.arns(self.name).values())
        items = {
            item["TargetGroupArn"]: item
            for item in context.aws.pages("elbv2", "describe_target_groups", "TargetGroups")
            if item["TargetGroupName"] in by_name
            or item["TargetGroupName"] in alternates
            or item["TargetGroupArn"] in ours
        }
        tags = _elb.tags_of(context, items)
        found = []
        for arn, item in items.items():
            address = by_name.get(item["TargetGroupName"])
            if address is None and _is_left(context, tags.get(arn, {}), alternates.get(item["TargetGroupName"], "")):
                address = alternates[item["TargetGroupName"]]
            properties = self._properties(item) | self._not_compared(wanted.get(address or "", {}))
            if wanted.get(address or "", {}).get("deregistration_delay") is not None:
                properties["deregistration_delay"] = self._delay(context, arn)
            attributes = {"full_name": _elb.full_name(arn), "name": item["TargetGroupName"]}
            found.append(_elb.live(arn, address, tags.get(arn, {}), properties, attributes))
        return _serving_first(context, _elb.relevant(context, found, wanted))

    @staticmethod
    def _not_compared(wanted: Properties) -> dict[str, Any]:
        """A group that serves in place of the wanted one stands under the wanted one's name."""
        alternate = wanted.get("alternate")
        return {"name": wanted["name"], "alternate": alternate} if isinstance(alternate, str) else {}

    @staticmethod
    def _properties(item: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "name": item["TargetGroupName"],
            "vpc": item.get("VpcId", ""),
            "port": item.get("Port"),
            "protocol": item.get("Protocol", ""),
            "target_type": item.get("TargetType", ""),
            "health": _health_check.described(item),
        }

    @staticmethod
    def _delay(context: Context, arn: str) -> int | None:
        values = _elb.attributes_of(context, "describe_target_group_attributes", TargetGroupArn=arn)
        return int(values[DELAY]) if DELAY in values else None

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """The same name with the same settings gives the one that exists, ours or not: the next read tells whose."""
        settings = {
            "VpcId": properties["vpc"],
            "Port": properties["port"],
            "Protocol": properties["protocol"],
            "TargetType": properties["target_type"],
            "Tags": tag_list(context.scope.tags(address)),
            **_health_check.requested(properties.get("health") or {}),
        }
        first, second = _names(properties)
        try:
            answer = context.aws.write("elbv2", "create_target_group", Name=first, **settings)
        except AwsError as error:
            if error.code != "DuplicateTargetGroupName":
                raise
            answer = context.aws.write("elbv2", "create_target_group", Name=second, **settings)
        return str(answer["TargetGroups"][0]["TargetGroupArn"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """The health check, and the delay before a target that leaves is cut off."""
        if "health" in changed:
            context.aws.write(
                "elbv2", "modify_target_group", TargetGroupArn=live.id, **_health_check.requested(properties["health"])
            )
        if "deregistration_delay" in changed:
            delay = [{"Key": DELAY, "Value": str(properties["deregistration_delay"])}]
            context.aws.write("elbv2", "modify_target_group_attributes", TargetGroupArn=live.id, Attributes=delay)

    def delete(self, context: Context, live: Live) -> None:
        """Refused while a listener or a rule forwards to it."""
        try:
            context.aws.write("elbv2", "delete_target_group", TargetGroupArn=live.id)
        except AwsError as error:
            if not _elb.is_missing(error):
                raise

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Only what the health check declares is compared; codes are text in AWS, a number in a blueprint.

        `alternate` says where to look and is no setting.
        """
        if name == "alternate":
            return True
        if name == "name":
            return actual == desired or bool(re.fullmatch(rf"{re.escape(_stem(desired))}-[0-9a-f]{{4}}", str(actual)))
        if name == "health":
            return _health_check.same(desired, actual)
        return bool(desired == actual)
