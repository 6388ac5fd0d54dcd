"""CloudWatch Logs: retention from the fixed list, names that AWS keeps to itself, deletion protection."""

from __future__ import annotations

from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused, before, handles

RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


@before("logs", "PutRetentionPolicy")
def _known_retention(call: Call) -> None:
    days = call.params["retentionInDays"]
    if days not in RETENTION_DAYS:
        raise Refused(
            "InvalidParameterException",
            f"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(map(str, RETENTION_DAYS))}]",
        )


@before("logs", "CreateLogGroup")
def _name_is_not_awss(call: Call) -> None:
    if call.params["logGroupName"].startswith("aws/"):
        raise Refused("InvalidParameterException", "Log groups starting with AWS/ are reserved for AWS.")


@handles("logs", "CreateLogGroup")
def create_log_group(call: Call) -> dict[str, Any]:
    """Keeps the protection that was asked for."""
    answer = call.moto()
    group = moto_state.logs(call.region).groups[call.params["logGroupName"]]
    group.sandbox_protected = bool(call.params.get("deletionProtectionEnabled", False))
    return answer


@handles("logs", "PutLogGroupDeletionProtection")
def protect(call: Call) -> dict[str, Any]:
    """Switch protection on or off; takes a name or an ARN."""
    name = _name(call.params["logGroupIdentifier"])
    group = moto_state.logs(call.region).groups.get(name)
    if group is None:
        raise Refused("ResourceNotFoundException", "The specified log group does not exist.")
    group.sandbox_protected = call.params["deletionProtectionEnabled"]
    return {}


def _name(identifier: str) -> str:
    return identifier.partition(":log-group:")[2].removesuffix(":*") if ":log-group:" in identifier else identifier


@handles("logs", "DescribeLogGroups")
def describe_log_groups(call: Call) -> dict[str, Any]:
    """With the protection of each."""
    answer = call.moto()
    groups = moto_state.logs(call.region).groups
    for shown in answer.get("logGroups", ()):
        shown["deletionProtectionEnabled"] = getattr(groups.get(shown["logGroupName"]), "sandbox_protected", False)
    return answer


@before("logs", "DeleteLogGroup")
def _not_protected(call: Call) -> None:
    group = moto_state.logs(call.region).groups.get(call.params["logGroupName"])
    if getattr(group, "sandbox_protected", False):
        raise Refused("ValidationException", "The log group cannot be deleted because deletion protection is enabled.")
