"""Network interfaces that AWS itself makes and manages for load balancers, NAT gateways, endpoints, brokers, databases.

They are what keeps subnets, security groups and internet gateways from being deleted, and they outlive their owner.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

from moto.ec2.models import elastic_ip_addresses
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.moto_api._internal import mock_random

from wizard.sandbox import ecs, filtering, moto_state
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.world import ACCOUNT, after

LINGER_SECONDS = 60.0
"""How long AWS keeps the interfaces of a deleted load balancer or broker."""

_FIELDS: dict[str, filtering.Field] = {
    "addresses.private-ip-address": lambda item: [one["PrivateIpAddress"] for one in item["PrivateIpAddresses"]],
    "association.allocation-id": lambda item: item.get("Association", {}).get("AllocationId"),
    "association.public-ip": lambda item: item.get("Association", {}).get("PublicIp"),
    "attachment.attachment-id": lambda item: item.get("Attachment", {}).get("AttachmentId"),
    "attachment.instance-id": lambda item: item.get("Attachment", {}).get("InstanceId"),
    "attachment.instance-owner-id": lambda item: item.get("Attachment", {}).get("InstanceOwnerId"),
    "attachment.status": lambda item: item.get("Attachment", {}).get("Status", "detached"),
    "availability-zone": lambda item: item["AvailabilityZone"],
    "description": lambda item: item["Description"],
    "group-id": lambda item: [group["GroupId"] for group in item["Groups"]],
    "group-name": lambda item: [group["GroupName"] for group in item["Groups"]],
    "interface-type": lambda item: item["InterfaceType"],
    "mac-address": lambda item: item["MacAddress"],
    "network-interface-id": lambda item: item["NetworkInterfaceId"],
    "owner-id": lambda item: item["OwnerId"],
    "private-dns-name": lambda item: item.get("PrivateDnsName"),
    "private-ip-address": lambda item: item["PrivateIpAddress"],
    "requester-id": lambda item: item.get("RequesterId"),
    "requester-managed": lambda item: str(item["RequesterManaged"]).lower(),
    "source-dest-check": lambda item: str(item["SourceDestCheck"]).lower(),
    "status": lambda item: item["Status"],
    "subnet-id": lambda item: item["SubnetId"],
    "vpc-id": lambda item: item["VpcId"],
}


class ManagedInterface(NetworkInterface):
    """A network interface in the hands of an AWS service: customers may look, not touch."""

    instance_owner = "amazon-aws"

    @property
    def attachment(self) -> Any:
        """Attached to something in the service's own account."""
        return {
            "AttachmentId": f"ela-attach-{self.id.removeprefix('eni-')}",
            "DeleteOnTermination": False,
            "DeviceIndex": 1,
            "InstanceOwnerId": self.instance_owner,
            "Status": "attached",
        }


def existing(region: str) -> list[dict[str, Any]]:
    """Every interface of a region as EC2 shows it: moto's, AWS's own and those of ECS tasks."""
    own = [_shown(interface) for interface in moto_state.ec2(region).enis.values()]
    return own + ecs.network_interfaces(ACCOUNT, region)


def _shown(interface: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "NetworkInterfaceId": interface.id,
        "AvailabilityZone": interface.availability_zone,
        "Description": interface.description,
        "Groups": [{"GroupId": group.id, "GroupName": group.name} for group in interface.group_set if group],
        "InterfaceType": interface.interface_type,
        "Ipv6Addresses": interface.network_interface_ipv6_addresses_list,
        "MacAddress": interface.mac_address,
        "OwnerId": interface.owner_id,
        "PrivateIpAddress": interface.private_ip_address,
        "PrivateIpAddresses": [
            {"Primary": bool(one.get("Primary")), "PrivateIpAddress": one["PrivateIpAddress"]}
            for one in interface.private_ip_addresses
        ],
        "RequesterManaged": bool(interface.requester_managed),
        "SourceDestCheck": interface.source_dest_check,
        "Status": "in-use" if interface.attachment else interface.status,
        "SubnetId": interface.subnet_id,
        "TagSet": [{"Key": tag["key"], "Value": tag["value"]} for tag in interface.get_tags()],
        "VpcId": interface.vpc_id,
    }
    if interface.requester_managed:
        shown["RequesterId"] = interface.requester_id
    if name := getattr(interface, "private_dns_name", None):
        shown["PrivateDnsName"] = name
    if interface.attachment:
        shown["Attachment"] = _attachment(interface)
    if interface.public_ip:
        shown["Association"] = _association(interface)
    return shown


def _attachment(interface: Any) -> dict[str, Any]:
    attachment = interface.attachment
    if isinstance(attachment, dict):
        return attachment
    return {
        "AttachmentId": attachment.attachment_id,
        "AttachTime": attachment.attach_time,
        "DeleteOnTermination": bool(attachment.delete_on_termination),
        "DeviceIndex": attachment.device_index,
        "InstanceId": attachment.instance_id,
        "InstanceOwnerId": attachment.instance_owner_id,
        "Status": attachment.status,
    }


def _association(interface: Any) -> dict[str, Any]:
    shown = {"PublicIp": interface.public_ip, "IpOwnerId": "amazon"}
    for address in interface.ec2_backend.addresses:
        if address.public_ip == interface.public_ip:
            shown |= {
                "AllocationId": address.allocation_id,
                "AssociationId": address.association_id,
                "IpOwnerId": interface.owner_id,
            }
    return {name: value for name, value in shown.items() if value}


@handles("ec2", "DescribeNetworkInterfaces")
def describe_network_interfaces(call: Call) -> dict[str, Any]:
    """All of EC2's usual filters; an id that does not exist is an error."""
    found = existing(call.region)
    wanted = call.params.get("NetworkInterfaceIds")
    if wanted:
        known = {item["NetworkInterfaceId"]: item for item in found}
        missing = [one for one in wanted if one not in known]
        if missing:
            raise Refused(
                "InvalidNetworkInterfaceID.NotFound", f"The networkInterface ID '{missing[0]}' does not exist"
            )
        found = [known[one] for one in wanted]
    found = filtering.matching(found, call.params.get("Filters"), _FIELDS)
    return {"NetworkInterfaces": found}


def create(
    region: str,
    subnet_id: str,
    *,
    description: str,
    requester: str,
    groups: Iterable[str] = (),
    kind: str = "interface",
    public: bool = False,
) -> Any:
    """Make one in a subnet that exists; `public` gives it a public address of Amazon's."""
    store = moto_state.ec2(region)
    subnet = store.get_subnet(subnet_id)
    interface = store.create_network_interface(
        subnet, free_address(region, subnet), group_ids=list(groups), description=description
    )
    interface.__class__ = ManagedInterface
    interface.instance_owner = requester if requester.startswith("amazon-") else "amazon-aws"
    interface.requester_managed = True
    interface.requester_id = requester
    interface.interface_type = kind
    interface.status = "in-use"
    if public:
        interface.public_ip = public_address()
    if kind in ("nat_gateway", "vpc_endpoint") and not groups:
        interface._group_set = []
    return interface


def public_address() -> str:
    """An address of Amazon's; moto gives addresses of the loopback network."""
    second, third, fourth = mock_random.randint(208, 239), mock_random.randint(0, 255), mock_random.randint(1, 254)
    return f"3.{second}.{third}.{fourth}"


moto_state.override(elastic_ip_addresses, random_ip=public_address)


def free_address(region: str, subnet: Any) -> str:
    """The first free address of a subnet, past the four that AWS keeps; raises `Refused` when it is full."""
    taken = {item["PrivateIpAddress"] for item in existing(region)}
    hosts = list(ipaddress.ip_network(subnet.cidr_block).hosts())[3:]
    for address in hosts:
        if str(address) not in taken:
            return str(address)
    raise Refused(
        "InsufficientFreeAddressesInSubnet",
        f"The specified subnet does not have enough free IP addresses to satisfy the request: {subnet.id}",
    )


def remove(region: str, interface_ids: Iterable[str]) -> None:
    """Take them away at once; those already gone are no matter."""
    for interface_id in interface_ids:
        moto_state.ec2(region).enis.pop(interface_id, None)


def vanish(region: str, interface_ids: Iterable[str], aws_seconds: float = LINGER_SECONDS) -> None:
    """Take them away after a while, as AWS does after the delete of their owner."""
    gone = list(interface_ids)
    after(aws_seconds, lambda: remove(region, gone))


@before("ec2", "DeleteNetworkInterface", "DetachNetworkInterface", "ModifyNetworkInterfaceAttribute")
def _managed_are_out_of_reach(call: Call) -> None:
    interface = moto_state.ec2(call.region).enis.get(call.params.get("NetworkInterfaceId", ""))
    if interface is None or not interface.requester_managed:
        return
    if call.operation == "DeleteNetworkInterface":
        raise Refused(
            "InvalidParameterValue", f"Network interface '{interface.id}' is currently in use and is managed by AWS."
        )
    raise Refused("AuthFailure", "You do not have permission to access the specified resource.")
