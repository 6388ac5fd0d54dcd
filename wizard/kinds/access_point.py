"""An EFS access point: a folder of a file system, entered as one user."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list, tag_map
from wizard.engine.kind import ADDRESS_TAG, Context, Identity, Kind, Live, Properties, Settling, Status
from wizard.kinds._efs import LEAVING, status_of
from wizard.kinds._named import Tags, ignoring, owner_of, token_for

PERMISSIONS = "0750"


class AccessPoint(Kind):
    """ClientToken makes the create safe to repeat; the folder is made when it is first entered."""

    name = "access_point"
    title = "EFS access point"
    identity = Identity.TOKENED
    found_by = frozenset()
    immutable = frozenset({"file_system", "path", "uid", "gid"})
    uses = frozenset({"file_system"})
    settling = (
        Settling("create", "IncorrectFileSystemLifeCycleState", "", 300),
        Settling("create", "FileSystemNotFound", "", 120),
    )
    iam = {
        "read": ("elasticfilesystem:DescribeAccessPoints",),
        "create": ("elasticfilesystem:CreateAccessPoint", "elasticfilesystem:TagResource"),
        "update": ("elasticfilesystem:TagResource",),
        "delete": ("elasticfilesystem:DeleteAccessPoint",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The path, and the numbers of user and group."""
        found = []
        path = properties.get("path")
        if isinstance(path, str) and (not re.fullmatch(r"(/[^/\s:*?\"<>|]+){1,4}|/", path) or len(path) > 100):
            found.append(
                f"the path {path!r} of an access point begins with / and has at most 4 folders, 100 characters"
            )
        for name in ("uid", "gid"):
            value = properties.get(name)
            if isinstance(value, int) and not 0 <= value <= 4294967295:
                found.append(f"{name} is 0 to 4,294,967,295, not {value}")
        return found

    def create_seconds(self, properties: Properties) -> float:
        """Some seconds."""
        return 5

    def monthly_usd(self, properties: Properties) -> float | None:
        """An entrance costs nothing."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One paged DescribeAccessPoints."""
        found = []
        for item in context.aws.pages("efs", "describe_access_points", "AccessPoints", MaxResults=100):
            tags = tag_map(item.get("Tags"))
            if owner_of(tags) == context.scope.deployment and item["LifeCycleState"] != "deleted":
                found.append(_live(item, tags))
        return found

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Everything in one call."""
        user, group = properties["uid"], properties["gid"]
        owner = {"OwnerUid": user, "OwnerGid": group, "Permissions": PERMISSIONS}
        answer = context.aws.write(
            "efs",
            "create_access_point",
            ClientToken=token_for(token, properties["file_system"]),
            FileSystemId=properties["file_system"],
            PosixUser={"Uid": user, "Gid": group},
            RootDirectory={"Path": properties["path"], "CreationInfo": owner},
            Tags=tag_list(context.scope.tags(address) | {"Name": properties["name"]}),
        )
        return str(answer["AccessPointId"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Only the Name tag can change."""
        tags = tag_list({"Name": properties["name"]})
        context.aws.write("efs", "tag_resource", ResourceId=live.id, Tags=tags)

    def delete(self, context: Context, live: Live) -> None:
        """The files stay in the file system."""
        with ignoring("AccessPointNotFound"):
            context.aws.write("efs", "delete_access_point", AccessPointId=live.id)

    def is_on_its_way(self, live: Live) -> bool:
        """In creation."""
        return bool(live.attributes["status"] != "available")

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """`available` is ready."""
        answer = context.aws.read("efs", "describe_access_points", AccessPointId=live.id)
        return status_of(answer["AccessPoints"][0]["LifeCycleState"], "access point")


def _live(item: Mapping[str, Any], tags: Tags) -> Live:
    id_, state = item["AccessPointId"], item["LifeCycleState"]
    user = item.get("PosixUser") or {}
    properties = {
        "name": tags.get("Name", ""),
        "file_system": item["FileSystemId"],
        "path": (item.get("RootDirectory") or {}).get("Path"),
        "uid": user.get("Uid"),
        "gid": user.get("Gid"),
    }
    if state in LEAVING:
        # On its way out: as a whole it is not what is wanted, so a plan replaces it.
        properties = {"name": properties["name"]}
    attributes = {"id": id_, "arn": item["AccessPointArn"], "status": state}
    return Live(tags.get(ADDRESS_TAG, ""), id_, properties, attributes, owner_of(tags))
