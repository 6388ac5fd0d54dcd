"""A target tracking policy: AWS adds and removes tasks so that a metric stays near a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.kinds import _scaling
from wizard.kinds._named import ignoring, owner_of

METRICS = {"cpu": "ECSServiceAverageCPUUtilization", "memory": "ECSServiceAverageMemoryUtilization"}
BY_METRIC = {metric: name for name, metric in METRICS.items()}
COOLDOWNS = {"out": "ScaleOutCooldown", "in": "ScaleInCooldown"}


class ScalingPolicy(Kind):
    """A policy has no tags: it belongs to whom its scalable target belongs to.

    One that is no longer wanted is known by its name, which then must begin with the deployment's (`shop-dev-`): a
    policy that a person put on the same service stays.
    """

    name = "scaling_policy"
    title = "scaling policy"
    identity = Identity.NAMED
    found_by = frozenset({"name", "service"})
    immutable = frozenset({"name", "service"})
    uses = frozenset({"scalable_target"})
    settling = (
        Settling("create", "ObjectNotFoundException", "", 120),
        Settling("create", "FailedResourceAccessException", "", 120),
        Settling("update", "FailedResourceAccessException", "", 120),
        *_scaling.SETTLING,
    )
    iam = {
        "read": (
            "application-autoscaling:DescribeScalableTargets",
            "application-autoscaling:ListTagsForResource",
            "application-autoscaling:DescribeScalingPolicies",
        ),
        "create": ("application-autoscaling:PutScalingPolicy", "cloudwatch:PutMetricAlarm"),
        "update": ("application-autoscaling:PutScalingPolicy", "cloudwatch:PutMetricAlarm"),
        "delete": ("application-autoscaling:DeleteScalingPolicy", "cloudwatch:DeleteAlarms"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The metric is one of two, the target a percentage."""
        found = []
        metric, target = properties.get("metric"), properties.get("target")
        if isinstance(metric, str) and metric not in METRICS:
            found.append(f"metric: {metric} is neither cpu nor memory")
        if isinstance(target, (int, float)) and not 0 < target <= 100:
            found.append(f"target: {target} is not a percentage above 0")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """Two alarms that AWS makes for it, at 0.10 each."""
        return 0.20

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe of the targets, one of the policies of each."""
        places = {
            (one["service"], one["name"]): address
            for address, one in wanted.items()
            if isinstance(one.get("service"), str) and isinstance(one.get("name"), str)
        }
        ours = f"{context.scope.deployment.replace('/', '-')}-"
        found = []
        for target in _scaling.targets(context, {service for service, _ in places}):
            owner = owner_of(_scaling.tags_of_target(context, target))
            where = _scaling.place(target["ResourceId"])
            policies = context.aws.pages(
                "application-autoscaling", "describe_scaling_policies", "ScalingPolicies", **where
            )
            for item in policies:
                surplus = f"{self.name}.{item['PolicyName']}" if item["PolicyName"].startswith(ours) else ""
                address = places.get((item["ResourceId"], item["PolicyName"]), surplus)
                if address and (context.neighbours or address in wanted):
                    found.append(self._live(item, address, owner))
        return sorted(found, key=lambda live: live.address not in wanted)

    @staticmethod
    def _live(item: Mapping[str, Any], address: str, owner: str) -> Live:
        service, name = item["ResourceId"], item["PolicyName"]
        rule = item.get("TargetTrackingScalingPolicyConfiguration", {})
        metric = rule.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType", "")
        properties = {
            "name": name,
            "service": service,
            "metric": BY_METRIC.get(metric, metric or item["PolicyType"]),
            "target": rule.get("TargetValue"),
            "cooldowns": {key: rule[field] for key, field in COOLDOWNS.items() if field in rule},
        }
        id_ = f"{service}/{name}"
        return Live(address, id_, properties, {"id": id_, "arn": item["PolicyARN"]}, owner)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Putting it again changes it."""
        self._put(context, properties)
        return f"{properties['service']}/{properties['name']}"

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """The rule is replaced as a whole."""
        self._put(context, properties)

    @staticmethod
    def _put(context: Context, properties: Properties) -> None:
        rule = {
            "TargetValue": float(properties["target"]),
            "PredefinedMetricSpecification": {"PredefinedMetricType": METRICS[properties["metric"]]},
            **{COOLDOWNS[key]: seconds for key, seconds in (properties.get("cooldowns") or {}).items()},
        }
        context.aws.write(
            "application-autoscaling",
            "put_scaling_policy",
            PolicyName=properties["name"],
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=rule,
            **_scaling.place(properties["service"]),
        )

    def delete(self, context: Context, live: Live) -> None:
        """Its two alarms go with it."""
        where = _scaling.place(live.properties["service"])
        with ignoring(*_scaling.GONE):
            context.aws.write(
                "application-autoscaling", "delete_scaling_policy", PolicyName=live.properties["name"], **where
            )
