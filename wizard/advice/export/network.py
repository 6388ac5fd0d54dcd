"""The network in CloudFormation's words: VPC, subnets, ways in and out, security groups, flow logs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wizard.advice.export.form import Asked, Intrinsic, One, Part, Piece, Shape, ref, word
from wizard.kinds._permissions import PORTED, protocol_of
from wizard.kinds._routes import TARGETS

EVERYWHERE = "0.0.0.0/0"
NOBODY = [{"CidrIp": "127.0.0.1/32", "IpProtocol": "-1", "Description": "Takes the place of a rule for all egress"}]
"""CloudFormation leaves AWS's rule for all egress out only when another is named in the group itself."""
_PEERS: Mapping[str, tuple[str, str, str]] = {
    "ingress": ("AWS::EC2::SecurityGroupIngress", "SourceSecurityGroupId", "SourcePrefixListId"),
    "egress": ("AWS::EC2::SecurityGroupEgress", "DestinationSecurityGroupId", "DestinationPrefixListId"),
}


def _vpc(one: One) -> Iterable[Part]:
    names = one("dns_hostnames")
    yield Piece(
        "AWS::EC2::VPC",
        {"CidrBlock": one("cidr"), "EnableDnsHostnames": names, "EnableDnsSupport": True, "Tags": one.tags},
    )


def _subnet(one: One) -> Iterable[Part]:
    yield Piece(
        "AWS::EC2::Subnet",
        {
            "VpcId": one("vpc"),
            "CidrBlock": one("cidr"),
            "AvailabilityZone": one("zone"),
            "MapPublicIpOnLaunch": one("public_ips"),
            "Tags": one.tags,
        },
    )


def _internet_gateway(one: One) -> Iterable[Part]:
    yield Piece("AWS::EC2::InternetGateway", {"Tags": one.tags})
    attached = {"VpcId": one("vpc"), "InternetGatewayId": ref(one.id)}
    yield Piece("AWS::EC2::VPCGatewayAttachment", attached, part="Attachment")


def _elastic_ip(one: One) -> Iterable[Part]:
    yield Piece("AWS::EC2::EIP", {"Domain": "vpc", "Tags": one.tags})


def _nat_gateway(one: One) -> Iterable[Part]:
    place = {"AllocationId": one("elastic_ip"), "SubnetId": one("subnet")}
    yield Piece("AWS::EC2::NatGateway", {**place, "Tags": one.tags})


def _route_table(one: One) -> Iterable[Part]:
    yield Piece("AWS::EC2::RouteTable", {"VpcId": one("vpc"), "Tags": one.tags})
    for cidr, target in (one.raw("routes") or {}).items():
        where = "DestinationIpv6CidrBlock" if ":" in cidr else "DestinationCidrBlock"
        gateways = [each.address for each in one.parents(target) if each.kind == "internet_gateway"]
        yield Piece(
            "AWS::EC2::Route",
            {"RouteTableId": ref(one.id), where: cidr, _target_of(one, target): one.values.of(target)},
            part="RouteOut" if cidr == EVERYWHERE else f"Route{word(cidr)}",
            after=tuple(one.values.id(address, "Attachment") for address in gateways),
        )
    for number, subnet in enumerate(one("subnets", ()), 1):
        joined = {"RouteTableId": ref(one.id), "SubnetId": subnet}
        yield Piece("AWS::EC2::SubnetRouteTableAssociation", joined, part=f"Subnet{number}")


def _target_of(one: One, target: Any) -> str:
    """The property that takes a route's target."""
    if one.points_at(target, "nat_gateway"):
        return "NatGatewayId"
    return TARGETS.get(str(target)[:4], "GatewayId")


def _vpc_endpoint(one: One) -> Iterable[Part]:
    yield Piece(
        "AWS::EC2::VPCEndpoint",
        {
            "VpcId": one("vpc"),
            "ServiceName": one.values.text("com.amazonaws.${AWS::Region}.{service}", service=one.raw("service")),
            "VpcEndpointType": str(one.raw("type")).capitalize(),
            "RouteTableIds": one("route_tables"),
            "SubnetIds": one("subnets"),
            "SecurityGroupIds": one("security_groups"),
            "PrivateDnsEnabled": one("private_dns"),
            "Tags": one.tags,
        },
    )


def _security_group(one: One) -> Iterable[Part]:
    yield Piece(
        "AWS::EC2::SecurityGroup",
        {
            "GroupName": one("name"),
            "GroupDescription": one("description"),
            "VpcId": one("vpc"),
            "SecurityGroupEgress": None if one.raw("allow_all_egress") else NOBODY,
        },
    )


def _security_group_rule(one: One) -> Iterable[Part]:
    protocol = protocol_of(one.raw("protocol"))
    ports = {"FromPort": one("from_port"), "ToPort": one("to_port")} if protocol in PORTED else {}
    type_, group, prefix_list = _PEERS[one.raw("direction")]
    peer = one("peer")
    if isinstance(peer, Intrinsic) or peer.startswith("sg-"):
        other = {group: peer}
    elif peer.startswith("pl-"):
        other = {prefix_list: peer}
    else:
        other = {"CidrIpv6" if ":" in peer else "CidrIp": peer}
    said = {"GroupId": one("group"), "IpProtocol": protocol, **ports, **other}
    yield Piece(type_, {**said, "Description": one("description")})


def _flow_log(one: One) -> Iterable[Part]:
    yield Piece(
        "AWS::EC2::FlowLog",
        {
            "ResourceId": one("vpc"),
            "ResourceType": "VPC",
            "TrafficType": one("traffic"),
            "LogDestinationType": "cloud-watch-logs",
            "LogGroupName": one("log_group"),
            "DeliverLogsPermissionArn": one("role"),
            "Tags": one.tags,
        },
    )


def _default_vpc(one: One) -> Iterable[Part]:
    yield Asked("AWS::EC2::VPC::Id", "The default VPC of the account in this Region")


def _default_subnet(one: One) -> Iterable[Part]:
    yield Asked("AWS::EC2::Subnet::Id", f"The default subnet of the zone {one.raw('zone')}")


SHAPES: Mapping[str, Shape] = {
    "vpc": Shape(_vpc, {"id": "", "cidr": "CidrBlock"}),
    "subnet": Shape(_subnet, {"id": ""}),
    "internet_gateway": Shape(_internet_gateway, {"id": ""}),
    "elastic_ip": Shape(_elastic_ip, {"id": "AllocationId", "public_ip": ""}),
    "nat_gateway": Shape(_nat_gateway, {"id": ""}),
    "route_table": Shape(_route_table, {"id": ""}),
    "vpc_endpoint": Shape(_vpc_endpoint, {"id": ""}),
    "security_group": Shape(_security_group, {"id": "GroupId"}),
    "security_group_rule": Shape(_security_group_rule, {"id": ""}),
    "flow_log": Shape(_flow_log, {"id": ""}),
    "default_vpc": Shape(_default_vpc, {"id": ""}),
    "default_subnet": Shape(_default_subnet, {"id": ""}),
}
