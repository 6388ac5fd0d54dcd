"""A WAF web ACL: which requests a load balancer never sees."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.kinds import _web_acls
from wizard.kinds._named import addresses_by_name, ignoring, owner_of


class WebAcl(Kind):
    """Lets everything pass that no managed rule group of AWS blocks."""

    name = "web_acl"
    title = "WAF web ACL"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name"})
    settling = (
        *_web_acls.UNAVAILABLE,
        Settling("update", "WAFOptimisticLockException", "", 60),
        Settling("delete", "WAFOptimisticLockException", "", 60),
        Settling("delete", "WAFAssociatedItemException", "", 300),
    )
    iam = {
        "read": ("wafv2:ListWebACLs", "wafv2:GetWebACL", "wafv2:ListTagsForResource"),
        "create": ("wafv2:CreateWebACL", "wafv2:TagResource", "wafv2:ListWebACLs"),
        "update": ("wafv2:GetWebACL", "wafv2:UpdateWebACL"),
        "delete": ("wafv2:GetWebACL", "wafv2:DeleteWebACL"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The name, and that there is something to enforce."""
        found = []
        name, managed = properties.get("name"), properties.get("managed_rules")
        if isinstance(name, str) and not re.fullmatch(r"[\w-]{1,128}", name, re.ASCII):
            found.append(f"name: {name!r} must be 1 to 128 letters, digits, hyphens or underscores")
        if isinstance(managed, Sequence) and not isinstance(managed, str):
            if not managed:
                found.append("managed_rules: a web ACL without rules costs money and blocks nothing")
            if len(set(managed)) != len(managed):
                found.append("managed_rules: the names of rules in a web ACL must differ")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """5.00, and 1.00 for each rule; 0.60 for a million requests on top."""
        managed = properties.get("managed_rules")
        return 5.0 + (len(managed) if isinstance(managed, Sequence) else 1)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One read for each that the index knows; a list when it does not know all that are wanted."""
        addresses = addresses_by_name(wanted)
        arns: dict[str, str] = {}
        for address, arn in context.index.arns(self.name).items():
            name = _web_acls.place_of(arn)[0]
            if context.neighbours or name in addresses:
                arns[arn] = addresses.get(name, address)
        found = self._lives(context, arns)
        missing = addresses.keys() - {live.properties["name"] for live in found}
        if missing:
            listed = {
                item["ARN"]: addresses[item["Name"]] for item in _web_acls.listed(context) if item["Name"] in missing
            }
            found += self._lives(context, listed)
        return sorted(found, key=lambda live: live.address not in wanted)

    @staticmethod
    def _lives(context: Context, arns: Mapping[str, str]) -> list[Live]:
        found = []
        for arn, address in arns.items():
            shown = _web_acls.shown(context, arn)
            if shown is not None:
                acl, _ = shown
                properties = {
                    "name": acl["Name"],
                    "managed_rules": _web_acls.managed_rules(acl.get("Rules", ())),
                    "metrics": acl["VisibilityConfig"]["CloudWatchMetricsEnabled"],
                }
                attributes = {"id": arn, "arn": arn, "name": acl["Name"]}
                found.append(Live(address, arn, properties, attributes, owner_of(_web_acls.tags(context, arn))))
        return found

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """The ARN ends in an id that WAF makes, so one of that name is looked up."""
        with ignoring("WAFDuplicateItemException"):
            answer = context.aws.write(
                "wafv2",
                "create_web_acl",
                Name=properties["name"],
                Scope=_web_acls.SCOPE,
                Tags=tag_list(context.scope.tags(address)),
                **self._content(properties),
            )
            return str(answer["Summary"]["ARN"])
        return next((str(one["ARN"]) for one in _web_acls.listed(context) if one["Name"] == properties["name"]), "")

    @staticmethod
    def _content(properties: Properties, kept: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
        metrics = bool(properties.get("metrics", True))
        return {
            "DefaultAction": {"Allow": {}},
            "Rules": _web_acls.rules(properties["managed_rules"], metrics, kept),
            "VisibilityConfig": _web_acls.visibility(properties["name"], metrics),
        }

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Replaced as a whole, with a token that says which version is meant; Shield's rules stay."""
        shown = _web_acls.shown(context, live.id)
        if shown is None:
            return
        acl, token = shown
        name, id_ = _web_acls.place_of(live.id)
        content = self._content(properties, [rule for rule in acl.get("Rules", ()) if _web_acls.is_shields(rule)])
        context.aws.write(
            "wafv2", "update_web_acl", Name=name, Scope=_web_acls.SCOPE, Id=id_, LockToken=token, **content
        )

    def delete(self, context: Context, live: Live) -> None:
        """WAF refuses while a load balancer uses it."""
        shown = _web_acls.shown(context, live.id)
        if shown is not None:
            name, id_ = _web_acls.place_of(live.id)
            with ignoring(*_web_acls.GONE):
                context.aws.write(
                    "wafv2", "delete_web_acl", Name=name, Scope=_web_acls.SCOPE, Id=id_, LockToken=shown[1]
                )
