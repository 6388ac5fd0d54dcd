"""What a rule of a security group says: protocol, ports and peer, in the shapes that EC2 takes and gives."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from wizard.kinds import _ec2

PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
"""AWS answers with the name where a number was given."""
PORTED = ("tcp", "udp", "icmp", "icmpv6")
"""Only these have ports (or ICMP types); AWS opens all ports of every other protocol, whatever is asked."""


def protocol_of(value: Any) -> str:
    """A protocol as AWS names it."""
    return PROTOCOLS.get(str(value).lower(), str(value).lower())


def peer_of(item: Mapping[str, Any]) -> str:
    """The other side of a described rule: a CIDR block, a security group or a prefix list."""
    group = item.get("ReferencedGroupInfo") or {}
    found = item.get("CidrIpv4") or item.get("CidrIpv6") or group.get("GroupId") or item.get("PrefixListId") or ""
    return str(found)


def is_network(value: str) -> bool:
    """Whether it is a CIDR block, IPv4 or IPv6."""
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return "/" in value


def port_problems(properties: Mapping[str, Any]) -> list[str]:
    """What AWS would refuse about the ports of TCP and UDP."""
    first, last = properties.get("from_port"), properties.get("to_port")
    if protocol_of(properties.get("protocol")) not in ("tcp", "udp"):
        return []
    if any(isinstance(port, int) and not 0 <= port <= 65535 for port in (first, last)):
        return [f"from_port, to_port: ports are 0 to 65535, not {first} to {last}"]
    if isinstance(first, int) and isinstance(last, int) and first > last:
        return [f"from_port, to_port: {first} is above {last}"]
    return []


def permission(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The rule as an authorise call takes it."""
    peer = _ec2.canonical_cidr(properties["peer"])
    text = {"Description": properties["description"]} if properties.get("description") else {}
    if peer.startswith("sg-"):
        source = {"UserIdGroupPairs": [{"GroupId": peer, **text}]}
    elif peer.startswith("pl-"):
        source = {"PrefixListIds": [{"PrefixListId": peer, **text}]}
    elif ":" in peer:
        source = {"Ipv6Ranges": [{"CidrIpv6": peer, **text}]}
    else:
        source = {"IpRanges": [{"CidrIp": peer, **text}]}
    protocol = protocol_of(properties["protocol"])
    ports = {"FromPort": properties["from_port"], "ToPort": properties["to_port"]} if protocol in PORTED else {}
    return {"IpProtocol": protocol, **ports, **source}
