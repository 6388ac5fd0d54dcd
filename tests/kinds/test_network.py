"""What single kinds of the network and the edge do beyond the contract of all kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.kinds.cases import network as world
from tests.kinds.conftest import SCALE
from tests.kinds.driver import DEPLOYMENT, Account, Builder
from wizard.aws import sandbox
from wizard.engine.graph import Resource
from wizard.engine.kind import Context, Kind, Live, Scope
from wizard.engine.values import UNKNOWN
from wizard.errors import AwsError, NeedsPerson
from wizard.kinds.registry import all_kinds


def kind(name: str) -> Kind:
    return all_kinds()[name]


def built(account: Account, *resources: Resource) -> Builder:
    builder = Builder(account, account.context())
    builder.build(resources)
    return builder


def read(builder: Builder, resource: Resource) -> list[Live]:
    return builder.look(kind(resource.kind), resource.address, builder.resolved(resource))


class Answering:
    """An AWS that gives one prepared answer to everything."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer

    def read(self, _service: str, _operation: str, **_params: Any) -> dict[str, Any]:
        return self._answer

    write = once = read


def answering(account: Account, answer: dict[str, Any]) -> Context:
    """A context whose AWS gives that answer."""
    known = account.context()
    aws: Any = Answering(answer)
    return Context(aws, Scope(DEPLOYMENT, account.id, "us-east-1"), known.index, known.clock)


@pytest.mark.parametrize(
    ("name", "property_", "desired", "actual"),
    [
        ("record", "record", "*.Shop.Example.net", r"\052.shop.example.net."),
        ("record", "alias", {"dns_name": "LB.aws.com", "zone_id": "Z1"}, {"dns_name": "lb.aws.com.", "zone_id": "Z1"}),
        ("record", "values", ["B.example.net", "a.example.net."], ["a.example.net", "b.example.net"]),
        ("hosted_zone", "name", "Example.net", "example.net."),
        ("certificate", "domain", "SHOP.example.net", "shop.example.net"),
        ("certificate", "alternative_names", ["b.example.net", "A.example.net"], ["a.example.net.", "b.example.net."]),
        ("vpc", "cidr", "10.20.0.1/16", "10.20.0.0/16"),
        ("security_group_rule", "peer", "2001:DB8::1/32", "2001:db8::/32"),
        ("security_group_rule", "protocol", "6", "tcp"),
        ("security_group_rule", "protocol", "all", "-1"),
        ("route_table", "routes", {"10.1.2.3/16": "igw-1"}, {"10.1.0.0/16": "igw-1"}),
        ("route_table", "subnets", ["subnet-2", "subnet-1"], ["subnet-1", "subnet-2"]),
        ("target_group", "health", {"codes": 200}, {"codes": "200", "path": "/"}),
        ("listener", "action", {"fixed": 404}, {"fixed": "404"}),
        ("listener_rule", "paths", ["/b", "/a"], ["/a", "/b"]),
    ],
)
def test_what_aws_writes_differently_is_the_same(name: str, property_: str, desired: Any, actual: Any) -> None:
    assert kind(name).same(property_, desired, actual)


@pytest.mark.parametrize(
    ("name", "property_", "desired", "actual"),
    [
        ("record", "values", ['"Secret=A"'], ['"secret=a"']),
        ("record", "alias", {"dns_name": "lb.aws.com", "zone_id": "Z1"}, None),
        ("security_group_rule", "peer", "10.0.0.0/8", "10.0.0.0/9"),
        ("listener", "action", {"forward": "arn:a"}, {"redirect": "443"}),
        ("target_group", "health", {"path": "/up"}, {"path": "/"}),
    ],
)
def test_what_means_something_else_is_not_the_same(name: str, property_: str, desired: Any, actual: Any) -> None:
    assert not kind(name).same(property_, desired, actual)


@pytest.mark.parametrize(
    ("name", "properties", "rule"),
    [
        ("vpc", {"cidr": "10.0.0.0/8"}, "between /16 and /28"),
        ("subnet", {"cidr": "10.0.0.1/24"}, "host bits"),
        ("vpc", {"name": "x" * 256}, "at most 255"),
        ("security_group", {"name": "sg-web"}, "must not begin with sg-"),
        ("security_group", {"description": "the shop's"}, "1 to 255"),
        ("security_group_rule", {"protocol": "tcp", "from_port": 90, "to_port": 80}, "above"),
        ("security_group_rule", {"protocol": "tcp", "from_port": 1, "to_port": 70000}, "0 to 65535"),
        ("security_group_rule", {"peer": "everybody"}, "neither a CIDR block"),
        ("vpc_endpoint", {"type": "gateway", "service": "logs"}, "only s3 and dynamodb"),
        ("load_balancer", {"name": "internal-shop"}, "must not begin with internal-"),
        ("load_balancer", {"name": "shop_dev"}, "letters, digits and hyphens"),
        ("load_balancer", {"subnets": [UNKNOWN]}, "needs two"),
        ("target_group", {"health": {"interval": 5, "timeout": 5}}, "less than the interval"),
        ("listener", {"protocol": "HTTPS"}, "needs one"),
        ("listener_rule", {"paths": ["/1", "/2", "/3", "/4", "/5", "/6"]}, "1 to 5"),
        ("certificate", {"domain": "no domain"}, "not a domain name"),
        ("certificate", {"domain": "a" * 60 + ".example.net"}, "at most 64"),
        ("record", {"type": "PTR", "values": []}, "one of A"),
        ("record", {"values": ["192.0.2.1"], "alias": {}}, "exactly one"),
    ],
)
def test_a_broken_rule_of_aws_is_named(name: str, properties: dict[str, Any], rule: str) -> None:
    assert any(rule in problem for problem in kind(name).problems(properties))


def test_all_subnets_are_read_in_one_call(account: Account) -> None:
    builder = built(account, world.VPC, world.A, world.B, world.C)
    before = len(account.calls)
    found = kind("subnet").read_many(builder.context, {})
    assert (len(found), len(account.calls) - before) == (3, 1)


def test_of_two_vpcs_with_one_address_the_one_with_subnets_comes_first(account: Account) -> None:
    builder = built(account, world.VPC)
    wanted = builder.resolved(world.VPC)
    kind("vpc").create(builder.context, world.VPC.address, wanted, "")
    ids = {live.id for live in read(builder, world.VPC)}
    assert len(ids) == 2
    for id_ in ids:
        cidr = {"CidrBlock": "10.20.9.0/24", "AvailabilityZone": "us-east-1a"}
        subnet = account.aws.write("ec2", "create_subnet", VpcId=id_, **cidr)["Subnet"]["SubnetId"]
        assert read(builder, world.VPC)[0].id == id_
        account.aws.write("ec2", "delete_subnet", SubnetId=subnet)


def test_of_two_internet_gateways_the_attached_one_comes_first(account: Account) -> None:
    builder = built(account, world.VPC, world.GATEWAY)
    kind("internet_gateway").create(builder.context, world.GATEWAY.address, {"name": "again"}, "")
    assert [bool(live.properties["vpc"]) for live in read(builder, world.GATEWAY)] == [True, False]


def test_of_two_addresses_the_one_in_use_comes_first(account: Account) -> None:
    builder = built(account, world.VPC, world.A, world.GATEWAY, world.ADDRESS, world.NAT)
    kind("elastic_ip").create(builder.context, world.ADDRESS.address, {"name": "again"}, "")
    found = read(builder, world.ADDRESS)
    assert len(found) == 2
    assert found[0].id == builder.lives[world.NAT.address].properties["elastic_ip"]


def test_a_subnet_moves_to_another_route_table(account: Account) -> None:
    first = Resource("route_table", "public", {**world.TABLE.properties, "subnets": [world.A.ref("id")]})
    second = Resource("route_table", "other", {**world.OTHER_TABLE.properties, "subnets": [world.A.ref("id")]})
    builder = built(account, world.VPC, world.A, first)
    assert builder.converge(second).properties["subnets"] == [builder.lives[world.A.address].id]
    assert read(builder, first)[0].properties["subnets"] == []


def rule(**other: Any) -> Resource:
    """HTTPS from everywhere into the front group."""
    group = {"group": world.FRONT.ref("id"), "direction": "ingress", "peer": "0.0.0.0/0"}
    ports = {"protocol": "tcp", "from_port": 443, "to_port": 443}
    return Resource("security_group_rule", "https", {**group, **ports, **other})


def equal_rule(account: Account, builder: Builder, **more: Any) -> str:
    """The same rule made by somebody else."""
    ranges = [{"CidrIp": "0.0.0.0/0"}]
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": ranges}
    group = builder.lives[world.FRONT.address].id
    made = account.aws.once(
        "ec2", "authorize_security_group_ingress", GroupId=group, IpPermissions=[permission], **more
    )
    return str(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])


def test_an_equal_rule_that_nobody_tagged_becomes_ours(account: Account) -> None:
    builder = built(account, world.VPC, world.FRONT)
    theirs = equal_rule(account, builder)
    live = builder.converge(rule())
    assert (live.id, live.owner) == (theirs, DEPLOYMENT)


def test_an_equal_rule_of_another_deployment_is_left_alone(account: Account) -> None:
    builder = built(account, world.VPC, world.FRONT)
    tags = [{"Key": "pilotage:address", "Value": "security_group_rule.theirs"}]
    equal_rule(account, builder, TagSpecifications=[{"ResourceType": "security-group-rule", "Tags": tags}])
    with pytest.raises(AwsError, match=r"InvalidPermission\.Duplicate"):
        kind("security_group_rule").create(builder.context, rule().address, builder.resolved(rule()), "")


def test_a_security_group_in_use_says_who_holds_it(account: Account) -> None:
    builder = built(account, *world.FRONTED)
    with pytest.raises(AwsError) as refused:
        kind("security_group").delete(builder.context, builder.lives[world.FRONT.address])
    assert refused.value.code == "DependencyViolation"
    assert "ELB app/shop-dev/" in refused.value.message


def test_a_load_balancer_is_gone_only_when_its_network_interfaces_are(account: Account, sandbox_home: Path) -> None:
    builder = built(account, *world.FRONTED)
    builder.context = account.context()
    live = builder.lives[world.BALANCER.address]
    sandbox.start(sandbox_home, 1.0)
    try:
        kind("load_balancer").delete(builder.context, live)
        assert [one.attributes["state"] for one in read(builder, world.BALANCER)] == ["deleting"]
    finally:
        sandbox.start(sandbox_home, SCALE)
    builder.remove(kind("load_balancer"), live)
    assert read(builder, world.BALANCER) == []


def test_a_listener_turns_to_https_in_one_change(account: Account) -> None:
    world.make_zone(account.aws)
    builder = built(account, *world.FRONTED, *world.PROVED, world.issued(world.CERTIFICATE), world.LISTENER)
    certificate = world.issued(world.CERTIFICATE).ref("arn")
    secure = {"protocol": "HTTPS", "certificate": certificate, "tls_policy": world.TLS}
    live = builder.converge(Resource("listener", "http", {**world.LISTENER.properties, **secure}))
    assert live.id == builder.lives[world.LISTENER.address].id
    assert live.properties["tls_policy"] == world.TLS


def test_an_endpoint_that_aws_refuses_to_delete_is_an_error_although_the_answer_is_200(account: Account) -> None:
    refusal = {"ResourceId": "vpce-1", "Error": {"Code": "InvalidParameter", "Message": "it is managed by a service"}}
    live = Live("vpc_endpoint.s3", "vpce-1", {}, {"id": "vpce-1"}, DEPLOYMENT)
    with pytest.raises(AwsError, match="InvalidParameter"):
        kind("vpc_endpoint").delete(answering(account, {"Unsuccessful": [refusal]}), live)


def test_a_failed_nat_gateway_can_only_be_made_again(account: Account) -> None:
    failed = {"State": "failed", "FailureCode": "InsufficientFreeAddressesInSubnet"}
    live = Live("nat_gateway.main", "nat-1", {}, {"id": "nat-1", "state": "failed"}, DEPLOYMENT)
    status = kind("nat_gateway").status(answering(account, {"NatGateways": [failed]}), live, {})
    assert status.corpse
    assert "InsufficientFreeAddressesInSubnet" in status.sentence


def test_a_certificate_that_will_never_be_issued_stops_the_wait_with_its_cause(account: Account) -> None:
    item = {
        "Status": "FAILED",
        "FailureReason": "CAA_ERROR",
        "DomainName": "app.example.net",
        "CertificateArn": "arn:1",
    }
    wanted = {"certificate_validation.app": {"certificate": "arn:1", "domain": "app.example.net"}}
    with pytest.raises(NeedsPerson, match="CAA record"):
        kind("certificate_validation").read_many(answering(account, {"Certificate": item}), wanted)


def test_a_private_zone_of_the_name_is_passed_over(account: Account) -> None:
    builder = built(account, world.VPC)
    vpc = {"VPCRegion": "us-east-1", "VPCId": builder.lives[world.VPC.address].id}
    private = {"HostedZoneConfig": {"PrivateZone": True}, "VPC": vpc}
    account.aws.write("route53", "create_hosted_zone", Name=world.ZONE_NAME, CallerReference="private", **private)
    assert read(builder, world.ZONE) == []
    world.make_zone(account.aws)
    assert len(read(builder, world.ZONE)) == 1


def record(value: str, name: str = "www") -> Resource:
    """An address record of the zone."""
    where = {"zone": world.ZONE.ref("id"), "record": f"{name}.example.net", "type": "A"}
    return Resource("record", name, {**where, "values": [value], "ttl": 60})


def test_the_record_of_a_stranger_is_shown_as_such_and_never_overwritten(account: Account) -> None:
    world.make_zone(account.aws)
    builder = built(account, world.ZONE)
    shape = {"Name": "WWW.example.net", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.77"}]}
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": shape}]}
    zone = builder.lives[world.ZONE.address].id
    account.aws.write("route53", "change_resource_record_sets", HostedZoneId=zone, ChangeBatch=batch)
    wanted = record("192.0.2.1")
    kind("record").create(builder.context, wanted.address, builder.resolved(wanted), "")
    assert [(live.owner, live.properties["values"]) for live in read(builder, wanted)] == [("", ["192.0.2.77"])]


def test_a_record_of_ours_that_is_no_longer_wanted_is_found_beside_a_wanted_one(account: Account) -> None:
    world.make_zone(account.aws)
    builder = built(account, world.ZONE, record("192.0.2.1"), record("192.0.2.2", "old"))
    found = kind("record").read_many(account.context(), {"record.www": builder.resolved(record("192.0.2.1"))})
    assert {(live.address, live.owner) for live in found} == {("record.www", DEPLOYMENT), ("record.old", DEPLOYMENT)}


def test_deleting_a_record_takes_its_owner_with_it(account: Account) -> None:
    world.make_zone(account.aws)
    builder = built(account, world.ZONE, record("192.0.2.1"))
    kind("record").delete(builder.context, builder.lives["record.www"])
    zone = builder.lives[world.ZONE.address].id
    left = account.aws.read("route53", "list_resource_record_sets", HostedZoneId=zone)["ResourceRecordSets"]
    assert {item["Type"] for item in left} == {"NS", "SOA"}
