"""An EFS mount target: the file system's network interface in one subnet.

EFS tags no mount targets, so a tag of the file system tells whose the one in a subnet is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling, Status
from wizard.kinds._efs import LEAVING, MOUNT_TAG, our_file_systems, status_of
from wizard.kinds._named import Tags, ignoring, owner_of

GONE = ("MountTargetNotFound", "FileSystemNotFound")


class MountTarget(Kind):
    """By file system and subnet: AWS takes one in each zone."""

    name = "mount_target"
    title = "EFS mount target"
    identity = Identity.NAMED
    found_by = frozenset()
    found_with = frozenset({"file_system"})
    immutable = frozenset({"file_system", "subnet"})
    uses = frozenset({"file_system", "subnet", "security_group"})
    settling = (
        Settling("create", "IncorrectFileSystemLifeCycleState", "", 300),
        Settling("create", "FileSystemNotFound", "", 120),
        Settling("update", "IncorrectMountTargetState", "", 600),
        Settling("delete", "IncorrectMountTargetState", "", 600),
    )
    iam = {
        "read": (
            "elasticfilesystem:DescribeFileSystems",
            "elasticfilesystem:DescribeMountTargets",
            "elasticfilesystem:DescribeMountTargetSecurityGroups",
        ),
        "create": (
            "elasticfilesystem:TagResource",
            "elasticfilesystem:CreateMountTarget",
            "ec2:CreateNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
        ),
        "update": ("elasticfilesystem:ModifyMountTargetSecurityGroups", "ec2:ModifyNetworkInterfaceAttribute"),
        "delete": ("elasticfilesystem:DeleteMountTarget", "ec2:DeleteNetworkInterface"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """AWS: five security groups at most."""
        groups = properties.get("security_groups")
        if isinstance(groups, list) and len(groups) > 5:
            return [f"a mount target has at most 5 security groups, not {len(groups)}"]
        return []

    def create_seconds(self, properties: Properties) -> float:
        """About a minute and a half."""
        return 90

    def delete_seconds(self, properties: Properties) -> float:
        """About a minute."""
        return 60

    def monthly_usd(self, properties: Properties) -> float | None:
        """The file system is paid, its interfaces are not."""
        return 0.0

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """The order of security groups means nothing."""
        return sorted(desired) == sorted(actual or ()) if name == "security_groups" else bool(desired == actual)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One DescribeMountTargets for each file system of ours, and the groups of each mount target."""
        places = {(p["file_system"], p["subnet"]): address for address, p in wanted.items() if _is_known(p)}
        found = []
        for item, tags in our_file_systems(context, frozenset(file_system for file_system, _ in places)):
            id_ = item["FileSystemId"]
            with ignoring(*GONE):
                for target in context.aws.pages("efs", "describe_mount_targets", "MountTargets", FileSystemId=id_):
                    marked = tags.get(f"{MOUNT_TAG}{target['SubnetId']}", "")
                    ours = owner_of(tags) == context.scope.deployment
                    address = places.get((id_, target["SubnetId"]), marked if ours else "")
                    if address and target["LifeCycleState"] != "deleted":
                        found.append(self._live(context, target, address, owner_of(tags) if marked else ""))
        return found

    @staticmethod
    def _live(context: Context, target: Mapping[str, Any], address: str, owner: str) -> Live:
        id_, state = target["MountTargetId"], target["LifeCycleState"]
        properties: dict[str, Any] = {"file_system": target["FileSystemId"], "subnet": target["SubnetId"]}
        if state in LEAVING:
            # On its way out: as a whole it is not what is wanted, so a plan replaces it.
            properties = {}
        else:
            answer = context.aws.read("efs", "describe_mount_target_security_groups", MountTargetId=id_)
            properties["security_groups"] = sorted(answer.get("SecurityGroups") or ())
        attributes = {"id": id_, "status": state, "address": target.get("IpAddress", "")}
        return Live(address, id_, properties, attributes, owner)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """The mark first, so that the mount target is never without one; in a subnet that has one, AWS refuses."""
        file_system, subnet = properties["file_system"], properties["subnet"]
        mark: Tags = {f"{MOUNT_TAG}{subnet}": address}
        context.aws.write("efs", "tag_resource", ResourceId=file_system, Tags=tag_list(mark))
        with ignoring("MountTargetConflict"):
            context.aws.write(
                "efs",
                "create_mount_target",
                FileSystemId=file_system,
                SubnetId=subnet,
                SecurityGroups=list(properties["security_groups"]),
            )
        return f"{file_system}/{subnet}"

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Its security groups."""
        groups = list(properties["security_groups"])
        context.aws.write("efs", "modify_mount_target_security_groups", MountTargetId=live.id, SecurityGroups=groups)

    def delete(self, context: Context, live: Live) -> None:
        """What has it mounted hangs from then on; tasks go first."""
        if live.attributes["status"] not in LEAVING:
            with ignoring(*GONE):
                context.aws.write("efs", "delete_mount_target", MountTargetId=live.id)

    def is_on_its_way(self, live: Live) -> bool:
        """In creation."""
        return bool(live.attributes["status"] != "available")

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """`available` is ready."""
        answer = context.aws.read("efs", "describe_mount_targets", MountTargetId=live.id)
        return status_of(answer["MountTargets"][0]["LifeCycleState"], "mount target")


def _is_known(properties: Properties) -> bool:
    return all(isinstance(properties.get(name), str) for name in ("file_system", "subnet"))
