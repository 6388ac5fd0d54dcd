"""A security group: a name for a set of network interfaces, to which rules are attached.

The rules that a blueprint needs are resources of their own. `foreign_rules` is what else was put into a group of ours:
none is wanted, so what a person adds by hand shows as a difference and goes with the next replay.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from wizard.engine.kind import Context, Identity, Kind, Live, Properties
from wizard.engine.values import has_unknown
from wizard.errors import AwsError
from wizard.kinds import _ec2, _foreign_rules
from wizard.kinds._foreign_rules import EVERYWHERE, Foreign

GONE = ("InvalidGroup.NotFound", "InvalidGroupId.NotFound")
RULE_GONE = ("InvalidSecurityGroupRuleId.NotFound", "InvalidPermission.NotFound")


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
        "read": ("ec2:DescribeSecurityGroups", "ec2:DescribeSecurityGroupRules"),
        "create": ("ec2:CreateSecurityGroup", "ec2:CreateTags", "ec2:DescribeSecurityGroups"),
        "update": (
            "ec2:AuthorizeSecurityGroupEgress",
            "ec2:RevokeSecurityGroupEgress",
            "ec2:RevokeSecurityGroupIngress",
        ),
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

    def refusal(self, live: Live, properties: Properties) -> str:
        """What stands in a VPC cannot move to another one, and a group goes where its members are."""
        moves = isinstance(properties["vpc"], str) and properties["vpc"] != live.properties["vpc"]
        return f"everything stands in {live.properties['vpc']}, and AWS moves nothing to another VPC" if moves else ""

    def monthly_usd(self, properties: Properties) -> float | None:
        """A security group costs nothing."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe by tag, and one by name when a wanted one is not among them: a stranger's may have the name."""
        items = list(context.aws.pages("ec2", "describe_security_groups", "SecurityGroups", Filters=_ec2.ours(context)))
        foreign = self._foreign(context, items, wanted)
        found = [self._live(context, item, foreign.get(item["GroupId"], ())) for item in items]
        by_key = {self._key(one): address for address, one in wanted.items() if not has_unknown(self._key(one))}
        missing = by_key.keys() - {self._key(live.properties) for live in found}
        if missing:
            found += [live for live in self._by_name(context, missing) if self._key(live.properties) in missing]
        return [replace(live, address=by_key.get(self._key(live.properties), live.address)) for live in found]

    @staticmethod
    def _foreign(
        context: Context, items: Sequence[Mapping[str, Any]], wanted: Mapping[str, Properties]
    ) -> Mapping[str, Sequence[Foreign]]:
        """What strangers put into those of our groups that are wanted without."""
        asked = {one.get("name") for one in wanted.values() if one.get("foreign_rules") is not None}
        return _foreign_rules.foreign_rules(context, [item for item in items if item["GroupName"] in asked])

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
    def _live(context: Context, item: Mapping[str, Any], foreign: Sequence[Foreign] = ()) -> Live:
        everything = [one for one in item.get("IpPermissionsEgress", ()) if one["IpProtocol"] == "-1"]
        blocks = [block["CidrIp"] for one in everything for block in one.get("IpRanges", ())]
        blocks += [block["CidrIpv6"] for one in everything for block in one.get("Ipv6Ranges", ())]
        open_to = [block for block in blocks if block in EVERYWHERE]
        properties = {
            "name": item["GroupName"],
            "description": item["Description"],
            "vpc": item.get("VpcId", ""),
            "allow_all_egress": bool(open_to),
            "foreign_rules": sorted(f"{rule.passage.sentence} ({rule.id})" for rule in foreign),
        }
        more = {"open_to": open_to, "open_in": _foreign_rules.open_in(item), "foreign": tuple(foreign)}
        return _ec2.live(context, item, f"security-group/{item['GroupId']}", properties, **more)

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
        """Take foreign rules away; add or take away the rule for all egress."""
        if "foreign_rules" in changed:
            _foreign_rules.revoke(context, live.id, live.attributes["foreign"], RULE_GONE)
        if "allow_all_egress" in changed:
            self._let_out(context, live, everything=properties["allow_all_egress"])

    @staticmethod
    def _let_out(context: Context, live: Live, *, everything: bool) -> None:
        blocks = EVERYWHERE[:1] if everything else live.attributes["open_to"]
        verb, gone = ("authorize", "InvalidPermission.Duplicate") if everything else ("revoke", RULE_GONE[1])
        request = {"GroupId": live.id, "IpPermissions": [_all_traffic(block) for block in blocks]}
        _ec2.unless_gone((gone,), lambda: context.aws.write("ec2", f"{verb}_security_group_egress", **request))

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
