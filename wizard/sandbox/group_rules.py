"""Rules of security groups: equal ones are refused, and their descriptions are kept whatever the peer is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused, before, handles

_NUMBERS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
_PEERS = {
    "IpRanges": "CidrIp",
    "Ipv6Ranges": "CidrIpv6",
    "UserIdGroupPairs": "GroupId",
    "PrefixListIds": "PrefixListId",
}


@before("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
def _no_equal_rule(call: Call) -> None:
    # moto takes the description of a pair of groups for a part of the rule, and so lets an equal one through.
    egress = call.operation.endswith("Egress")
    existing = {_shape(rule) for rule in _rules(call, egress)}
    for shape in _wanted(call.params.get("IpPermissions", ())):
        if shape in existing:
            protocol, from_port, to_port, peer = shape
            raise Refused(
                "InvalidPermission.Duplicate",
                f'the specified rule "peer: {peer}, {protocol}, from port: {from_port}, to port: {to_port}, ALLOW" '
                "already exists",
            )


def _rules(call: Call, egress: bool) -> list[Any]:
    group = moto_state.ec2(call.region).get_security_group_from_id(call.params.get("GroupId", ""))
    if group is None:
        return []
    return list(group.egress_rules if egress else group.ingress_rules)


def _shape(rule: Any) -> tuple[Any, ...]:
    source = rule.source_group.get("GroupId")
    peer = rule.ip_range.get("CidrIp") or rule.ip_range.get("CidrIpv6") or source or rule.prefix_list_id
    return rule.ip_protocol, rule.from_port, rule.to_port, peer


def _wanted(permissions: Any) -> Iterator[tuple[Any, ...]]:
    for permission in permissions:
        protocol = str(permission["IpProtocol"]).lower()
        protocol = _NUMBERS.get(protocol, protocol)
        ports = (None, None) if protocol == "-1" else (permission.get("FromPort"), permission.get("ToPort"))
        for field, key in _PEERS.items():
            for peer in permission.get(field, ()):
                yield (protocol, *ports, peer.get(key))


@handles("ec2", "UpdateSecurityGroupRuleDescriptionsIngress", "UpdateSecurityGroupRuleDescriptionsEgress")
def describe_rules_anew(call: Call) -> dict[str, Any]:
    """By the id of a rule, which moto passes over, or by its content."""
    by_id = call.params.get("SecurityGroupRuleDescriptions")
    if not by_id:
        return call.moto()
    known = {rule.id: rule for rule in _rules(call, call.operation.endswith("Egress"))}
    for one in by_id:
        if one["SecurityGroupRuleId"] not in known:
            raise Refused(
                "InvalidSecurityGroupRuleId.NotFound",
                f"The security group rule ID '{one['SecurityGroupRuleId']}' does not exist",
            )
    for one in by_id:
        rule = known[one["SecurityGroupRuleId"]]
        place = rule.source_group if rule.source_group else rule.ip_range
        place["Description"] = one.get("Description", "")
    return {"Return": True}


@handles("ec2", "DescribeSecurityGroupRules")
def describe_security_group_rules(call: Call) -> dict[str, Any]:
    """moto shows the description of a CIDR block only."""
    answer = call.moto()
    for item in answer.get("SecurityGroupRules", ()):
        text = _description(call, item)
        if text:
            item["Description"] = text
    return answer


def _description(call: Call, item: Mapping[str, Any]) -> str:
    group = moto_state.ec2(call.region).get_security_group_from_id(item["GroupId"])
    for rule in (*group.ingress_rules, *group.egress_rules):
        if rule.id == item["SecurityGroupRuleId"]:
            return str(rule.source_group.get("Description") or rule.ip_range.get("Description") or "")
    return ""
