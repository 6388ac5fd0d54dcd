"""WAF: one web ACL for a load balancer, which must exist, and none is deleted while it is used."""

from __future__ import annotations

from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused, before, handles


@handles("wafv2", "AssociateWebACL")
def associate_web_acl(call: Call) -> dict[str, Any]:
    """The ACL that stood there before is replaced."""
    resource = call.params["ResourceArn"]
    if not _exists(call, resource):
        raise Refused(
            "WAFUnavailableEntityException",
            "AWS WAF couldn't retrieve the resource that you requested. Retry your request.",
        )
    store = moto_state.wafv2(call.region)
    if call.params["WebACLArn"] in store.wacls:
        for acl in store.wacls.values():
            acl.associated_resources = [one for one in acl.associated_resources if one != resource]
    return call.moto()


@before("wafv2", "GetWebACLForResource", "DisassociateWebACL")
def _resource_exists(call: Call) -> None:
    if not _exists(call, call.params["ResourceArn"]):
        raise Refused(
            "WAFNonexistentItemException",
            "AWS WAF couldn't perform the operation because your resource doesn't exist.",
        )


@handles("wafv2", "ListResourcesForWebACL")
def list_resources_for_web_acl(call: Call) -> dict[str, Any]:
    """Load balancers that use it."""
    acl = moto_state.wafv2(call.region).wacls.get(call.params["WebACLArn"])
    if acl is None:
        raise Refused(
            "WAFNonexistentItemException",
            "AWS WAF couldn't perform the operation because your resource doesn't exist.",
        )
    kind = call.params.get("ResourceType", "APPLICATION_LOAD_BALANCER")
    return {"ResourceArns": _users(call, acl) if kind == "APPLICATION_LOAD_BALANCER" else []}


@before("wafv2", "DeleteWebACL")
def _is_not_used(call: Call) -> None:
    for acl in moto_state.wafv2(call.region).wacls.values():
        if acl.id == call.params["Id"] and _users(call, acl):
            raise Refused(
                "WAFAssociatedItemException",
                "AWS WAF couldn't perform the operation because your resource is being used by another resource or "
                "it's associated with another resource.",
            )


def _users(call: Call, acl: Any) -> list[str]:
    return [arn for arn in acl.associated_resources if _exists(call, arn)]


def _exists(call: Call, resource: str) -> bool:
    """Whether a load balancer exists; resources of other services are moto's matter."""
    return ":loadbalancer/" not in resource or resource in moto_state.elbv2(call.region).load_balancers


@before("wafv2", "CreateWebACL")
def _name_is_free(call: Call) -> None:
    names = {acl.name for acl in moto_state.wafv2(call.region).wacls.values()}
    if call.params["Scope"] == "REGIONAL" and call.params["Name"] in names:
        raise Refused(
            "WAFDuplicateItemException",
            "AWS WAF couldn't perform the operation because some resource in your request is a duplicate of an "
            "existing one.",
        )
