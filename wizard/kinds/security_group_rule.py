"""A rule of a security group: one protocol, one range of ports, one peer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list, tag_map
from wizard.engine.kind import ADDRESS_TAG, Context, Identity, Kind, Live, Properties
from wizard.errors import AwsError
from wizard.kinds import _ec2, _permissions

GONE = ("InvalidSecurityGroupRuleId.NotFound", "InvalidPermission.NotFound", "InvalidGroup.NotFound")


class SecurityGroupRule(Kind):
    """AWS refuses a second equal rule in a group; an untagged equal one is taken as ours by tagging it."""

    name = "security_group_rule"
    title = "Security group rule"
    identity = Identity.TAGGED
    found_by = frozenset()
    immutable = frozenset({"group", "direction", "protocol", "from_port", "to_port", "peer"})
    uses = frozenset({"security_group"})
    lag_seconds = _ec2.LAG_SECONDS
    settling = _ec2.not_visible_yet("InvalidGroup.NotFound", "InvalidGroupId.NotFound")
    iam = {
        "read": ("ec2:DescribeSecurityGroupRules",),
        "create": (
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:AuthorizeSecurityGroupEgress",
            "ec2:DescribeSecurityGroupRules",
            "ec2:CreateTags",
        ),
        "update": (
            "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
            "ec2:UpdateSecurityGroupRuleDescriptionsEgress",
        ),
        "delete": ("ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """AWS: direction, ports, peer and the characters of the description."""
        found = []
        direction, text, peer = (properties.get(field) for field in ("direction", "description", "peer"))
        if isinstance(direction, str) and direction not in ("ingress", "egress"):
            found.append(f"direction: {direction} is neither ingress nor egress")
        if isinstance(text, str) and not (re.fullmatch(_ec2.FREE_TEXT, text) and len(text) <= 255):
            found.append(f"description: up to 255 of a-z A-Z 0-9 space ._-:/()#,@[]+=&;{{}}!$*, not {text!r}")
        if isinstance(peer, str) and not peer.startswith(("sg-", "pl-")) and not _permissions.is_network(peer):
            found.append(f"peer: {peer} is neither a CIDR block nor the id of a security group or prefix list")
        return found + _permissions.port_problems(properties)

    def monthly_usd(self, properties: Properties) -> float | None:
        """A rule costs nothing."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe by tag."""
        items = context.aws.pages(
            "ec2", "describe_security_group_rules", "SecurityGroupRules", Filters=_ec2.ours(context)
        )
        return [self._live(context, item, wanted) for item in items]

    @staticmethod
    def _live(context: Context, item: Mapping[str, Any], wanted: Mapping[str, Properties]) -> Live:
        properties = {
            "group": item["GroupId"],
            "direction": "egress" if item["IsEgress"] else "ingress",
            "protocol": item["IpProtocol"],
            "from_port": item.get("FromPort", -1),
            "to_port": item.get("ToPort", -1),
            "peer": _permissions.peer_of(item),
            "description": item.get("Description", ""),
        }
        asked = wanted.get(tag_map(item.get("Tags")).get(ADDRESS_TAG, ""), {})
        if (
            _permissions.protocol_of(item["IpProtocol"]) not in _permissions.PORTED
            and asked.get("protocol") is not None
        ):
            # All ports are open whichever were asked for, so any wanted range is as good as met.
            properties |= {port: asked[port] for port in ("from_port", "to_port") if asked.get(port) is not None}
        return _ec2.live(context, item, f"security-group-rule/{item['SecurityGroupRuleId']}", properties)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Authorise it with its tags; an equal rule that nobody has tagged is tagged instead."""
        operation = f"authorize_security_group_{properties['direction']}"
        tags = _ec2.tag_specifications(context, "security-group-rule", address)
        request = {"GroupId": properties["group"], "IpPermissions": [_permissions.permission(properties)]}
        try:
            answer = context.aws.once("ec2", operation, **request, TagSpecifications=tags)
        except AwsError as error:
            equal = self._equal(context, properties) if error.code == "InvalidPermission.Duplicate" else None
            if equal is None or tag_map(equal.get("Tags")).get(ADDRESS_TAG, address) != address:
                raise
            if not equal.get("Tags"):
                wanted = tag_list(context.scope.tags(address))
                context.aws.write("ec2", "create_tags", Resources=[equal["SecurityGroupRuleId"]], Tags=wanted)
            return str(equal["SecurityGroupRuleId"])
        return str(answer["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    def _equal(self, context: Context, properties: Properties) -> Mapping[str, Any] | None:
        filters = [{"Name": "group-id", "Values": [properties["group"]]}]
        for item in context.aws.pages("ec2", "describe_security_group_rules", "SecurityGroupRules", Filters=filters):
            live = self._live(context, item, {})
            fields = ["direction", "protocol", "peer"]
            if _permissions.protocol_of(properties["protocol"]) in _permissions.PORTED:
                fields += ["from_port", "to_port"]
            if all(self.same(field, properties[field], live.properties[field]) for field in fields):
                found: Mapping[str, Any] = item
                return found
        return None

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Only the description can change."""
        described = {"SecurityGroupRuleId": live.id, "Description": properties["description"]}
        context.aws.write(
            "ec2",
            f"update_security_group_rule_descriptions_{live.properties['direction']}",
            GroupId=live.properties["group"],
            SecurityGroupRuleDescriptions=[described],
        )

    def delete(self, context: Context, live: Live) -> None:
        """Revoked by id, so that an equal rule of somebody else is not meant."""
        operation = f"revoke_security_group_{live.properties['direction']}"
        request = {"GroupId": live.properties["group"], "SecurityGroupRuleIds": [live.id]}
        _ec2.unless_gone(GONE, lambda: context.aws.write("ec2", operation, **request))

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Protocols by name or number, peers as networks."""
        if name == "protocol":
            return _permissions.protocol_of(desired) == _permissions.protocol_of(actual)
        if name == "peer":
            return bool(_ec2.canonical_cidr(desired) == _ec2.canonical_cidr(actual))
        return bool(desired == actual)
