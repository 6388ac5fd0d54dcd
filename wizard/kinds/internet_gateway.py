"""An internet gateway: the way in and out of a VPC for public addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, Identity, Kind, Live, Properties
from wizard.errors import AwsError
from wizard.kinds import _ec2

GONE = ("InvalidInternetGatewayID.NotFound",)
DETACHED = ("Gateway.NotAttached", *GONE)


class InternetGateway(Kind):
    """It is made unattached; `vpc` is empty until an update attaches it."""

    name = "internet_gateway"
    title = "Internet gateway"
    identity = Identity.TAGGED
    found_by = frozenset()
    uses = frozenset({"vpc"})
    lag_seconds = _ec2.LAG_SECONDS
    settling = (
        *_ec2.not_visible_yet("InvalidVpcID.NotFound", *GONE),
        *_ec2.settling("update", 1200, "DependencyViolation"),
        *_ec2.settling("delete", 1200, "DependencyViolation"),
    )
    iam = {
        "read": ("ec2:DescribeInternetGateways",),
        "create": ("ec2:CreateInternetGateway", "ec2:CreateTags"),
        "update": ("ec2:AttachInternetGateway", "ec2:DetachInternetGateway", "ec2:CreateTags"),
        "delete": ("ec2:DetachInternetGateway", "ec2:DeleteInternetGateway"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Only its Name tag can break a rule."""
        return _ec2.name_problems(properties)

    def monthly_usd(self, properties: Properties) -> float | None:
        """An internet gateway costs nothing."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe by tag; of two with one address the attached one comes first."""
        items = context.aws.pages("ec2", "describe_internet_gateways", "InternetGateways", Filters=_ec2.ours(context))
        return sorted((self._live(context, item) for item in items), key=lambda live: not live.properties["vpc"])

    @staticmethod
    def _live(context: Context, item: Mapping[str, Any]) -> Live:
        attached = [one["VpcId"] for one in item.get("Attachments", ()) if one.get("State") != "detached"]
        properties = {"name": _ec2.name_tag(item), "vpc": attached[0] if attached else ""}
        return _ec2.live(context, item, f"internet-gateway/{item['InternetGatewayId']}", properties)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """CreateInternetGateway cannot attach."""
        tags = _ec2.tag_specifications(context, "internet-gateway", address, properties["name"])
        answer = context.aws.once("ec2", "create_internet_gateway", TagSpecifications=tags)
        return str(answer["InternetGateway"]["InternetGatewayId"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Attach it, after detaching it from another VPC."""
        if "name" in changed:
            _ec2.rename(context, live.id, properties["name"])
        if "vpc" in changed:
            self._detach(context, live)
            self._attach(context, live.id, properties["vpc"])

    @staticmethod
    def _attach(context: Context, id_: str, vpc: str) -> None:
        try:
            context.aws.write("ec2", "attach_internet_gateway", InternetGatewayId=id_, VpcId=vpc)
        except AwsError as error:
            # A lost answer makes the second attempt say that this very gateway is attached already.
            if error.code != "Resource.AlreadyAssociated" or id_ not in error.message:
                raise

    @staticmethod
    def _detach(context: Context, live: Live) -> None:
        vpc = live.properties["vpc"]
        if vpc:
            request = {"InternetGatewayId": live.id, "VpcId": vpc}
            _ec2.unless_gone(DETACHED, lambda: context.aws.write("ec2", "detach_internet_gateway", **request))

    def delete(self, context: Context, live: Live) -> None:
        """Detaching is refused while a public address is mapped in the VPC."""
        self._detach(context, live)
        _ec2.unless_gone(GONE, lambda: context.aws.write("ec2", "delete_internet_gateway", InternetGatewayId=live.id))
