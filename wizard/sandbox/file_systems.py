"""EFS: file systems and mount targets come and go in their own time, and tokens give the same thing twice."""

from __future__ import annotations

from typing import Any

from wizard.sandbox import moto_state, tokens
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.world import after

CREATE_SECONDS = 5.0
MOUNT_SECONDS = 90.0
UNMOUNT_SECONDS = 60.0


def _settle(thing: Any) -> None:
    if thing.life_cycle_state == "creating":
        thing.life_cycle_state = "available"


def _file_system(call: Call) -> Any:
    id_ = call.params["FileSystemId"]
    found = moto_state.efs(call.region).file_systems_by_id.get(id_)
    if found is None:
        raise Refused("FileSystemNotFound", f"File system '{id_}' does not exist.", 404)
    return found


@handles("efs", "CreateFileSystem")
def create_file_system(call: Call) -> dict[str, Any]:
    """`creating` for some seconds; a token that is in use is refused."""
    answer = call.moto()
    made = moto_state.efs(call.region).file_systems_by_id[answer["FileSystemId"]]
    made.life_cycle_state = answer["LifeCycleState"] = "creating"
    after(CREATE_SECONDS, lambda: _settle(made))
    return answer


@before(
    "efs",
    "CreateMountTarget",
    "CreateAccessPoint",
    "PutBackupPolicy",
    "PutLifecycleConfiguration",
    "DeleteFileSystem",
)
def _file_system_is_available(call: Call) -> None:
    state = _file_system(call).life_cycle_state
    if state != "available":
        raise Refused("IncorrectFileSystemLifeCycleState", f"The file system is in state {state}.", 409)


@handles("efs", "PutBackupPolicy")
def put_backup_policy(call: Call) -> dict[str, Any]:
    """Daily backups on or off."""
    _file_system(call)._backup = call.params["BackupPolicy"]["Status"] == "ENABLED"
    return {"BackupPolicy": dict(call.params["BackupPolicy"])}


@handles("efs", "CreateMountTarget")
def create_mount_target(call: Call) -> dict[str, Any]:
    """`creating` for a minute and a half."""
    answer = call.moto()
    made = moto_state.efs(call.region).mount_targets_by_id[answer["MountTargetId"]]
    made.life_cycle_state = answer["LifeCycleState"] = "creating"
    after(MOUNT_SECONDS, lambda: _settle(made))
    return answer


@before("efs", "ModifyMountTargetSecurityGroups")
def _mount_target_is_available(call: Call) -> None:
    target = moto_state.efs(call.region).mount_targets_by_id.get(call.params["MountTargetId"])
    if target is not None and target.life_cycle_state != "available":
        raise Refused("IncorrectMountTargetState", f"The mount target is in state {target.life_cycle_state}.", 409)


@handles("efs", "DeleteMountTarget")
def delete_mount_target(call: Call) -> dict[str, Any]:
    """`deleting` for a minute, in which the file system and the subnet are still in use."""
    id_ = call.params["MountTargetId"]
    store = moto_state.efs(call.region)
    target = store.mount_targets_by_id.get(id_)
    if target is None:
        raise Refused("MountTargetNotFound", f"Mount target '{id_}' does not exist.", 404)
    if target.life_cycle_state != "deleting":
        target.life_cycle_state = "deleting"
        after(UNMOUNT_SECONDS, lambda: store.delete_mount_target(id_))
    return {}


@handles("efs", "CreateAccessPoint")
def create_access_point(call: Call) -> dict[str, Any]:
    """The same token gives the same access point."""
    again = tokens.known(call, "ClientToken", _other_request)
    store = moto_state.efs(call.region)
    if again is not None and again in store.access_points:
        shown: dict[str, Any] = store.access_points[again].info_json()
        return shown
    answer = call.moto()
    tokens.remember(call, "ClientToken", answer["AccessPointId"])
    return answer


def _other_request(token: str) -> Refused:
    return Refused(
        "AccessPointAlreadyExists", f"An access point with the token {token} exists with other settings.", 409
    )


@handles("efs", "DeleteAccessPoint")
def delete_access_point(call: Call) -> dict[str, Any]:
    """Gone at once."""
    id_ = call.params["AccessPointId"]
    if id_ not in moto_state.efs(call.region).access_points:
        raise Refused("AccessPointNotFound", f"Access Point '{id_}' does not exist.", 404)
    tokens.forget(id_)
    return call.moto()
