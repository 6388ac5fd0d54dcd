"""Load balancers: time to come up, interfaces in their subnets, names given once, references that must exist."""

from __future__ import annotations

import re
from typing import Any

from moto.elbv2.models import FakeLoadBalancer
from moto.moto_api._internal import mock_random

from wizard.sandbox import interfaces, moto_state
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.world import after

CREATE_SECONDS = 150.0
ZONES = {
    "ap-northeast-1": "Z14GRHDCWA56QT",
    "ap-northeast-2": "ZWKZPGTI48KDX",
    "ap-south-1": "ZP97RAFLXTNZK",
    "ap-southeast-1": "Z1LMS91P8CMLE5",
    "ap-southeast-2": "Z1GM3OXH4ZPM65",
    "ca-central-1": "ZQSVJUPU6J1EY",
    "eu-central-1": "Z215JYRZR1TBD5",
    "eu-north-1": "Z23TAZ6LKFMNIO",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-west-2": "ZHURV8PSTC4K8",
    "eu-west-3": "Z3Q77PNBQS71R4",
    "sa-east-1": "Z2P70J7HTTTPLU",
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
}
"""The hosted zone that an alias record to a load balancer of a region must name."""

_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,32}(?<!-)")

# moto would make a load balancer active at the first look; here the agenda does.
moto_state.override(FakeLoadBalancer, activate=lambda _self: None)


def arn_suffix(arn: str) -> str:
    """`app/<name>/<id>`: how interfaces and metrics name a load balancer."""
    return arn.partition(":loadbalancer/")[2]


@handles("elbv2", "CreateLoadBalancer")
def create_load_balancer(call: Call) -> dict[str, Any]:
    """`provisioning` first; the same name with the same settings gives the one that exists."""
    subnets = _wanted_subnets(call)
    name = call.params["Name"]
    _refuse_name(name)
    existing = next((one for one in moto_state.elbv2(call.region).load_balancers.values() if one.name == name), None)
    if existing is not None:
        if _settings(existing) != _wanted_settings(call, subnets):
            raise Refused(
                "DuplicateLoadBalancerName",
                f"A load balancer with the same name '{name}' exists, but with different settings",
            )
        return {"LoadBalancers": [describe(existing)]}
    _refuse_placement(call, subnets)
    arn = call.moto()["LoadBalancers"][0]["LoadBalancerArn"]
    balancer = moto_state.elbv2(call.region).load_balancers[arn]
    balancer.scheme = call.params.get("Scheme", "internet-facing")
    balancer.dns_name = _dns_name(call, name)
    balancer.canonical_hosted_zone_id = ZONES.get(call.region, ZONES["us-east-1"])
    if balancer.type == "application" and not balancer.security_groups:
        balancer.security_groups = [moto_state.ec2(call.region).get_default_security_group(balancer.vpc_id).id]
    _place(call.region, balancer)
    after(CREATE_SECONDS, lambda: _active(balancer))
    return {"LoadBalancers": [describe(balancer)]}


def _active(balancer: Any) -> None:
    balancer.state = "active"


def _dns_name(call: Call, name: str) -> str:
    prefix = "internal-" if call.params.get("Scheme") == "internal" else ""
    number = mock_random.randint(10**9, 10**10 - 1)
    return f"{prefix}{name}-{number}.{call.region}.elb.amazonaws.com"


def _refuse_name(name: str) -> None:
    if len(name) > 32:
        raise Refused("ValidationError", f"Load balancer name '{name}' cannot be longer than '32' characters")
    if not _NAME.fullmatch(name):
        raise Refused(
            "ValidationError",
            f"Load balancer name '{name}' can only contain characters that are alphanumeric characters and hyphens(-),"
            " and cannot begin or end with a hyphen",
        )
    if name.startswith("internal-"):
        raise Refused("ValidationError", f"Load balancer name '{name}' cannot begin with 'internal-'")


def _wanted_subnets(call: Call) -> list[str]:
    mapped = [mapping["SubnetId"] for mapping in call.params.get("SubnetMappings", ())]
    return [*call.params.get("Subnets", ()), *mapped]


def _settings(balancer: Any) -> tuple[Any, ...]:
    subnets = sorted(subnet.id for subnet in balancer.subnets)
    return subnets, sorted(balancer.security_groups or ()), balancer.scheme, balancer.type


def _wanted_settings(call: Call, subnets: list[str]) -> tuple[Any, ...]:
    params = call.params
    groups = params.get("SecurityGroups")
    if not groups and subnets and params.get("Type", "application") == "application":
        store = moto_state.ec2(call.region)
        groups = [store.get_default_security_group(_subnet(store, subnets[0]).vpc_id).id]
    kind = params.get("Type", "application")
    return sorted(subnets), sorted(groups or ()), params.get("Scheme", "internet-facing"), kind


def _subnet(store: Any, subnet_id: str) -> Any:
    for zone in store.subnets.values():
        if subnet_id in zone:
            return zone[subnet_id]
    raise Refused("SubnetNotFound", f"The subnet ID '{subnet_id}' does not exist")


def _refuse_placement(call: Call, subnet_ids: list[str]) -> None:
    store = moto_state.ec2(call.region)
    subnets = [_subnet(store, subnet_id) for subnet_id in subnet_ids]
    zones = [subnet.availability_zone for subnet in subnets]
    if call.params.get("Type", "application") == "application" and len(set(zones)) < 2:
        if len(subnets) > 1:
            raise Refused(
                "InvalidConfigurationRequest",
                "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
            )
        raise Refused("ValidationError", "At least two subnets in two different Availability Zones must be specified")
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise Refused("InvalidConfigurationRequest", "All subnets must belong to the same VPC")
    _refuse_groups(call, subnets[0].vpc_id)
    public = call.params.get("Scheme", "internet-facing") == "internet-facing"
    vpc_id = subnets[0].vpc_id
    reachable = any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in store.internet_gateways.values())
    # The sandbox's default VPC has its gateway implied, as every default VPC in AWS has one.
    if public and not reachable and str(store.get_vpc(vpc_id).is_default).lower() != "true":
        raise Refused("InvalidSubnet", f"VPC {vpc_id} has no internet gateway")


def _refuse_groups(call: Call, vpc_id: str) -> None:
    store = moto_state.ec2(call.region)
    for group_id in call.params.get("SecurityGroups", ()):
        group = store.get_security_group_from_id(group_id)
        if group is None or group.vpc_id != vpc_id:
            raise Refused("InvalidSecurityGroup", f"One or more security groups are invalid: {group_id}")


def _place(region: str, balancer: Any) -> None:
    interfaces.remove(region, getattr(balancer, "interface_ids", ()))
    balancer.interface_ids = [
        interfaces.create(
            region,
            subnet.id,
            description=f"ELB {arn_suffix(balancer.arn)}",
            requester="amazon-elb",
            groups=balancer.security_groups or (),
            public=balancer.scheme == "internet-facing",
        ).id
        for subnet in balancer.subnets
    ]


def describe(balancer: Any) -> dict[str, Any]:
    """A load balancer as the API shows it."""
    return {
        "LoadBalancerArn": balancer.arn,
        "LoadBalancerName": balancer.name,
        "DNSName": balancer.dns_name,
        "CanonicalHostedZoneId": balancer.canonical_hosted_zone_id,
        "CreatedTime": balancer.created_time,
        "Scheme": balancer.scheme,
        "VpcId": balancer.vpc_id,
        "State": {"Code": balancer.state},
        "Type": balancer.type,
        "AvailabilityZones": [
            {"ZoneName": subnet.availability_zone, "SubnetId": subnet.id} for subnet in balancer.subnets
        ],
        "SecurityGroups": list(balancer.security_groups or ()),
        "IpAddressType": balancer.ip_address_type,
    }


@before("elbv2", "DeleteLoadBalancer")
def _deletion_protection(call: Call) -> None:
    balancer = moto_state.elbv2(call.region).load_balancers.get(call.params["LoadBalancerArn"])
    if balancer is not None and balancer.attrs.get("deletion_protection.enabled") == "true":
        raise Refused(
            "OperationNotPermitted",
            f"Load balancer '{balancer.arn}' cannot be deleted because deletion protection is enabled",
        )


@handles("elbv2", "DeleteLoadBalancer")
def delete_load_balancer(call: Call) -> dict[str, Any]:
    """Gone at once with its listeners; its interfaces stay a minute. Deleting what is gone is no error."""
    balancer = moto_state.elbv2(call.region).load_balancers.get(call.params["LoadBalancerArn"])
    call.moto()
    if balancer is not None:
        interfaces.vanish(call.region, balancer.interface_ids)
    return {}


@handles("elbv2", "SetSubnets", "SetSecurityGroups")
def move(call: Call) -> dict[str, Any]:
    """The interfaces follow."""
    balancer = moto_state.elbv2(call.region).load_balancers.get(call.params["LoadBalancerArn"])
    if balancer is not None:
        _refuse_groups(call, balancer.vpc_id)
    answer = call.moto()
    if balancer is not None:
        _place(call.region, balancer)
    return answer
