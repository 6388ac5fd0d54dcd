"""What Express Mode makes around a service: a load balancer that the services of a VPC share, and for each service two
target groups and a security group.

The listener, its certificate and the interfaces of the load balancer are not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.ecs.neighbours import Neighbours
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.handling import Refused
from wizard.sandbox.world import after

BALANCER_SECONDS = 120.0
BALANCER = "ecs-express-gateway-alb-"
CHECKS = {"healthcheck_interval_seconds": 15, "healthcheck_timeout_seconds": 5, "healthcheck_protocol": "HTTP"}
THRESHOLDS = {"healthy_threshold_count": 2, "unhealthy_threshold_count": 3}


@dataclass(frozen=True)
class Place:
    """Where a service stands, and what was made for it."""

    subnets: tuple[str, ...]
    vpc: str
    public: bool
    target_groups: tuple[str, str]
    balancer: str
    group: str


def prepare(region: Region, name: str, port: int, path: str, subnets: list[str]) -> Place:
    """Make what a new service needs. Raises `Refused` (InvalidParameterException) for subnets that do not go."""
    ec2, elb = moto_state.ec2(region.name), moto_state.elbv2(region.name)
    chosen = subnets or [subnet.id for subnet in ec2.get_default_subnets().values()]
    vpcs = _vpcs(region, chosen)
    if len(vpcs) != 1 or len(chosen) < 2:
        raise Refused("InvalidParameterException", "Specify at least two subnets of one VPC.")
    vpc, unique = vpcs.pop(), region.fresh_id(8)
    group = ec2.create_security_group(f"ecs-express-{name}-{unique}", "Managed by ECS Express Mode", vpc_id=vpc)
    made = tuple(
        elb.create_target_group(
            f"ecs-gateway-tg-{unique}-{turn}",
            vpc_id=vpc,
            protocol="HTTP",
            port=str(port),
            target_type="ip",
            healthcheck_path=path,
            healthcheck_port="traffic-port",
            **CHECKS,
            **THRESHOLDS,
        ).arn
        for turn in ("a", "b")
    )
    public = all(_leads_outside(region, subnet) for subnet in chosen)
    balancer = _shared_balancer(region, vpc, chosen, group.id, public=public)
    return Place(tuple(chosen), vpc, public, (made[0], made[1]), balancer, group.id)


def check_path(region: Region, place: Place, path: str) -> None:
    """Have the target groups ask another path."""
    for arn in place.target_groups:
        moto_state.elbv2(region.name).target_groups[arn].healthcheck_path = path


def clear(region: Region, place: Place, *, last: bool) -> None:
    """Remove what was made for a service, and the load balancer with the last one."""
    elb = moto_state.elbv2(region.name)
    for arn in place.target_groups:
        elb.target_groups.pop(arn, None)
    if last:
        elb.load_balancers.pop(place.balancer, None)
    moto_state.ec2(region.name).delete_security_group(group_id=place.group)


def _vpcs(region: Region, subnets: list[str]) -> set[str]:
    neighbours, found = Neighbours(region.account, region.name), set()
    for name in subnets:
        subnet = neighbours.subnet(name)
        if subnet is None:
            raise Refused("InvalidParameterException", f"The subnet ID '{name}' does not exist")
        found.add(subnet.vpc_id)
    return found


def _leads_outside(region: Region, subnet: str) -> bool:
    """A subnet is public when its route table, or the main one of its VPC, leads to an internet gateway."""
    vpc = Neighbours(region.account, region.name).subnet(subnet).vpc_id
    tables = [table for table in moto_state.ec2(region.name).route_tables.values() if table.vpc_id == vpc]
    own = [table for table in tables if any(link.get("SubnetId") == subnet for link in table.associations)]
    main = [table for table in tables if table.main_association_id]
    routes = [route for table in own or main for route in table.routes]
    default = moto_state.ec2(region.name).vpcs[vpc].is_default
    return str(default).lower() == "true" or any(route.gateway is not None for route in routes)


def _shared_balancer(region: Region, vpc: str, subnets: list[str], group: str, *, public: bool) -> str:
    store: Any = moto_state.elbv2(region.name)
    scheme = "internet-facing" if public else "internal"
    for one in store.load_balancers.values():
        if one.name.startswith(BALANCER) and one.vpc_id == vpc and one.scheme == scheme:
            return str(one.arn)
    made = store.create_load_balancer(
        f"{BALANCER}{region.fresh_id(8)}", [group], subnets, scheme=scheme, loadbalancer_type="application"
    )
    after(BALANCER_SECONDS, lambda: setattr(made, "state", "active"))
    return str(made.arn)
