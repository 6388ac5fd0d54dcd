"""A VPC endpoint: a way to an AWS service that does not leave the VPC."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import READY, Context, Identity, Kind, Live, Properties, State, Status
from wizard.errors import AwsError
from wizard.kinds import _ec2, prices

GONE = ("InvalidVpcEndpoint.NotFound", "InvalidVpcEndpointId.NotFound")
LISTS = {"route_tables": "RouteTableIds", "subnets": "SubnetIds", "security_groups": "SecurityGroupIds"}


def _prefix(context: Context) -> str:
    return f"com.amazonaws.{context.scope.region}."


class VpcEndpoint(Kind):
    """A gateway endpoint (S3, DynamoDB: routes) or an interface endpoint (addresses in subnets)."""

    name = "vpc_endpoint"
    title = "VPC endpoint"
    identity = Identity.TOKENED
    found_by = frozenset()
    immutable = frozenset({"vpc", "service", "type"})
    uses = frozenset({"subnet", "security_group", "route_table", "vpc"})
    lag_seconds = _ec2.LAG_SECONDS
    settling = _ec2.not_visible_yet(
        "InvalidVpcId.NotFound",
        "InvalidRouteTableId.NotFound",
        "InvalidSubnetId.NotFound",
        "InvalidSecurityGroupId.NotFound",
        *GONE,
    )
    iam = {
        "read": ("ec2:DescribeVpcEndpoints",),
        "create": ("ec2:CreateVpcEndpoint", "ec2:CreateTags"),
        "update": ("ec2:ModifyVpcEndpoint", "ec2:CreateTags"),
        "delete": ("ec2:DeleteVpcEndpoints",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """AWS: only S3 and DynamoDB have gateway endpoints."""
        found = _ec2.name_problems(properties)
        kind, service = properties.get("type"), properties.get("service")
        if isinstance(kind, str) and kind not in ("gateway", "interface"):
            found.append(f"type: {kind} is neither gateway nor interface")
        if kind == "gateway" and isinstance(service, str) and service not in ("s3", "dynamodb"):
            found.append(f"service: only s3 and dynamodb have gateway endpoints, not {service}")
        return found

    def create_seconds(self, properties: Properties) -> float:
        """A gateway endpoint is there at once; an interface endpoint takes one to three minutes."""
        return 120 if properties.get("type") == "interface" else 3

    def delete_seconds(self, properties: Properties) -> float:
        """The network interfaces of an interface endpoint go slowly."""
        return 120 if properties.get("type") == "interface" else 3

    def monthly_usd(self, properties: Properties) -> float | None:
        """An interface endpoint costs in each of its subnets; data comes on top."""
        subnets = properties.get("subnets")
        count = len(subnets) if isinstance(subnets, list) else 1
        return prices.monthly(prices.INTERFACE_ENDPOINT_HOUR * count) if properties.get("type") == "interface" else 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe by tag; of two with one address the usable one comes first, then the older."""
        items = context.aws.pages("ec2", "describe_vpc_endpoints", "VpcEndpoints", Filters=_ec2.ours(context))
        present = [item for item in items if item["State"].lower() != "deleted"]
        present.sort(key=lambda item: (item["State"].lower() in ("deleting", "failed"), str(item["CreationTimestamp"])))
        return [self._live(context, item) for item in present]

    @staticmethod
    def _live(context: Context, item: Mapping[str, Any]) -> Live:
        properties = {
            "name": _ec2.name_tag(item),
            "vpc": item["VpcId"],
            "service": item["ServiceName"].removeprefix(_prefix(context)),
            "type": item["VpcEndpointType"].lower(),
            "route_tables": sorted(item.get("RouteTableIds", ())),
            "subnets": sorted(item.get("SubnetIds", ())),
            "security_groups": sorted(group["GroupId"] for group in item.get("Groups", ())),
            "private_dns": item.get("PrivateDnsEnabled", False),
        }
        resource = f"vpc-endpoint/{item['VpcEndpointId']}"
        return _ec2.live(context, item, resource, properties, state=item["State"].lower())

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """The SDK does not fill in this client token by itself, so it is always given."""
        lists = {LISTS[name]: properties[name] for name in LISTS if properties.get(name)}
        dns = {} if properties.get("private_dns") is None else {"PrivateDnsEnabled": properties["private_dns"]}
        answer = context.aws.write(
            "ec2",
            "create_vpc_endpoint",
            VpcId=properties["vpc"],
            ServiceName=_prefix(context) + properties["service"],
            VpcEndpointType=properties["type"].capitalize(),
            ClientToken=token,
            TagSpecifications=_ec2.tag_specifications(context, "vpc-endpoint", address, properties["name"]),
            **lists,
            **dns,
        )
        return str(answer["VpcEndpoint"]["VpcEndpointId"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Only what is added and removed is sent."""
        if "name" in changed:
            _ec2.rename(context, live.id, properties["name"])
        request: dict[str, Any] = {}
        for name in changed & LISTS.keys():
            wanted, actual = set(properties[name]), set(live.properties[name])
            request |= {f"Add{LISTS[name]}": sorted(wanted - actual)} if wanted - actual else {}
            request |= {f"Remove{LISTS[name]}": sorted(actual - wanted)} if actual - wanted else {}
        if "private_dns" in changed:
            request["PrivateDnsEnabled"] = properties["private_dns"]
        if request:
            context.aws.write("ec2", "modify_vpc_endpoint", VpcEndpointId=live.id, **request)

    def delete(self, context: Context, live: Live) -> None:
        """AWS answers 200 and lists what it refused under `Unsuccessful`."""
        _ec2.unless_gone(GONE, lambda: self._delete(context, live.id))

    @staticmethod
    def _delete(context: Context, id_: str) -> None:
        answer = context.aws.write("ec2", "delete_vpc_endpoints", VpcEndpointIds=[id_])
        for item in answer.get("Unsuccessful") or ():
            error = item.get("Error", {})
            raise AwsError("ec2:DeleteVpcEndpoints", error.get("Code", "Unknown"), error.get("Message", ""))

    def is_on_its_way(self, live: Live) -> bool:
        """Its interfaces are not usable yet."""
        return bool(live.attributes["state"].startswith("pending"))

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """A failed or expired one can only be deleted and made again."""
        if live.attributes["state"] == "available":
            return READY
        item = self._described(context, live.id)
        state = item["State"].lower()
        if state == "available":
            return READY
        if state.startswith("pending"):
            return Status(State.PENDING, f"the endpoint for {live.properties['service']} is being made")
        cause = item.get("LastError", {}).get("Message") or f"it is {state}"
        return Status(State.FAILED, f"the endpoint cannot be used: {cause}", corpse=True)

    @staticmethod
    def _described(context: Context, id_: str) -> Mapping[str, Any]:
        try:
            items = context.aws.read("ec2", "describe_vpc_endpoints", VpcEndpointIds=[id_])["VpcEndpoints"]
        except AwsError as error:
            if error.code not in GONE:
                raise
            items = []
        # One that was just made may not be shown by every server of EC2 yet.
        return items[0] if items else {"State": "pending"}

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """The order of ids means nothing."""
        if name in LISTS:
            return sorted(desired) == sorted(actual or ())
        return bool(desired == actual)
