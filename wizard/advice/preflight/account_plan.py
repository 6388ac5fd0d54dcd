"""What AWS's free plan refuses, held against what is to be made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wizard.advice.preflight.checked import Checked, State, Topic
from wizard.engine.graph import Resource

UPGRADE = "aws freetier upgrade-account-plan --account-plan-type PAID --region us-east-1"
MOST_BACKUP_DAYS = 1
"""Days of automatic backups of a database that the free plan allows."""


def judged(plan: str, new: Iterable[Resource]) -> list[Checked]:
    """What the account's plan (`FREE` or `PAID`) means for the resources to be made."""
    if plan != "FREE":
        return [Checked(Topic.PLAN, "plan of the account", State.OK, "paid: nothing is held back")]
    refused = list(_refused(new))
    if not refused:
        return [Checked(Topic.PLAN, "plan of the account", State.OK, "free: it holds nothing back that is wanted here")]
    return [
        Checked(Topic.PLAN, address, State.FAILS, f"the account has the free plan, which {why}", UPGRADE)
        for address, why in refused
    ]


def _refused(new: Iterable[Resource]) -> Iterator[tuple[str, str]]:
    for resource in new:
        engine = str(resource.properties.get("engine", ""))
        if resource.kind == "db_cluster" and engine == "docdb":
            yield resource.address, "has no DocumentDB"
        elif resource.kind in ("db_instance", "db_cluster"):
            days = resource.properties.get("backup_days")
            if isinstance(days, int) and days > MOST_BACKUP_DAYS:
                yield resource.address, f"keeps backups of a database for one day, not {days}"
