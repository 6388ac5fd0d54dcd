"""VPCs, subnets, security groups, gateways, routes: what EC2 refuses and moto lets through."""

from __future__ import annotations

import re
from typing import Any

from moto.ec2.models.subnets import Subnet

from wizard.sandbox import interfaces, moto_state, tokens
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.nat import token_mismatch
from wizard.sandbox.world import on_reset

_GROUP_TEXT = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}")
_DEAD = ("deleting", "deleted", "failed")


def _depends(message: str) -> Refused:
    return Refused("DependencyViolation", message)


@before("ec2", "DeleteSubnet")
def _subnet_is_empty(call: Call) -> None:
    store = moto_state.ec2(call.region)
    subnet_id = call.params["SubnetId"]
    store.get_subnet(subnet_id)
    if any(interface["SubnetId"] == subnet_id for interface in interfaces.existing(call.region)):
        raise _depends(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")


@before("ec2", "DeleteVpc")
def _vpc_is_empty(call: Call) -> None:
    store = moto_state.ec2(call.region)
    vpc_id = call.params["VpcId"]
    store.get_vpc(vpc_id)
    holders = [
        any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in store.internet_gateways.values()),
        any(group.name != "default" for group in store.groups.get(vpc_id, {}).values()),
        any(interface["VpcId"] == vpc_id for interface in interfaces.existing(call.region)),
        any(endpoint.vpc_id == vpc_id for endpoint in store.vpc_end_points.values()),
        any(gateway.vpc_id == vpc_id and gateway.state != "deleted" for gateway in store.nat_gateways.values()),
    ]
    if any(holders):
        raise _depends(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")


@before("ec2", "DeleteSecurityGroup")
def _group_is_free(call: Call) -> None:
    store = moto_state.ec2(call.region)
    group_id = call.params.get("GroupId")
    group = store.get_security_group_from_id(group_id) if group_id else None
    if group is None:
        return
    if group.name == "default":
        raise Refused("CannotDelete", f'the specified group: "{group_id}" name: "default" cannot be deleted by a user')
    used = any(
        group_id in [group["GroupId"] for group in interface["Groups"]]
        for interface in interfaces.existing(call.region)
    )
    if used or _referenced(store, group.id):
        raise _depends(f"resource {group_id} has a dependent object")


def _referenced(store: Any, group_id: str) -> bool:
    for groups in store.groups.values():
        for other in groups.values():
            if other.id == group_id:
                continue
            for rule in (*other.ingress_rules, *other.egress_rules):
                if rule.source_group.get("GroupId") == group_id:
                    return True
    return False


@before("ec2", "CreateSecurityGroup")
def _group_text(call: Call) -> None:
    for name in ("GroupName", "Description"):
        value = call.params.get(name, "")
        if not _GROUP_TEXT.fullmatch(value):
            shown = "GroupDescription" if name == "Description" else name
            raise Refused(
                "InvalidParameterValue",
                f"Value ({value}) for parameter {shown} is invalid. Valid characters: a-z, A-Z, 0-9, spaces, "
                "and ._-:/()#,@[]+=&;{}!$*",
            )
    if call.params["GroupName"].startswith("sg-"):
        raise Refused(
            "InvalidParameterValue",
            f"Value ({call.params['GroupName']}) for parameter GroupName is invalid."
            " Group names may not be in the format sg-*",
        )
    if vpc_id := call.params.get("VpcId"):
        moto_state.ec2(call.region).get_vpc(vpc_id)


@before("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
def _referenced_groups_exist(call: Call) -> None:
    store = moto_state.ec2(call.region)
    wanted = [call.params.get("GroupId")]
    for permission in call.params.get("IpPermissions", ()):
        wanted += [pair.get("GroupId") for pair in permission.get("UserIdGroupPairs", ())]
    for group_id in filter(None, wanted):
        if store.get_security_group_from_id(group_id) is None:
            raise Refused("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")


@before("ec2", "DetachInternetGateway")
def _no_mapped_addresses(call: Call) -> None:
    vpc_id = call.params["VpcId"]
    if any(
        interface["VpcId"] == vpc_id and interface.get("Association") for interface in interfaces.existing(call.region)
    ):
        raise _depends(
            f"Network {vpc_id} has some mapped public address(es). "
            "Please unmap those public address(es) before detaching the gateway."
        )


@before("ec2", "AttachInternetGateway")
def _one_gateway_per_vpc(call: Call) -> None:
    store = moto_state.ec2(call.region)
    vpc_id = call.params["VpcId"]
    store.get_vpc(vpc_id)
    for gateway in store.internet_gateways.values():
        if gateway.vpc and gateway.vpc.id == vpc_id and gateway.id != call.params["InternetGatewayId"]:
            raise Refused("InvalidParameterValue", f"Network {vpc_id} already has an internet gateway attached")


@before("ec2", "CreateRoute", "ReplaceRoute")
def _route_leads_somewhere(call: Call) -> None:
    store = moto_state.ec2(call.region)
    table = store.get_route_table(call.params["RouteTableId"])
    gateway_id = call.params.get("NatGatewayId")
    if gateway_id:
        gateway = store.nat_gateways.get(gateway_id)
        if gateway is None or gateway.state in _DEAD:
            raise Refused("InvalidNatGatewayID.NotFound", f"The natGateway ID '{gateway_id}' does not exist")
    destination = call.params.get("DestinationCidrBlock") or call.params.get("DestinationIpv6CidrBlock")
    here = any(
        destination in (route.destination_cidr_block, route.destination_ipv6_cidr_block) for route in table.routes
    )
    if call.operation == "CreateRoute" and destination and here:
        raise Refused("RouteAlreadyExists", f"The route identified by {destination} already exists.")
    if call.operation == "ReplaceRoute" and destination and not here:
        raise Refused(
            "InvalidParameterValue",
            f"There is no route defined for '{destination}' in the route table. Use CreateRoute instead.",
        )
    internet_gateway_id = call.params.get("GatewayId", "")
    if internet_gateway_id.startswith("igw-"):
        internet_gateway = store.get_internet_gateway(internet_gateway_id)
        if not internet_gateway.vpc or internet_gateway.vpc.id != table.vpc_id:
            raise Refused(
                "InvalidParameterValue",
                f"route table {table.id} and network gateway {internet_gateway_id} belong to different networks",
            )


@before("ec2", "AssociateRouteTable")
def _subnet_has_one_table(call: Call) -> None:
    store = moto_state.ec2(call.region)
    subnet_id, table_id = call.params.get("SubnetId"), call.params["RouteTableId"]
    wanted = store.get_route_table(table_id)
    if subnet_id is None:
        return
    subnet = store.get_subnet(subnet_id)
    if subnet.vpc_id != wanted.vpc_id:
        raise Refused(
            "InvalidParameterValue", f"Route table {table_id} and subnet {subnet_id} belong to different networks"
        )
    for table in store.route_tables.values():
        if subnet_id in table._associations.values() and table.id != table_id:
            raise Refused(
                "Resource.AlreadyAssociated",
                f"the specified association for route table {table_id} conflicts with an existing association",
            )


@handles("ec2", "CreateRouteTable")
def create_route_table(call: Call) -> dict[str, Any]:
    """The client token, which moto ignores, gives the same table again."""
    again = tokens.known(call, "ClientToken", token_mismatch)
    if again is None or again not in moto_state.ec2(call.region).route_tables:
        made = call.moto()
        tokens.remember(call, "ClientToken", made["RouteTable"]["RouteTableId"])
    else:
        table = moto_state.ec2(call.region).route_tables[again]
        local = table.routes[0]
        made = {
            "RouteTable": {
                "RouteTableId": table.id,
                "VpcId": table.vpc_id,
                "OwnerId": table.owner_id,
                "Associations": [],
                "PropagatingVgws": [],
                "Routes": [
                    {
                        "DestinationCidrBlock": local.destination_cidr_block,
                        "GatewayId": "local",
                        "Origin": "CreateRouteTable",
                        "State": "active",
                    }
                ],
                "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in table.get_tags()],
            }
        }
    if "ClientToken" in call.params:
        made["ClientToken"] = call.params["ClientToken"]
    return made


@handles("ec2", "DescribeRouteTables")
def describe_route_tables(call: Call) -> dict[str, Any]:
    """A route to a NAT gateway that is gone is a `blackhole`."""
    answer = call.moto()
    gateways = moto_state.ec2(call.region).nat_gateways
    for table in answer.get("RouteTables", ()):
        for route in table.get("Routes", ()):
            gateway = gateways.get(route.get("NatGatewayId"))
            if "NatGatewayId" in route and (gateway is None or gateway.state in _DEAD):
                route["State"] = "blackhole"
    return answer


@before("ec2", "ModifyVpcAttribute", "ModifySubnetAttribute")
def _one_attribute_at_a_time(call: Call) -> None:
    given = [name for name in call.params if name not in ("VpcId", "SubnetId", "DryRun")]
    if len(given) != 1:
        raise Refused(
            "InvalidParameterCombination", f"Fields for multiple attribute types specified: {', '.join(given)}"
        )


@on_reset
def _let_subnets_go() -> None:
    # moto caches each subnet's addresses on its class for ever, and with the subnet the whole store that it belongs to.
    cached: Any = Subnet._base_avail_ip_iterator
    cached.cache_clear()
