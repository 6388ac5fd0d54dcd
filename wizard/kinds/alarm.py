"""A CloudWatch alarm on one metric, or on the sum of one metric of several things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import Context, Identity, Kind, Live, Properties
from wizard.kinds import _metrics
from wizard.kinds._named import addresses_by_name, owner_of, tags_of, with_surplus

BATCH = 100
"""How many names DescribeAlarms and DeleteAlarms take."""
COMPARISONS = (
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
)
MISSING = ("breaching", "notBreaching", "ignore", "missing")
LONGEST_SECONDS = 7 * 86400


class Alarm(Kind):
    """PutMetricAlarm replaces the whole alarm of that name, and takes tags only when it makes a new one."""

    name = "alarm"
    title = "CloudWatch alarm"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name"})
    uses = frozenset({"topic"})
    iam = {
        "read": ("cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"),
        "create": ("cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"),
        "update": ("cloudwatch:PutMetricAlarm",),
        "delete": ("cloudwatch:DeleteAlarms",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Name, periods, and the words that AWS knows."""
        found = []
        name, period, periods = (properties.get(key) for key in ("name", "period", "periods"))
        if isinstance(name, str) and not 1 <= len(name) <= 255:
            found.append(f"name: an alarm's name has 1 to 255 characters, this one has {len(name)}")
        if isinstance(period, int) and period not in (10, 20, 30) and (period < 60 or period % 60):
            found.append(f"period: {period} is neither 10, 20, 30 nor a multiple of 60 seconds")
        if isinstance(period, int) and isinstance(periods, int) and period * periods > LONGEST_SECONDS:
            found.append(f"period, periods: an alarm looks back seven days at most, not {period * periods} seconds")
        for key, allowed in (("comparison", COMPARISONS), ("missing", MISSING)):
            value = properties.get(key)
            if isinstance(value, str) and value not in allowed:
                found.append(f"{key}: {value} is none of {', '.join(allowed)}")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """Of standard resolution: each metric that it looks at."""
        dimensions = properties.get("dimensions")
        return round(0.10 * (len(dimensions) if isinstance(dimensions, list) else 1), 2)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe for a hundred names."""
        mine = addresses_by_name(wanted)
        addresses = with_surplus(context, self.name, mine, ":") if context.neighbours else mine
        names = sorted(addresses)
        found = []
        for start in range(0, len(names), BATCH):
            batch = names[start : start + BATCH]
            for item in context.aws.pages("cloudwatch", "describe_alarms", "MetricAlarms", AlarmNames=batch):
                found.append(self._live(context, item, addresses[item["AlarmName"]]))
        return sorted(found, key=lambda live: live.id not in mine)

    @staticmethod
    def _live(context: Context, item: Mapping[str, Any], address: str) -> Live:
        name, arn = item["AlarmName"], item["AlarmArn"]
        actions = item.get("AlarmActions", ()) if item.get("ActionsEnabled", True) else ()
        properties = {
            "name": name,
            **_metrics.described(item),
            "periods": item.get("EvaluationPeriods"),
            "threshold": item.get("Threshold"),
            "comparison": item["ComparisonOperator"],
            "missing": item.get("TreatMissingData") or "missing",
            "topic": actions[0] if actions else "",
            "description": item.get("AlarmDescription") or "",
        }
        tags = tags_of(context, arn, "cloudwatch", "list_tags_for_resource", "Tags", ResourceARN=arn)
        return Live(address, name, properties, {"id": name, "arn": arn, "name": name}, owner_of(tags))

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """With its tags."""
        self._put(context, properties, Tags=tag_list(context.scope.tags(address)))
        return str(properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """The alarm is replaced as a whole; its tags stay."""
        self._put(context, properties)

    @staticmethod
    def _put(context: Context, properties: Properties, **tags: Any) -> None:
        topic = properties.get("topic")
        context.aws.write(
            "cloudwatch",
            "put_metric_alarm",
            AlarmName=properties["name"],
            AlarmDescription=properties.get("description") or "",
            EvaluationPeriods=properties["periods"],
            Threshold=float(properties["threshold"]),
            ComparisonOperator=properties["comparison"],
            TreatMissingData=properties.get("missing") or "missing",
            AlarmActions=[topic] if topic else [],
            OKActions=[topic] if topic else [],
            **_metrics.requested(properties),
            **tags,
        )

    def delete(self, context: Context, live: Live) -> None:
        """Deleting one that is gone is no error to CloudWatch."""
        context.aws.write("cloudwatch", "delete_alarms", AlarmNames=[live.id])
