"""A monthly budget: an e-mail before the bill surprises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import Context, Identity, Kind, Live, Properties
from wizard.kinds import _budget
from wizard.kinds._named import addresses_by_name, ignoring, owner_of, tags_of

OF_AWS = ("CalculatedSpend", "LastUpdatedTime", "HealthStatus")
"""What a described budget has and a definition must not have."""


class Budget(Kind):
    """Of the whole account: a budget of one deployment would need its tags activated for billing by a person."""

    name = "budget"
    title = "budget"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name"})
    iam = {
        "read": ("budgets:ViewBudget", "budgets:ListTagsForResource"),
        "create": ("budgets:ModifyBudget", "budgets:TagResource"),
        "update": ("budgets:ViewBudget", "budgets:ModifyBudget"),
        "delete": ("budgets:ModifyBudget",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Name, amount, and an address to write to."""
        found = []
        name, amount, email = (properties.get(key) for key in ("name", "monthly_usd", "email"))
        if isinstance(name, str) and not re.fullmatch(r"(?![^:\\]*/action/)[^:\\]{1,100}", name):
            found.append(f"name: {name!r} must be 1 to 100 characters without : and \\")
        if isinstance(amount, (int, float)) and amount <= 0:
            found.append(f"monthly_usd: a budget must be above 0, not {amount}")
        if isinstance(email, str) and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
            found.append(f"email: {email} is not an e-mail address")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """Budgets that only notify are free."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One read for each, and one for each of its two notifications."""
        names = addresses_by_name(wanted)
        for address, arn in context.index.arns(self.name).items() if context.neighbours else ():
            names.setdefault(arn.partition("/")[2], address)
        found = []
        for name, address in names.items():
            with ignoring(*_budget.GONE):
                found.append(self._live(context, name, address, wanted.get(address, {})))
        return found

    def _live(self, context: Context, name: str, address: str, wanted: Properties) -> Live:
        budget = context.aws.read("budgets", "describe_budget", **_budget.place(context, name))["Budget"]
        arn = f"arn:{context.scope.partition}:budgets::{context.scope.account}:budget/{name}"
        tags = tags_of(context, arn, "budgets", "list_tags_for_resource", "ResourceTags", ResourceARN=arn)
        monthly = budget.get("TimeUnit") == "MONTHLY" and budget.get("BudgetType") == "COST"
        amount = float(budget.get("BudgetLimit", {}).get("Amount", 0)) if monthly else 0.0
        properties: dict[str, Any] = {"name": name, "monthly_usd": amount}
        if wanted.get("email") is not None:
            properties["email"] = _budget.told(context, name)
        return Live(address, name, properties, {"id": name, "arn": arn, "name": name}, owner_of(tags))

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """With its notifications and tags."""
        budget = {
            "BudgetName": properties["name"],
            "BudgetLimit": self._limit(properties),
            "TimeUnit": "MONTHLY",
            "BudgetType": "COST",
        }
        with ignoring("DuplicateRecordException"):
            context.aws.write(
                "budgets",
                "create_budget",
                AccountId=context.scope.account,
                Budget=budget,
                NotificationsWithSubscribers=_budget.recipients(properties.get("email") or ""),
                ResourceTags=tag_list(context.scope.tags(address)),
            )
        return str(properties["name"])

    @staticmethod
    def _limit(properties: Properties) -> dict[str, str]:
        return {"Amount": f"{float(properties['monthly_usd']):.2f}", "Unit": "USD"}

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """The definition is replaced as a whole; recipients are calls of their own."""
        if "monthly_usd" in changed:
            budget = context.aws.read("budgets", "describe_budget", **_budget.place(context, live.id))["Budget"]
            kept = {key: value for key, value in budget.items() if key not in OF_AWS}
            new = {**kept, "BudgetLimit": self._limit(properties), "TimeUnit": "MONTHLY", "BudgetType": "COST"}
            context.aws.write("budgets", "update_budget", AccountId=context.scope.account, NewBudget=new)
        if "email" in changed:
            _budget.tell(context, live.id, properties["email"])

    def delete(self, context: Context, live: Live) -> None:
        """With its notifications."""
        with ignoring(*_budget.GONE):
            context.aws.write("budgets", "delete_budget", **_budget.place(context, live.id))
