"""Budgets: their tags, their changes and whom they notify, which moto keeps only from the creation on."""

from __future__ import annotations

from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.world import ACCOUNT


@handles("budgets", "CreateBudget")
def create_budget(call: Call) -> dict[str, Any]:
    """Keeps the tags."""
    answer = call.moto()
    budget = _budget(call.params["Budget"]["BudgetName"])
    budget.sandbox_tags = {tag["Key"]: tag["Value"] for tag in call.params.get("ResourceTags") or ()}
    return answer


@handles("budgets", "UpdateBudget")
def update_budget(call: Call) -> dict[str, Any]:
    """The definition is replaced; its period, and who is notified, stay."""
    new = call.params["NewBudget"]
    budget = _budget(new["BudgetName"])
    budget.budget = {**new, "TimePeriod": budget.budget["TimePeriod"]}
    return {}


@handles("budgets", "ListTagsForResource", "TagResource", "UntagResource")
def tags_of_a_budget(call: Call) -> dict[str, Any]:
    """Tags of one budget, by its ARN."""
    tags = _budget(call.params["ResourceARN"].rpartition("/")[2]).sandbox_tags
    if call.operation == "ListTagsForResource":
        return {"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]}
    tags.update({tag["Key"]: tag["Value"] for tag in call.params.get("ResourceTags") or ()})
    for key in call.params.get("ResourceTagKeys", ()):
        tags.pop(key, None)
    return {}


@before("budgets", "DescribeNotificationsForBudget", "CreateNotification", "DeleteNotification")
def _exists(call: Call) -> None:
    _budget(call.params["BudgetName"])


@handles("budgets", "DescribeSubscribersForNotification")
def describe_subscribers(call: Call) -> dict[str, Any]:
    """Whom one notification goes to."""
    return {"Subscribers": list(_notification(call, "Notification").subscribers)}


@handles("budgets", "UpdateSubscriber")
def update_subscriber(call: Call) -> dict[str, Any]:
    """One recipient takes the place of another."""
    notification = _notification(call, "Notification")
    old = call.params["OldSubscriber"]
    if old not in notification.subscribers:
        raise Refused("NotFoundException", "Unable to update subscriber - the subscriber doesn't exist.")
    notification.subscribers = [call.params["NewSubscriber"] if one == old else one for one in notification.subscribers]
    return {}


@handles("budgets", "DeleteSubscriber")
def delete_subscriber(call: Call) -> dict[str, Any]:
    """A notification without recipients goes away."""
    notification, gone = _notification(call, "Notification"), call.params["Subscriber"]
    if gone not in notification.subscribers:
        raise Refused("NotFoundException", "Unable to delete subscriber - the subscriber doesn't exist.")
    notification.subscribers = [one for one in notification.subscribers if one != gone]
    if not notification.subscribers:
        _budget(call.params["BudgetName"]).notifications.remove(notification)
    return {}


def _budget(name: str) -> Any:
    budget = moto_state.budgets().budgets[ACCOUNT].get(name)
    if budget is None:
        raise Refused("NotFoundException", f"Unable to get budget: {name} - the budget doesn't exist.")
    return budget


def _notification(call: Call, which: str) -> Any:
    wanted = call.params[which]
    for notification in _budget(call.params["BudgetName"]).notifications:
        details = {"ThresholdType": "PERCENTAGE", **notification.details}
        if all(details.get(key) == value for key, value in wanted.items() if key != "NotificationState"):
            return notification
    raise Refused("NotFoundException", "Unable to find the notification - the notification doesn't exist.")
