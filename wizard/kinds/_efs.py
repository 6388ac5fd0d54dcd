"""What the kinds of Amazon EFS share: file systems carry the tags, also for the mount targets, which take none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.aws.ownership import tag_map
from wizard.engine.kind import READY, Context, State, Status
from wizard.kinds._named import Tags, owner_of

LEAVING = ("deleting", "deleted")
MOUNT_TAG = "pilotage:mount:"
"""Tag key on the file system, followed by the id of a subnet; its value is the address of the mount target there."""


def our_file_systems(context: Context, named: frozenset[str] = frozenset()) -> Iterator[tuple[Mapping[str, Any], Tags]]:
    """File systems that carry the deployment's tag, and those of these ids, with their tags: EFS lists them all."""
    for item in context.aws.pages("efs", "describe_file_systems", "FileSystems", MaxItems=100):
        tags = tag_map(item.get("Tags"))
        wanted = owner_of(tags) == context.scope.deployment or item["FileSystemId"] in named
        if wanted and item["LifeCycleState"] != "deleted":
            yield item, tags


def status_of(state: str, what: str) -> Status:
    """`available` is ready; one in `error` can only be deleted, and holds nothing yet."""
    if state in ("available", "updating"):
        return READY
    detail = {"state": state}
    if state in ("error", *LEAVING):
        return Status(State.FAILED, f"the {what} is in {state}", detail, corpse=True)
    return Status(State.PENDING, f"the {what} is in {state}", detail)
