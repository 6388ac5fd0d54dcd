"""An autoscaling configuration of App Runner: how many instances a service may have, and how busy one may be."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.errors import AwsError
from wizard.kinds._app_runner_closed import said_unless_closed
from wizard.kinds._app_runner_scaling import latest, make, remove, revisions
from wizard.kinds._named import addresses_by_name, with_surplus

RANGES = {"min": (1, 25), "max": (1, 25), "concurrency": (1, 200)}


class AppRunnerScaling(Kind):
    """Nothing of a revision can change, so a difference makes the next one; the service then moves to it.

    AWS allows five revisions of a name, so those that no service uses go when the next is made.
    """

    name = "app_runner_scaling"
    title = "App Runner autoscaling configuration"
    identity = Identity.TAGGED
    found_by = frozenset({"name"})
    immutable = frozenset({"name"})
    renewed_by_update = frozenset({"id", "arn"})
    settling = (Settling("delete", "InvalidRequestException", "in use", 600),)
    iam = {
        "read": (
            "apprunner:ListAutoScalingConfigurations",
            "apprunner:DescribeAutoScalingConfiguration",
            "apprunner:ListTagsForResource",
        ),
        "create": ("apprunner:CreateAutoScalingConfiguration", "apprunner:TagResource"),
        "update": (
            "apprunner:ListAutoScalingConfigurations",
            "apprunner:DeleteAutoScalingConfiguration",
            "apprunner:CreateAutoScalingConfiguration",
            "apprunner:TagResource",
        ),
        "delete": ("apprunner:DeleteAutoScalingConfiguration",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The name, and the bounds that App Runner sets."""
        found = []
        name = properties.get("name")
        if isinstance(name, str) and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{3,31}", name):
            found.append(f"the name {name!r} must be 4-32 letters, digits, - or _, a letter or digit first")
        for key, (least, most) in RANGES.items():
            value = properties.get(key)
            if isinstance(value, int) and not least <= value <= most:
                found.append(f"{key} must be {least}-{most}, not {value}: App Runner cannot scale beyond that")
        low, high = properties.get("min"), properties.get("max")
        if isinstance(low, int) and isinstance(high, int) and low > high:
            found.append(f"min {low} is more than max {high}")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """It is free; the instances of its service are not."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """The latest revision of each name: one list and one describe."""
        found: list[Live] = []
        for name, address in with_surplus(context, self.name, addresses_by_name(wanted), "/").items():
            name = name.partition("/")[0]
            live = latest(context, name, address)
            if live and all(live.id != other.id for other in found):
                found.append(live)
        return found

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """The first revision; of all of App Runner this is asked first, and so learns first that it is closed."""
        try:
            return make(context, address, properties)
        except AwsError as error:
            raise said_unless_closed(address, error) from error

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """The next revision; older ones that no service uses make room."""
        for one in revisions(context, live.attributes["name"]):
            arn = one["AutoScalingConfigurationArn"]
            if arn != live.id and not one.get("HasAssociatedService"):
                remove(context, arn)
        make(context, live.address, properties)

    def delete(self, context: Context, live: Live) -> None:
        """All revisions of the name."""
        remove(context, live.id, DeleteAllRevisions=True)
