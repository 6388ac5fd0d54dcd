"""What the EC2 kinds share: tags in the create call, one read by tag, "gone" codes, and who holds what cannot go."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wizard.aws.ownership import tag_list, tag_map
from wizard.engine.kind import ADDRESS_TAG, DEPLOYMENT_TAG, Context, Live, Settling
from wizard.errors import AwsError

LAG_SECONDS = 300.0
"""How long EC2 may hide what it has just made (reliability.md §1)."""
NAME_LIMIT = 255
"""AWS: a tag value, and so a Name tag, holds up to 256 characters."""
FREE_TEXT = r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*"
"""AWS: what names and descriptions of security groups and their rules may hold."""


def tag_specifications(context: Context, resource_type: str, address: str, name: str = "") -> list[dict[str, Any]]:
    """Ownership tags, and the Name tag when there is a name, for a create call."""
    tags = context.scope.tags(address) | ({"Name": name} if name else {})
    return [{"ResourceType": resource_type, "Tags": tag_list(tags)}]


def ours(context: Context) -> list[dict[str, Any]]:
    """The filter that leaves what carries the deployment's tag."""
    return [{"Name": f"tag:{DEPLOYMENT_TAG}", "Values": [context.scope.deployment]}]


def live(context: Context, item: Mapping[str, Any], resource: str, properties: Mapping[str, Any], **more: Any) -> Live:
    """A `Live` of a described EC2 resource; `resource` is the last part of its ARN, `more` its other attributes."""
    tags = tag_map(item.get("Tags"))
    id_ = resource.split("/")[-1]
    return Live(
        address=tags.get(ADDRESS_TAG, ""),
        id=id_,
        properties=properties,
        attributes={"id": id_, "arn": context.scope.arn("ec2", resource), **more},
        owner=tags.get(DEPLOYMENT_TAG, ""),
    )


def name_tag(item: Mapping[str, Any]) -> str:
    """The Name tag, empty when there is none."""
    return tag_map(item.get("Tags")).get("Name", "")


def rename(context: Context, id_: str, name: str) -> None:
    """Set the Name tag."""
    context.aws.write("ec2", "create_tags", Resources=[id_], Tags=tag_list({"Name": name}))


def name_problems(properties: Mapping[str, Any]) -> list[str]:
    """What AWS would refuse about a Name tag."""
    name = properties.get("name")
    if isinstance(name, str) and len(name) > NAME_LIMIT:
        return [f"name: a Name tag has at most {NAME_LIMIT} characters, this one has {len(name)}"]
    return []


def unless_gone(codes: Iterable[str], delete: Callable[[], object]) -> None:
    """Run a delete; what is already gone is a success. Raises `AwsError` for every other refusal."""
    try:
        delete()
    except AwsError as error:
        if error.code not in codes:
            raise


def settling(verb: str, seconds: float, *codes: str) -> tuple[Settling, ...]:
    """Rules that give every one of these codes the same patience."""
    return tuple(Settling(verb, code, "", seconds) for code in codes)


def not_visible_yet(*codes: str) -> tuple[Settling, ...]:
    """Rules for parents that EC2 has just made and does not find yet, in create and in update."""
    return settling("create", LAG_SECONDS, *codes) + settling("update", LAG_SECONDS, *codes)


def naming_holders(context: Context, filter_name: str, id_: str, delete: Callable[[], object]) -> None:
    """Run a delete; when something still depends, the error names the network interfaces that hold it.

    Raises `AwsError` with AWS's code, so that the engine waits by the kind's settling rules.
    """
    try:
        delete()
    except AwsError as error:
        if error.code not in ("DependencyViolation", "InvalidGroup.InUse"):
            raise
        filters = [{"Name": filter_name, "Values": [id_]}]
        found = context.aws.pages("ec2", "describe_network_interfaces", "NetworkInterfaces", Filters=filters)
        holders = [f"{one['NetworkInterfaceId']} ({one.get('Description') or 'no description'})" for one in found]
        if not holders:
            raise
        message = f"{error.message} It is held by {', '.join(holders)}."
        raise AwsError(error.operation, error.code, message, status=error.status) from None


def canonical_cidr(value: Any) -> Any:
    """A CIDR block as AWS stores it (host bits zero, lower case); anything else as it is."""
    if isinstance(value, str) and "/" in value:
        try:
            return str(ipaddress.ip_network(value, strict=False))
        except ValueError:
            return value
    return value


def cidr_problems(name: str, value: Any, smallest: int, largest: int) -> list[str]:
    """What AWS would refuse about an IPv4 block of a VPC or a subnet; `smallest` is the shortest prefix allowed."""
    if not isinstance(value, str):
        return []
    try:
        network = ipaddress.IPv4Network(value, strict=True)
    except ValueError:
        return [f"{name}: {value} is not an IPv4 CIDR block whose host bits are zero"]
    if not smallest <= network.prefixlen <= largest:
        return [f"{name}: {value} must be between /{smallest} and /{largest}"]
    return []
