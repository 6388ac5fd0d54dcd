"""What the kinds of Amazon RDS and Amazon DocumentDB share: one API on the wire, its tags, states and passwords.

DocumentDB has a client of its own for what it makes and changes; both kinds of database answer to RDS's reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import READY, Context, Live, Settling, State, Status
from wizard.engine.values import UNKNOWN, Sensitive
from wizard.errors import AwsError, UsageError

PASSWORD_TAG = "pilotage:password"
"""AWS never shows a password; this tag tells which one was set last, by its fingerprint."""
USABLE = frozenset(
    {"available", "backing-up", "storage-optimization", "configuring-log-exports", "configuring-enhanced-monitoring"}
)
DEAD = ("failed", "restore-error", "storage-full", "inaccessible-encryption-credentials", "incompatible-")
WITHOUT_SNAPSHOT = frozenset({"failed", "incompatible-restore", "incompatible-network"})
"""AWS: in these states a database can only be deleted without a final snapshot."""
STOPPED = frozenset({"stopped", "stopping"})
LAG_SECONDS = 1200.0
"""Some settings are shown only once the change of the database is over."""
GONE = ("DBInstanceNotFound", "DBInstanceNotFoundFault", "DBClusterNotFoundFault")
NOT_NOW = tuple(
    Settling(verb, code, "", 7200)
    for verb in ("update", "delete")
    for code in ("InvalidDBInstanceState", "InvalidDBInstanceStateFault", "InvalidDBClusterStateFault")
)
"""A database that is being changed takes no other change; backups and upgrades can take more than an hour."""
BATCH = 100


def described(context: Context, operation: str, key: str, filter_name: str, names: list[str]) -> Iterator[Any]:
    """Every one of these names that exists; absent ones are no error in a filter."""
    for start in range(0, len(names), BATCH):
        filters = [{"Name": filter_name, "Values": names[start : start + BATCH]}]
        yield from context.aws.pages("rds", operation, key, Filters=filters)


def client_of(engine: str) -> str:
    """The client whose API makes and changes databases of this engine."""
    return "docdb" if engine == "docdb" else "rds"


def set_tags(context: Context, address: str, properties: Mapping[str, Any]) -> list[dict[str, str]]:
    """Ownership tags, and which password goes into the same call."""
    return tag_list(context.scope.tags(address) | password_tag(properties.get("password")))


def password_tag(password: Any) -> dict[str, str]:
    """The tag that tells a password by its fingerprint; none when AWS manages the password."""
    return {PASSWORD_TAG: password.fingerprint[:64]} if isinstance(password, Sensitive) else {}


def retag_password(context: Context, arn: str, password: Any) -> None:
    """Note which password has just been set."""
    if tags := password_tag(password):
        context.aws.write("rds", "add_tags_to_resource", ResourceName=arn, Tags=tag_list(tags))


def password_in(tags: Mapping[str, str]) -> Sensitive | None:
    """The password that was set last: it can be compared and not revealed."""
    return Sensitive(tags[PASSWORD_TAG], _hidden) if tags.get(PASSWORD_TAG) else None


def _hidden() -> str:
    raise ValueError("RDS does not show passwords")


def same_password(desired: Any, actual: Any) -> bool:
    """Whether the password set last is the desired one; one of which nothing is known is left alone."""
    if not isinstance(desired, Sensitive) or not isinstance(actual, Sensitive):
        return True
    return desired.fingerprint[:64] == actual.fingerprint[:64]


def same_major(desired: Any, actual: Any) -> bool:
    """Engine versions of one major are alike: AWS moves the minor on by itself."""
    return str(desired).split(".")[0] == str(actual).split(".")[0]


def downgrade(before: Any, desired: Any) -> str:
    """Why AWS refuses to go back to an older major version; empty when it need not."""
    majors = [str(version).split(".")[0] for version in (before, desired)]
    if not all(major.isdecimal() for major in majors) or int(majors[1]) >= int(majors[0]):
        return ""
    return f"AWS upgrades a database and never takes it back: it runs version {before}, {desired} is wanted"


def revealed(password: Any, address: str, longest: int) -> str:
    """The password to set. Raises `UsageError`, without the value, when AWS would refuse it."""
    value = password.reveal() if isinstance(password, Sensitive) else ""
    broken = [
        rule
        for rule, holds in (
            (f"8 to {longest} characters", 8 <= len(value) <= longest),
            ("only printable ASCII characters", bool(re.fullmatch(r"[!-~]*", value))),
            ('none of / @ "', not set('/@"') & set(value)),
        )
        if not holds
    ]
    if broken:
        raise UsageError(
            f"AWS would refuse the password of {address}",
            evidence=f"it needs {', '.join(broken)}",
            safe="the database was not changed",
            next_step="supply another one, or let it be made up (generate: true)",
        )
    return value


def status_of(state: str, what: str, was_ready: bool) -> Status:
    """What a state of RDS means. Only what never came up is a corpse: anything else may hold data."""
    if state in USABLE:
        return READY
    detail = {"state": state}
    if state.startswith(DEAD):
        return Status(State.FAILED, f"the {what} is in {state}", detail, corpse=not was_ready)
    if state in STOPPED:
        detail["safe"] = "its data is kept; somebody stopped it, and AWS starts it again after seven days"
        return Status(State.FAILED, f"the {what} is {state}: start it", detail)
    return Status(State.PENDING, f"the {what} is in {state}", detail)


def is_usable(live: Live) -> bool:
    """Whether it serves, by what the read told."""
    return live.attributes["status"] in USABLE


def identifier_problems(name: Any) -> list[str]:
    """AWS: 1-63 letters, digits and hyphens, a letter first, no two hyphens together, none at the end."""
    if not isinstance(name, str):
        return []
    if re.fullmatch(r"[a-z][a-z0-9-]{0,62}", name) and "--" not in name and not name.endswith("-"):
        return []
    return [
        f"the database name {name!r} must be 1-63 lower-case letters, digits or -, begin with a letter, not end with - "
        f"and have no -- in it ({len(name)} now)"
    ]


def user_problems(engine: Any, user: Any, longest: int) -> list[str]:
    """AWS: a letter first, letters, digits and _, and none of the words that the engine keeps for itself."""
    if not isinstance(user, str):
        return []
    if not re.fullmatch(rf"[A-Za-z][A-Za-z0-9_]{{0,{longest - 1}}}", user):
        return [f"the database user {user!r} must be 1-{longest} letters, digits or _ and begin with a letter"]
    if user.lower() in ("admin", "rdsadmin", "root", "rds_superuser", "postgres_admin"):
        return [f"the database user {user!r} is a word that {engine if isinstance(engine, str) else 'AWS'} keeps"]
    return []


def backup_problems(days: Any, least: int) -> list[str]:
    """AWS: automated backups are kept for 35 days at most."""
    if isinstance(days, int) and not least <= days <= 35:
        return [f"backups are kept {least} to 35 days, not {days}"]
    return []


def final_snapshot(context: Context, name: str) -> str:
    """The name of the snapshot that is taken before a database is deleted; another run has another one."""
    run = re.sub(r"[^A-Za-z0-9]", "", context.scope.run)[-8:]
    return f"{name}-final-{run or 'snapshot'}"


def exports(wanted: Any, live: Live) -> dict[str, list[str]]:
    """The change of log exports from what is to what is wanted."""
    now, then = set(live.properties.get("log_exports") or ()), set(wanted or ())
    return {"EnableLogTypes": sorted(then - now), "DisableLogTypes": sorted(now - then)}


def groups_of(item: Mapping[str, Any]) -> list[str]:
    """Ids of the security groups, sorted, without those that are on their way out."""
    found = item.get("VpcSecurityGroups") or ()
    return sorted(group["VpcSecurityGroupId"] for group in found if group.get("Status") != "removing")


def log_exports_of(item: Mapping[str, Any]) -> list[str]:
    """Log exports, sorted; what AWS is about to switch counts as switched."""
    waiting = (item.get("PendingModifiedValues") or {}).get("PendingCloudwatchLogsExports") or {}
    found = set(item.get("EnabledCloudwatchLogsExports") or ()) | set(waiting.get("LogTypesToEnable") or ())
    return sorted(found - set(waiting.get("LogTypesToDisable") or ()))


def is_said(value: Any) -> bool:
    """Whether a property has a value to send."""
    return value is not None and value is not UNKNOWN and value != ""


def unless_going(delete: Callable[[], object]) -> None:
    """Ask for a deletion; one that is under way, or over, is a success. Raises `AwsError` for every other refusal."""
    try:
        delete()
    except AwsError as error:
        if error.code not in GONE and "already being deleted" not in error.message:
            raise
