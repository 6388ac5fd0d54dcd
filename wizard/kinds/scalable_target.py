"""A scalable target: the bounds between which an ECS service may be scaled."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.kinds import _scaling
from wizard.kinds._named import address_of, addresses_by_name, ignoring, owner_of


class ScalableTarget(Kind):
    """Registering again changes the bounds: it is found by its service. It owns the desired count of the service."""

    name = "scalable_target"
    title = "scalable target"
    identity = Identity.NAMED
    found_by = frozenset({"service"})
    found_with = frozenset({"service"})
    immutable = frozenset({"service"})
    uses = frozenset({"service"})
    settling = (
        Settling("create", "ValidationException", "ECS service doesn't exist", 120),
        Settling("create", "ValidationException", "Unable to assume IAM role", 120),
        *_scaling.SETTLING,
    )
    iam = {
        "read": (
            "application-autoscaling:DescribeScalableTargets",
            "application-autoscaling:ListTagsForResource",
        ),
        "create": (
            "application-autoscaling:RegisterScalableTarget",
            "application-autoscaling:TagResource",
            "iam:CreateServiceLinkedRole",
        ),
        "update": ("application-autoscaling:RegisterScalableTarget",),
        "delete": ("application-autoscaling:DeregisterScalableTarget",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The bounds must be in order, and the service named as the API names it."""
        found = []
        service, low, high = (properties.get(name) for name in ("service", "min", "max"))
        if isinstance(service, str) and (not service.startswith("service/") or service.count("/") != 2):
            found.append(f"service: {service} must be service/<cluster>/<service>")
        if isinstance(low, int) and low < 0:
            found.append(f"min: a service cannot have {low} tasks")
        if isinstance(low, int) and isinstance(high, int) and low > high:
            found.append(f"min, max: {low} is above {high}")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """Scaling costs nothing; the tasks it adds do."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One paged describe for all."""
        addresses = addresses_by_name(wanted, "service")
        found = []
        for item in _scaling.targets(context, addresses.keys()):
            service, tags = item["ResourceId"], _scaling.tags_of_target(context, item)
            address = addresses.get(service) or address_of(tags, self.name)
            if address:
                properties = {"service": service, "min": item["MinCapacity"], "max": item["MaxCapacity"]}
                attributes = {"id": service, "arn": item.get("ScalableTargetARN", "")}
                found.append(Live(address, service, properties, attributes, owner_of(tags)))
        return sorted(found, key=lambda live: live.id not in addresses)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """With its tags."""
        self._register(context, properties, Tags=context.scope.tags(address))
        return str(properties["service"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """The same call without tags; a count outside the new bounds is corrected by AWS at once."""
        self._register(context, properties)

    @staticmethod
    def _register(context: Context, properties: Properties, **tags: object) -> None:
        bounds = {"MinCapacity": properties["min"], "MaxCapacity": properties["max"]}
        where = _scaling.place(properties["service"])
        context.aws.write("application-autoscaling", "register_scalable_target", **where, **bounds, **tags)

    def delete(self, context: Context, live: Live) -> None:
        """Its policies, and the alarms that they own, go with it."""
        with ignoring(*_scaling.GONE):
            context.aws.write("application-autoscaling", "deregister_scalable_target", **_scaling.place(live.id))
