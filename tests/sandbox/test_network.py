"""Networks: what takes time, what holds what, and what a client token gives."""

from __future__ import annotations

from typing import Any

from tests.sandbox.conftest import Aws


def _nat(aws: Aws, subnet: str, **more: Any) -> tuple[str, str]:
    ec2 = aws.client("ec2")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address, **more)["NatGateway"]
    return gateway["NatGatewayId"], address


def _state(aws: Aws, gateway: str) -> str:
    return str(aws.client("ec2").describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"][0]["State"])


def test_a_nat_gateway_takes_its_time_both_ways_and_stays_visible(aws: Aws) -> None:
    net = aws.network()
    gateway, address = _nat(aws, net.subnets[0])
    aws.pass_time(95)
    assert _state(aws, gateway) == "pending"
    aws.pass_time(10)
    assert _state(aws, gateway) == "available"
    aws.client("ec2").delete_nat_gateway(NatGatewayId=gateway)
    assert _state(aws, gateway) == "deleting"
    assert aws.refusal("ec2", "release_address", AllocationId=address)[0] == "InvalidIPAddress.InUse"
    aws.pass_time(45)
    assert _state(aws, gateway) == "deleted"
    aws.client("ec2").release_address(AllocationId=address)
    aws.pass_time(3600)
    assert aws.refusal("ec2", "describe_nat_gateways", NatGatewayIds=[gateway])[0] == "NatGatewayNotFound"


def test_the_same_token_gives_the_same_nat_gateway(aws: Aws) -> None:
    net = aws.network()
    gateway, address = _nat(aws, net.subnets[0], ClientToken="token")
    again = aws.client("ec2").create_nat_gateway(SubnetId=net.subnets[0], AllocationId=address, ClientToken="token")
    assert again["NatGateway"]["NatGatewayId"] == gateway
    code, _ = aws.refusal(
        "ec2", "create_nat_gateway", SubnetId=net.subnets[1], AllocationId=address, ClientToken="token"
    )
    assert code == "IdempotentParameterMismatch"
    assert len(aws.client("ec2").describe_nat_gateways()["NatGateways"]) == 1


def test_a_nat_gateway_without_a_way_out_fails_with_a_reason(aws: Aws) -> None:
    net = aws.network()
    aws.client("ec2").detach_internet_gateway(VpcId=net.vpc, InternetGatewayId=net.gateway)
    gateway, _ = _nat(aws, net.subnets[0])
    aws.pass_time(30)
    shown = aws.client("ec2").describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"][0]
    assert (shown["State"], shown["FailureCode"]) == ("failed", "Gateway.NotAttached")


def test_nat_gateways_are_found_by_tag(aws: Aws) -> None:
    net = aws.network()
    tags = [{"ResourceType": "natgateway", "Tags": [{"Key": "owner", "Value": "me"}]}]
    gateway, _ = _nat(aws, net.subnets[0], TagSpecifications=tags)
    _nat(aws, net.subnets[1])
    found = aws.client("ec2").describe_nat_gateways(Filters=[{"Name": "tag:owner", "Values": ["me"]}])
    assert [one["NatGatewayId"] for one in found["NatGateways"]] == [gateway]


def test_a_route_to_a_deleted_nat_gateway_is_a_black_hole(aws: Aws) -> None:
    ec2, net = aws.client("ec2"), aws.network()
    gateway, _ = _nat(aws, net.subnets[0])
    table = ec2.create_route_table(VpcId=net.vpc)["RouteTable"]["RouteTableId"]
    route = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": gateway}
    ec2.create_route(**route)
    assert aws.refusal("ec2", "create_route", **route)[0] == "RouteAlreadyExists"
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert {one.get("NatGatewayId"): one["State"] for one in routes} == {None: "active", gateway: "blackhole"}
    assert aws.refusal("ec2", "replace_route", **route)[0] == "InvalidNatGatewayID.NotFound"


def test_what_is_in_use_cannot_be_deleted(aws: Aws) -> None:
    ec2, net = aws.client("ec2"), aws.network()
    gateway, _ = _nat(aws, net.subnets[0])
    for operation, params in (
        ("delete_subnet", {"SubnetId": net.subnets[0]}),
        ("detach_internet_gateway", {"VpcId": net.vpc, "InternetGatewayId": net.gateway}),
        ("delete_vpc", {"VpcId": net.vpc}),
    ):
        assert aws.refusal("ec2", operation, **params)[0] == "DependencyViolation"
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    aws.pass_time(45)
    ec2.detach_internet_gateway(VpcId=net.vpc, InternetGatewayId=net.gateway)
    for subnet in net.subnets:
        ec2.delete_subnet(SubnetId=subnet)
    assert aws.refusal("ec2", "delete_vpc", VpcId=net.vpc)[0] == "DependencyViolation"
    ec2.delete_security_group(GroupId=net.group)
    ec2.delete_vpc(VpcId=net.vpc)


def test_security_groups_that_name_each_other_hold_each_other(aws: Aws) -> None:
    ec2, net = aws.client("ec2"), aws.network()
    other = ec2.create_security_group(GroupName="db", Description="db", VpcId=net.vpc)["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": [{"GroupId": net.group}]}
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[rule])
    assert aws.refusal("ec2", "delete_security_group", GroupId=net.group)[0] == "DependencyViolation"
    ec2.revoke_security_group_ingress(GroupId=other, IpPermissions=[rule])
    ec2.delete_security_group(GroupId=net.group)
    missing = {**rule, "UserIdGroupPairs": [{"GroupId": "sg-0123456789abcdef0"}]}
    code, _ = aws.refusal("ec2", "authorize_security_group_ingress", GroupId=other, IpPermissions=[missing])
    assert code == "InvalidGroup.NotFound"


def test_an_interface_endpoint_has_a_token_interfaces_and_a_name_of_its_own(aws: Aws) -> None:
    ec2, net = aws.client("ec2"), aws.network()
    wanted = {
        "VpcId": net.vpc,
        "VpcEndpointType": "Interface",
        "ServiceName": "com.amazonaws.us-east-1.logs",
        "SubnetIds": net.subnets,
        "SecurityGroupIds": [net.group],
    }
    made = ec2.create_vpc_endpoint(**wanted, ClientToken="one")["VpcEndpoint"]
    assert made["State"] == "pending"
    again = ec2.create_vpc_endpoint(**wanted, ClientToken="one")["VpcEndpoint"]
    assert again["VpcEndpointId"] == made["VpcEndpointId"]
    assert aws.refusal("ec2", "create_vpc_endpoint", **wanted, ClientToken="two")[0] == "InvalidParameter"
    aws.pass_time(90)
    assert ec2.describe_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])["VpcEndpoints"][0]["State"] == "available"
    holders = ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [net.group]}])
    assert [one["InterfaceType"] for one in holders["NetworkInterfaces"]] == ["vpc_endpoint"] * 2
    other = ec2.create_security_group(GroupName="other", Description="other", VpcId=net.vpc)["GroupId"]
    ec2.modify_vpc_endpoint(
        VpcEndpointId=made["VpcEndpointId"], AddSecurityGroupIds=[other], RemoveSubnetIds=net.subnets[1:]
    )
    of_other = [{"Name": "group-id", "Values": [other]}]
    assert len(ec2.describe_network_interfaces(Filters=of_other)["NetworkInterfaces"]) == 1
    unknown = ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"], "vpce-0"])["Unsuccessful"]
    assert [one["Error"]["Code"] for one in unknown] == ["InvalidVpcEndpoint.NotFound"]
    assert aws.refusal("ec2", "delete_security_group", GroupId=net.group)[0] == "DependencyViolation"
    aws.pass_time(60)
    ec2.delete_security_group(GroupId=net.group)


def test_a_route_table_is_made_once_for_a_token(aws: Aws) -> None:
    ec2, net = aws.client("ec2"), aws.network()
    first = ec2.create_route_table(VpcId=net.vpc, ClientToken="t")["RouteTable"]
    second = ec2.create_route_table(VpcId=net.vpc, ClientToken="t")["RouteTable"]
    assert second["RouteTableId"] == first["RouteTableId"]
    ec2.associate_route_table(RouteTableId=first["RouteTableId"], SubnetId=net.subnets[0])
    other = ec2.create_route_table(VpcId=net.vpc)["RouteTable"]["RouteTableId"]
    code, _ = aws.refusal("ec2", "associate_route_table", RouteTableId=other, SubnetId=net.subnets[0])
    assert code == "Resource.AlreadyAssociated"


def test_a_new_vpc_has_a_main_route_table_and_a_default_group(aws: Aws) -> None:
    net = aws.network()
    of_vpc = [{"Name": "vpc-id", "Values": [net.vpc]}]
    tables = aws.client("ec2").describe_route_tables(Filters=of_vpc)["RouteTables"]
    assert [one["Main"] for table in tables for one in table["Associations"]] == [True]
    groups = aws.client("ec2").describe_security_groups(Filters=of_vpc)["SecurityGroups"]
    assert {group["GroupName"] for group in groups} == {"default", "app"}


def test_attributes_are_changed_one_at_a_time(aws: Aws) -> None:
    net = aws.network()
    on = {"Value": True}
    code, _ = aws.refusal("ec2", "modify_vpc_attribute", VpcId=net.vpc, EnableDnsSupport=on, EnableDnsHostnames=on)
    assert code == "InvalidParameterCombination"


def test_a_group_description_takes_no_apostrophe(aws: Aws) -> None:
    net = aws.network()
    code, message = aws.refusal("ec2", "create_security_group", GroupName="x", Description="it's", VpcId=net.vpc)
    assert code == "InvalidParameterValue"
    assert "GroupDescription" in message
