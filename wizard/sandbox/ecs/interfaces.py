"""The elastic network interfaces of tasks: an address in a subnet, and how EC2 shows it."""

from __future__ import annotations

import ipaddress
from typing import Any

from wizard.sandbox.ecs.neighbours import Neighbours
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import Interface, Task


def attach(region: Region, network: dict[str, Any], turn: int) -> Interface | None:
    """Make the interface of a task; `turn` spreads tasks over the subnets. None when the subnet is gone."""
    awsvpc = network.get("awsvpcConfiguration", {})
    subnets = awsvpc.get("subnets", [])
    neighbours = Neighbours(region.account, region.name)
    subnet = neighbours.subnet(subnets[turn % len(subnets)]) if subnets else None
    if subnet is None:
        return None
    groups = tuple(awsvpc.get("securityGroups") or [neighbours.default_security_group(subnet.vpc_id)])
    unique = region.fresh_id()
    public = awsvpc.get("assignPublicIp") == "ENABLED"
    return Interface(
        id=f"eni-{unique[:17]}",
        attachment=dashed(unique),
        ip=_free_address(region, subnet.id, subnet.cidr_block),
        mac="02:" + ":".join(unique[index : index + 2] for index in range(0, 10, 2)),
        subnet=subnet.id,
        vpc=subnet.vpc_id,
        zone=subnet.availability_zone,
        groups=groups,
        public_ip=f"3.80.{int(unique[:2], 16)}.{int(unique[2:4], 16)}" if public else None,
    )


def _free_address(region: Region, subnet_id: str, block: str) -> str:
    network = ipaddress.ip_network(block)
    taken = Neighbours(region.account, region.name).addresses_in_use(subnet_id)
    taken |= {task.interface.ip for task in region.tasks.values() if task.interface and task.phase != "STOPPED"}
    candidates = (network[-offset] for offset in range(6, network.num_addresses - 4))
    return next((str(address) for address in candidates if str(address) not in taken), str(network[-6]))


def dashed(unique: str) -> str:
    """A hexadecimal id of 32 digits in the form of a UUID."""
    return "-".join((unique[:8], unique[8:12], unique[12:16], unique[16:20], unique[20:32]))


def attached(region: Region) -> list[Task]:
    """The tasks whose interface exists: those that are not yet STOPPED."""
    return [task for task in region.tasks.values() if task.interface and task.phase != "STOPPED"]


def as_ec2_shows(region: Region, task: Task, interface: Interface) -> dict[str, Any]:
    """The interface in the shape of EC2's DescribeNetworkInterfaces."""
    neighbours = Neighbours(region.account, region.name)
    name = f"ip-{interface.ip.replace('.', '-')}.ec2.internal"
    shown: dict[str, Any] = {
        "NetworkInterfaceId": interface.id,
        "Description": f"arn:aws:ecs:{region.name}:{region.account}:attachment/{interface.attachment}",
        "InterfaceType": "interface",
        "RequesterManaged": True,
        "RequesterId": f"{region.account}:ecs",
        "OwnerId": region.account,
        "Status": "in-use",
        "SourceDestCheck": True,
        "SubnetId": interface.subnet,
        "VpcId": interface.vpc,
        "AvailabilityZone": interface.zone,
        "MacAddress": interface.mac,
        "PrivateIpAddress": interface.ip,
        "PrivateDnsName": name,
        "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": interface.ip, "PrivateDnsName": name}],
        "Ipv6Addresses": [],
        "Groups": [{"GroupId": group, "GroupName": _group_name(neighbours, group)} for group in interface.groups],
        "Attachment": {
            "AttachmentId": f"eni-attach-{interface.id[4:]}",
            "AttachTime": region.wall(task.created_at),
            "DeleteOnTermination": False,
            "DeviceIndex": 1,
            "InstanceOwnerId": "amazon-ecs",
            "Status": "attached",
        },
        "TagSet": [],
    }
    if interface.public_ip:
        shown["Association"] = {"PublicIp": interface.public_ip, "IpOwnerId": "amazon"}
    return shown


def _group_name(neighbours: Neighbours, group_id: str) -> str:
    group = neighbours.security_group(group_id)
    return str(group.name) if group else ""
