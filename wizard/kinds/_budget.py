"""Whom a budget tells: two notifications, each with its recipients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context
from wizard.errors import AwsError
from wizard.kinds._named import ignoring

GONE = ("NotFoundException",)
NOTIFICATIONS = tuple(
    {
        "NotificationType": type_,
        "ComparisonOperator": "GREATER_THAN",
        "Threshold": percent,
        "ThresholdType": "PERCENTAGE",
    }
    for type_, percent in (("ACTUAL", 80.0), ("FORECASTED", 100.0))
)
"""Told when 80 % is spent, and when all of it is going to be."""


def place(context: Context, name: str) -> dict[str, Any]:
    """The two parameters that name a budget."""
    return {"AccountId": context.scope.account, "BudgetName": name}


def recipients(email: str) -> list[dict[str, Any]]:
    """The notifications of a new budget; none without anybody to tell."""
    return [{"Notification": one, "Subscribers": [_person(email)]} for one in NOTIFICATIONS] if email else []


def told(context: Context, name: str) -> str:
    """Who gets both notifications; empty when one of them goes to nobody."""
    people = [_told(context, name, one) for one in NOTIFICATIONS]
    return ", ".join(sorted({address for addresses in people for address in addresses})) if all(people) else ""


def tell(context: Context, name: str, email: str) -> None:
    """Make both notifications go to this address and nobody else."""
    for notification in NOTIFICATIONS:
        _tell(context, name, notification, email)


def _told(context: Context, name: str, notification: Mapping[str, Any]) -> list[str]:
    one = {**place(context, name), "Notification": notification}
    try:
        people = list(context.aws.pages("budgets", "describe_subscribers_for_notification", "Subscribers", **one))
    except AwsError as error:
        if error.code not in GONE:
            raise
        return []
    return [person["Address"] for person in people]


def _tell(context: Context, name: str, notification: Mapping[str, Any], email: str) -> None:
    one = {**place(context, name), "Notification": notification}
    people, new = _told(context, name, notification), _person(email)
    if not people:
        with ignoring("DuplicateRecordException"):
            context.aws.write("budgets", "create_notification", Subscribers=[new], **one)
        return
    others = [address for address in people if address != email]
    if email not in people:
        old = _person(others.pop(0))
        context.aws.write("budgets", "update_subscriber", OldSubscriber=old, NewSubscriber=new, **one)
    for address in others:
        with ignoring(*GONE):
            context.aws.write("budgets", "delete_subscriber", Subscriber=_person(address), **one)


def _person(email: str) -> dict[str, str]:
    return {"SubscriptionType": "EMAIL", "Address": email}
