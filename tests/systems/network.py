"""Who may reach whom, read from security groups, subnets and route tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.systems.account import Account, Facts

ANYWHERE = "anywhere"
ALL = "all"
Port = int | str
Way = tuple[Port, str]
"""A port (`ALL` for every protocol and port) and who is at the other end: a group's name, a range, or anywhere."""


@dataclass(frozen=True)
class Subnet:
    """A subnet and where its default route leads: `internet`, a NAT gateway's id, or nothing."""

    id: str
    zone: str
    way_out: str
    routes: frozenset[str]

    @property
    def is_public(self) -> bool:
        """Whether the internet gateway is its default route."""
        return self.way_out == "internet"


def vpc(account: Account, name: str) -> Facts:
    """The VPC of this name."""
    return account.the("ec2", "describe_vpcs", "Vpcs", Filters=[{"Name": "tag:Name", "Values": [name]}])


def group_id(account: Account, name: str) -> str:
    """The id of the security group of this name."""
    filters = [{"Name": "group-name", "Values": [name]}]
    return str(account.the("ec2", "describe_security_groups", "SecurityGroups", Filters=filters)["GroupId"])


def group_names(account: Account, ids: Iterable[str]) -> set[str]:
    """The names of security groups."""
    found = account.every("ec2", "describe_security_groups", "SecurityGroups", GroupIds=list(ids))
    return {each["GroupName"] for each in found}


def may_enter(account: Account, group: str) -> set[Way]:
    """Every way into a security group."""
    return _ways(account, group, egress=False)


def may_leave(account: Account, group: str) -> set[Way]:
    """Every way out of a security group."""
    return _ways(account, group, egress=True)


def who_may_reach(account: Account, group: str, port: int) -> set[str]:
    """Who may open a connection to this port."""
    return {peer for door, peer in may_enter(account, group) if door in (port, ALL)}


def open_to_the_world(account: Account, vpc_id: str) -> set[tuple[str, Port]]:
    """Every group of a VPC that lets anybody in, with the port."""
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}]
    groups = account.every("ec2", "describe_security_groups", "SecurityGroups", Filters=filters)
    names = [group["GroupName"] for group in groups if group["GroupName"] != "default"]
    return {(name, port) for name in names for port, peer in may_enter(account, name) if peer == ANYWHERE}


def _ways(account: Account, group: str, egress: bool) -> set[Way]:
    filters = [{"Name": "group-id", "Values": [group_id(account, group)]}]
    rules = account.every("ec2", "describe_security_group_rules", "SecurityGroupRules", Filters=filters)
    return {(_port(rule), _peer(account, rule)) for rule in rules if rule["IsEgress"] is egress}


def _port(rule: Mapping[str, Any]) -> Port:
    if rule["IpProtocol"] == "-1":
        return ALL
    first, last = rule["FromPort"], rule["ToPort"]
    return int(first) if first == last else f"{first}-{last}"


def _peer(account: Account, rule: Mapping[str, Any]) -> str:
    if "ReferencedGroupInfo" in rule:
        (name,) = group_names(account, [rule["ReferencedGroupInfo"]["GroupId"]])
        return name
    if listed := rule.get("PrefixListId"):
        lists = account.every("ec2", "describe_managed_prefix_lists", "PrefixLists", PrefixListIds=[listed])
        return str(lists[0]["PrefixListName"])
    reach = rule.get("CidrIpv4") or rule["CidrIpv6"]
    return ANYWHERE if reach in ("0.0.0.0/0", "::/0") else str(reach)


def subnets(account: Account, ids: Iterable[str]) -> list[Subnet]:
    """These subnets with their ways out."""
    found = account.every("ec2", "describe_subnets", "Subnets", SubnetIds=list(ids))
    return [_subnet(account, each) for each in sorted(found, key=lambda each: str(each["SubnetId"]))]


def subnets_of(account: Account, vpc_id: str) -> list[Subnet]:
    """All subnets of a VPC."""
    found = account.every("ec2", "describe_subnets", "Subnets", Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])
    return [_subnet(account, each) for each in found]


def _subnet(account: Account, facts: Mapping[str, Any]) -> Subnet:
    table = route_table(account, facts)
    targets = [_target(each) for each in table["Routes"] if each.get("DestinationCidrBlock") == "0.0.0.0/0"]
    ways = frozenset(filter(None, (each.get("GatewayId", "") for each in table["Routes"])))
    return Subnet(facts["SubnetId"], facts["AvailabilityZone"], targets[0] if targets else "", ways)


def route_table(account: Account, subnet: Mapping[str, Any]) -> Facts:
    """The route table of a subnet: its own, or the VPC's main one."""
    tables = account.every(
        "ec2", "describe_route_tables", "RouteTables", Filters=[{"Name": "vpc-id", "Values": [subnet["VpcId"]]}]
    )
    own = [t for t in tables if any(a.get("SubnetId") == subnet["SubnetId"] for a in t["Associations"])]
    return dict((own or [t for t in tables if any(a.get("Main") for a in t["Associations"])])[0])


def _target(route: Mapping[str, Any]) -> str:
    return "internet" if str(route.get("GatewayId", "")).startswith("igw-") else str(route.get("NatGatewayId", ""))


def nat_gateways(account: Account) -> list[Facts]:
    """The NAT gateways that work."""
    found = account.every("ec2", "describe_nat_gateways", "NatGateways")
    return [each for each in found if each["State"] == "available"]


def endpoints(account: Account, vpc_id: str) -> dict[str, Facts]:
    """The VPC endpoints by the last part of their service's name: `s3`, `ecr.api`, `bedrock-runtime`."""
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}]
    found = account.every("ec2", "describe_vpc_endpoints", "VpcEndpoints", Filters=filters)
    return {each["ServiceName"].removeprefix("com.amazonaws.us-east-1."): each for each in found}
