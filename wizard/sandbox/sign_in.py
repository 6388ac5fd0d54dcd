"""Actions with which a load balancer signs people in through Cognito: what they need, and what AWS adds to them.

Elastic Load Balancing looks at the pool, its client and its domain when the action is made. It does not look at the
address to come back to; one that the client lacks shows only when somebody signs in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wizard.sandbox import user_pools
from wizard.sandbox.handling import Call, Refused

COGNITO = "authenticate-cognito"
_SIGNS_IN = (COGNITO, "authenticate-oidc")
_LAST = ("forward", "redirect", "fixed-response")
_ADDED = {
    "SessionCookieName": "AWSELBAuthSessionCookie",
    "Scope": "openid",
    "SessionTimeout": 604_800,
    "OnUnauthenticatedRequest": "authenticate",
}


def fits(call: Call, protocol: str, actions: Sequence[dict[str, Any]] | None) -> None:
    """Refuse actions that AWS refuses."""
    if not actions:
        return
    if len(actions) > 1 and len({action.get("Order") for action in actions} - {None}) < len(actions):
        raise Refused("InvalidLoadBalancerAction", "Each action of several must have an order of its own")
    ordered = in_order(actions)
    kinds = [action["Type"] for action in ordered]
    if kinds[-1] not in _LAST or any(kind in _LAST for kind in kinds[:-1]):
        message = f"The last action, and no other, must be one of '{','.join(_LAST)}'"
        raise Refused("InvalidLoadBalancerAction", message)
    for kind in kinds:
        if kind in _SIGNS_IN and protocol != "HTTPS":
            message = f"Actions of type '{kind}' are supported only on HTTPS listeners"
            raise Refused("InvalidLoadBalancerAction", message)
    for action in ordered:
        if action["Type"] == COGNITO:
            _cognito_fits(call, action.get("AuthenticateCognitoConfig") or {})


def _cognito_fits(call: Call, config: dict[str, Any]) -> None:
    arn, client_id, domain = (config.get(f"UserPool{name}", "") for name in ("Arn", "ClientId", "Domain"))
    pool = next((pool for pool in user_pools.pools(call.region) if pool.arn == arn), None)
    if pool is None:
        raise Refused("InvalidLoadBalancerAction", f"The user pool '{arn}' does not exist")
    client = pool.clients.get(client_id)
    if client is None:
        raise Refused("InvalidLoadBalancerAction", f"The user pool client '{client_id}' does not exist")
    if not client.get("ClientSecret"):
        raise Refused("InvalidLoadBalancerAction", "The user pool client must have a client secret")
    if not client.get("AllowedOAuthFlowsUserPoolClient") or "code" not in client.get("AllowedOAuthFlows", ()):
        raise Refused("InvalidLoadBalancerAction", "The user pool client must allow the code grant flow")
    if not any(each.name == domain and each.pool == pool.id for each in user_pools.domains(call.region)):
        raise Refused("InvalidLoadBalancerAction", f"The user pool domain '{domain}' does not exist")


def in_order(actions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Actions as they are performed."""
    return sorted(actions, key=lambda action: int(action.get("Order") or 1))


def complete(actions: Sequence[dict[str, Any]]) -> None:
    """Write into kept actions what AWS shows of them although nobody said it."""
    for action in actions:
        if action.get("Type") == COGNITO:
            config = action["AuthenticateCognitoConfig"]
            config.update(_ADDED | config)
