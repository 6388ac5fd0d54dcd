"""Rules in a security group of ours that nobody declared: added by hand, or by a program that is not Pilotage.

DescribeSecurityGroups shows what a group lets through, but neither ids nor tags of its rules. So what it shows is held
against the tagged rules of the deployment, which a plan reads anyway, and only what is left over costs a call more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from wizard.aws.ownership import tag_map
from wizard.engine.kind import DEPLOYMENT_TAG, Context
from wizard.kinds import _ec2, _permissions

EVERYWHERE = ("0.0.0.0/0", "::/0")
_SIDES = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}
_PEERS = {
    "IpRanges": "CidrIp",
    "Ipv6Ranges": "CidrIpv6",
    "UserIdGroupPairs": "GroupId",
    "PrefixListIds": "PrefixListId",
}
_NO_PORTS = (-1, -1)


@dataclass(frozen=True, order=True)
class Passage:
    """What one rule lets through. AWS has no two equal ones in a group."""

    direction: str
    protocol: str
    from_port: int
    to_port: int
    peer: str

    @property
    def is_all_egress(self) -> bool:
        """Whether it is the rule that AWS gives every new group, which is a property of the group."""
        return (self.direction, self.protocol) == ("egress", "-1") and self.peer in EVERYWHERE

    @property
    def sentence(self) -> str:
        """For people: `in tcp 22 from 0.0.0.0/0`."""
        ways = ("in", "from") if self.direction == "ingress" else ("out", "to")
        ports = str(self.from_port) if self.from_port == self.to_port else f"{self.from_port}-{self.to_port}"
        what = "everything" if self.protocol == "-1" else self.protocol
        return " ".join([ways[0], what, *([ports] if self.from_port >= 0 else []), ways[1], self.peer])


@dataclass(frozen=True)
class Foreign:
    """A rule that carries the tag of no deployment."""

    id: str
    passage: Passage


def passages(group: Mapping[str, Any]) -> Iterator[Passage]:
    """Everything that a described group lets through."""
    for direction, side in _SIDES.items():
        for permission in group.get(side, ()):
            protocol = _permissions.protocol_of(permission["IpProtocol"])
            ports = _ports(permission, protocol)
            for field, key in _PEERS.items():
                for peer in permission.get(field, ()):
                    yield Passage(direction, protocol, *ports, str(peer.get(key, "")))


def open_in(group: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a described group lets in from anywhere, whoever put it there."""
    found = sorted(one for one in passages(group) if one.direction == "ingress" and one.peer in EVERYWHERE)
    return [{**asdict(one), "sentence": one.sentence} for one in found]


def foreign_rules(context: Context, groups: Sequence[Mapping[str, Any]]) -> dict[str, list[Foreign]]:
    """The foreign rules of described groups, by the group's id. A rule of another deployment is none."""
    shown = {group["GroupId"]: {one for one in passages(group) if not one.is_all_egress} for group in groups}
    if not any(shown.values()):
        return {}
    for item in _described(context, _ec2.ours(context)):
        shown.get(item["GroupId"], set()).discard(_passage(item))
    doubtful = sorted(id_ for id_, left in shown.items() if left)
    if not doubtful:
        return {}
    found: dict[str, list[Foreign]] = {}
    for item in _described(context, [{"Name": "group-id", "Values": doubtful}]):
        passage = _passage(item)
        if passage in shown[item["GroupId"]] and DEPLOYMENT_TAG not in tag_map(item.get("Tags")):
            found.setdefault(item["GroupId"], []).append(Foreign(item["SecurityGroupRuleId"], passage))
    return found


def revoke(context: Context, group: str, rules: Iterable[Foreign], gone: Collection[str]) -> None:
    """Take the rules away, by their ids; those that are gone already are a success."""
    by_side: dict[str, list[str]] = {}
    for rule in rules:
        by_side.setdefault(rule.passage.direction, []).append(rule.id)
    for direction, ids in sorted(by_side.items()):
        request = {"GroupId": group, "SecurityGroupRuleIds": ids}
        call = partial(context.aws.write, "ec2", f"revoke_security_group_{direction}", **request)
        _ec2.unless_gone(gone, call)


def _described(context: Context, filters: list[dict[str, Any]]) -> Iterator[Any]:
    return context.aws.pages("ec2", "describe_security_group_rules", "SecurityGroupRules", Filters=filters)


def _passage(item: Mapping[str, Any]) -> Passage:
    protocol = _permissions.protocol_of(item["IpProtocol"])
    direction = "egress" if item["IsEgress"] else "ingress"
    return Passage(direction, protocol, *_ports(item, protocol), _permissions.peer_of(item))


def _ports(item: Mapping[str, Any], protocol: str) -> tuple[int, int]:
    if protocol not in _permissions.PORTED:
        return _NO_PORTS
    return item.get("FromPort", -1), item.get("ToPort", -1)
