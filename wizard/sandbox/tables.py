"""DynamoDB: a table comes, changes and goes in some seconds, one change at a time; its backups outlive it."""

from __future__ import annotations

from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.world import after

CREATE_SECONDS = 8.0
UPDATE_SECONDS = 5.0
DELETE_SECONDS = 8.0
BACKUP_SECONDS = 4.0


def _table(call: Call) -> Any:
    name = call.params["TableName"].rpartition("/")[2]
    return moto_state.dynamodb(call.region).tables.get(name)


def state_of(table: Any) -> str:
    """`ACTIVE`, unless something is under way."""
    return str(getattr(table, "sandbox_state", "ACTIVE"))


def _enter(table: Any, state: str, seconds: float) -> None:
    table.sandbox_state = state
    after(seconds, lambda: _settle(table, state))


def _settle(table: Any, state: str) -> None:
    if state_of(table) == state:
        table.sandbox_state = "ACTIVE"


@before("dynamodb", "UpdateTable", "DeleteTable", "UpdateTimeToLive", "UpdateContinuousBackups", "CreateBackup")
def _nothing_is_under_way(call: Call) -> None:
    table = _table(call)
    if table is None or state_of(table) == "ACTIVE":
        busy = table is not None and call.operation == "DeleteTable" and getattr(table, "sandbox_backing_up", False)
        if busy:
            raise Refused("ResourceInUseException", f"Table is being backed up: {table.name}")
        return
    raise Refused(
        "ResourceInUseException", f"Attempt to change a resource which is still in use: Table is {state_of(table)}"
    )


@handles("dynamodb", "CreateTable")
def create_table(call: Call) -> dict[str, Any]:
    """`CREATING` for some seconds."""
    answer = call.moto()
    _enter(_table(call), "CREATING", CREATE_SECONDS)
    answer["TableDescription"]["TableStatus"] = "CREATING"
    return answer


@handles("dynamodb", "DescribeTable")
def describe_table(call: Call) -> dict[str, Any]:
    """With the state it is in."""
    answer = call.moto()
    answer["Table"]["TableStatus"] = state_of(_table(call))
    return answer


@handles("dynamodb", "UpdateTable")
def update_table(call: Call) -> dict[str, Any]:
    """`UPDATING` for some seconds; encryption with another key too."""
    answer = call.moto()
    table = _table(call)
    if specification := call.params.get("SSESpecification"):
        table.sse_specification = dict(specification)
    _enter(table, "UPDATING", UPDATE_SECONDS)
    answer["TableDescription"]["TableStatus"] = "UPDATING"
    return answer


@handles("dynamodb", "DeleteTable")
def delete_table(call: Call) -> dict[str, Any]:
    """`DELETING` for some seconds."""
    table = _table(call)
    answer = call.moto()
    store = moto_state.dynamodb(call.region)
    store.tables[table.name] = table
    table.sandbox_state = answer["TableDescription"]["TableStatus"] = "DELETING"
    after(DELETE_SECONDS, lambda: store.tables.pop(table.name, None))
    return answer


@handles("dynamodb", "CreateBackup")
def create_backup(call: Call) -> dict[str, Any]:
    """`CREATING` for some seconds, in which the table cannot be deleted."""
    answer = call.moto()
    backup = moto_state.dynamodb(call.region).backups[answer["BackupDetails"]["BackupArn"]]
    table = _table(call)
    backup.status = answer["BackupDetails"]["BackupStatus"] = "CREATING"
    table.sandbox_backing_up = True
    after(BACKUP_SECONDS, lambda: _backed_up(backup, table))
    return answer


def _backed_up(backup: Any, table: Any) -> None:
    backup.status = "AVAILABLE"
    table.sandbox_backing_up = False
