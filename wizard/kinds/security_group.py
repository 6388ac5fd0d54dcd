"""A security group: a name for a set of network interfaces, to which rules are attached."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from wizard.engine.kind import Context, Identity, Kind, Live, Properties
from wizard.engine.values import has_unknown
from wizard.errors import AwsError
from wizard.kinds import _ec2

GONE = ("InvalidGroup.NotFound", "InvalidGroupId.NotFound")
EVERYWHERE = ("0.0.0.0/0", "::/0")


class SecurityGroup(Kind):
    """Found by its name in its VPC; name and description can never change."""

    name = "security_group"
    title = "Security group"
    identity = Identity.NAMED
    immutable = frozenset({"name", "description", "vpc"})
    uses = frozenset({"vpc"})
    lag_seconds = _ec2.LAG_SECONDS
    settling = (
        *_ec2.not_visible_yet("InvalidVpcID.NotFound", *GONE),
        *_ec2.settling("delete", 900, "DependencyViolation", "InvalidGroup.InUse"),
    )
    iam = {
        "read": ("ec2:DescribeSecurityGroups",),
        "create": ("ec2:CreateSecurityGroup", "ec2:CreateTags", "ec2:DescribeSecurityGroups"),
        "update": ("ec2:AuthorizeSecurityGroupEgress", "ec2:RevokeSecurityGroupEgress"),
        "delete": ("ec2:DeleteSecurityGroup", "ec2:DescribeNetworkInterfaces"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """AWS: at most 255 of its characters; a name does not begin with sg-."""
        found = []
        for field in ("name", "description"):
            value = properties.get(field)
            if isinstance(value, str) and not (re.fullmatch(_ec2.FREE_TEXT, value) and 1 <= len(value) <= 255):
                found.append(f"{field}: 1 to 255 of a-z A-Z 0-9 space ._-:/()#,@[]+=&;{{}}!$*, not {value!r}")
        name = properties.get("name")
        if isinstance(name, str) and name.lower().startswith("sg-"):
            found.append(f"name: a security group's name must not begin with sg-, as {name} does")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """A security group costs nothing."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe by tag, and one by name when a wanted one is not among them: a stranger's may have the name."""
        items = context.aws.pages("ec2", "describe_security_groups", "SecurityGroups", Filters=_ec2.ours(context))
        found = [self._live(context, item) for item in items]
        by_key = {self._key(one): address for address, one in wanted.items() if not has_unknown(self._key(one))}
        missing = by_key.keys() - {self._key(live.properties) for live in found}
        if missing:
            found += [live for live in self._by_name(context, missing) if self._key(live.properties) in missing]
        return [replace(live, address=by_key.get(self._key(live.properties), live.address)) for live in found]

    @staticmethod
    def _key(properties: Properties) -> tuple[Any, Any]:
        return properties.get("vpc"), properties.get("name")

    def _by_name(self, context: Context, keys: Collection[tuple[Any, Any]]) -> list[Live]:
        filters = [
            {"Name": "vpc-id", "Values": sorted({key[0] for key in keys})},
            {"Name": "group-name", "Values": sorted({key[1] for key in keys})},
        ]
        items = context.aws.pages("ec2", "describe_security_groups", "SecurityGroups", Filters=filters)
        return [self._live(context, item) for item in items]

    @staticmethod
    def _live(context: Context, item: Mapping[str, Any]) -> Live:
        everything = [one for one in item.get("IpPermissionsEgress", ()) if one["IpProtocol"] == "-1"]
        blocks = [block["CidrIp"] for one in everything for block in one.get("IpRanges", ())]
        blocks += [block["CidrIpv6"] for one in everything for block in one.get("Ipv6Ranges", ())]
        open_to = [block for block in blocks if block in EVERYWHERE]
        properties = {
            "name": item["GroupName"],
            "description": item["Description"],
            "vpc": item.get("VpcId", ""),
            "allow_all_egress": bool(open_to),
        }
        return _ec2.live(context, item, f"security-group/{item['GroupId']}", properties, open_to=open_to)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """AWS adds a rule that allows all egress."""
        try:
            answer = context.aws.write(
                "ec2",
                "create_security_group",
                GroupName=properties["name"],
                Description=properties["description"],
                VpcId=properties["vpc"],
                TagSpecifications=_ec2.tag_specifications(context, "security-group", address, properties["name"]),
            )
        except AwsError as error:
            found = self._by_name(context, [self._key(properties)]) if error.code == "InvalidGroup.Duplicate" else []
            if not found:
                raise
            return found[0].id
        return str(answer["GroupId"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Add or take away the rule for all egress."""
        if properties["allow_all_egress"]:
            permissions = [_all_traffic(EVERYWHERE[0])]
            request = {"GroupId": live.id, "IpPermissions": permissions}
            _ec2.unless_gone(
                ("InvalidPermission.Duplicate",),
                lambda: context.aws.write("ec2", "authorize_security_group_egress", **request),
            )
            return
        request = {"GroupId": live.id, "IpPermissions": [_all_traffic(block) for block in live.attributes["open_to"]]}
        _ec2.unless_gone(
            ("InvalidPermission.NotFound",),
            lambda: context.aws.write("ec2", "revoke_security_group_egress", **request),
        )

    def delete(self, context: Context, live: Live) -> None:
        """Refused while an interface or another group's rule refers to it; the refusal names the interfaces."""
        _ec2.unless_gone(
            GONE,
            lambda: _ec2.naming_holders(
                context, "group-id", live.id, lambda: context.aws.write("ec2", "delete_security_group", GroupId=live.id)
            ),
        )


def _all_traffic(block: str) -> dict[str, Any]:
    ranges = {"Ipv6Ranges": [{"CidrIpv6": block}]} if ":" in block else {"IpRanges": [{"CidrIp": block}]}
    return {"IpProtocol": "-1", **ranges}
