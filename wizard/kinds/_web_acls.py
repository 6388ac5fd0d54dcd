"""Web ACLs of a Region: how WAF lists and shows them, and what their rules say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wizard.aws.ownership import tag_map
from wizard.engine.kind import Context, Settling
from wizard.errors import AwsError
from wizard.kinds._named import Tags

SCOPE = "REGIONAL"
GONE = ("WAFNonexistentItemException",)
SHIELD = "ShieldMitigationRuleGroup_"
"""Rules that Shield Advanced adds by itself begin so; they are never ours to touch."""
UNAVAILABLE = tuple(Settling(verb, "WAFUnavailableEntityException", "", 300) for verb in ("create", "update", "delete"))
"""WAF needs a while to know a new ACL or a new load balancer everywhere."""


def listed(context: Context) -> Iterator[Mapping[str, Any]]:
    """Every web ACL of the Region; botocore has no paginator for it."""
    more: dict[str, Any] = {}
    while True:
        answer = context.aws.read("wafv2", "list_web_acls", Scope=SCOPE, Limit=100, **more)
        yield from answer.get("WebACLs", ())
        if not answer.get("NextMarker") or not answer.get("WebACLs"):
            return
        more = {"NextMarker": answer["NextMarker"]}


def place_of(arn: str) -> tuple[str, str]:
    """Name and id, which are the end of the ARN."""
    *_, name, id_ = arn.split("/")
    return name, id_


def shown(context: Context, arn: str) -> tuple[Mapping[str, Any], str] | None:
    """The ACL and the token that a change of it needs; None when it is gone."""
    name, id_ = place_of(arn)
    try:
        answer = context.aws.read("wafv2", "get_web_acl", Name=name, Scope=SCOPE, Id=id_)
    except AwsError as error:
        if error.code not in GONE:
            raise
        return None
    return answer["WebACL"], answer["LockToken"]


def tags(context: Context, arn: str) -> Tags:
    """Tags from the index, or from WAF when the index does not list it (yet)."""
    indexed = context.index.tags(arn)
    if indexed is not None:
        return indexed
    answer = context.aws.read("wafv2", "list_tags_for_resource", ResourceARN=arn)
    return tag_map(answer.get("TagInfoForResource", {}).get("TagList"))


def visibility(name: str, metrics: bool) -> dict[str, Any]:
    """Metrics and samples of an ACL or a rule; WAF wants it said for each."""
    return {"SampledRequestsEnabled": metrics, "CloudWatchMetricsEnabled": metrics, "MetricName": name}


def rules(managed: Sequence[str], metrics: bool, kept: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """A rule for each managed rule group in this order, then Shield's own as they are."""
    ours = [
        {
            "Name": name,
            "Priority": number,
            "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": name}},
            "OverrideAction": {"None": {}},
            "VisibilityConfig": visibility(name, metrics),
        }
        for number, name in enumerate(managed)
    ]
    return ours + [dict(rule) for rule in kept]


def is_shields(rule: Mapping[str, Any]) -> bool:
    """Whether Shield Advanced added this rule."""
    return str(rule["Name"]).startswith(SHIELD)


def managed_rules(described: Sequence[Mapping[str, Any]]) -> list[str]:
    """The managed rule groups in their order; any rule that we would not write is named so that it differs."""
    found = []
    for rule in sorted(described, key=lambda one: int(one["Priority"])):
        if is_shields(rule):
            continue
        group = rule.get("Statement", {}).get("ManagedRuleGroupStatement", {})
        plain = group.keys() <= {"VendorName", "Name"} and group.get("VendorName") == "AWS"
        enforced = "None" in rule.get("OverrideAction", {})
        found.append(group["Name"] if plain and enforced else f"{rule['Name']} (changed)")
    return found
