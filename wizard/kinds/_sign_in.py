"""Signing people in before a listener or a rule does what it does: in the words of a blueprint and in those of the API.

A blueprint says `{pool, client, domain, seconds}`; empty is nobody asked. Elastic Load Balancing fetches the client's
secret by itself, in the name of whoever makes the listener.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

TYPE = "authenticate-cognito"
ACTIONS = ("cognito-idp:DescribeUserPoolClient",)
"""What the caller of CreateListener and CreateRule must be allowed besides."""
LONGEST = 604_800
"""AWS: seconds of a session, seven days."""
_SCOPE = "openid"
_OTHERWISE = "authenticate"
"""People who are not signed in are sent to the sign-in page."""


def before(sign_in: Mapping[str, Any] | None, action: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The actions of a call: the sign-in, where there is one, and then the action. Two actions must say their order."""
    if not sign_in:
        return [dict(action)]
    config = {
        "UserPoolArn": sign_in["pool"],
        "UserPoolClientId": sign_in["client"],
        "UserPoolDomain": sign_in["domain"],
        "Scope": _SCOPE,
        "SessionTimeout": sign_in["seconds"],
        "OnUnauthenticatedRequest": _OTHERWISE,
    }
    return [{"Type": TYPE, "Order": 1, "AuthenticateCognitoConfig": config}, {**action, "Order": 2}]


def split(actions: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], list[Mapping[str, Any]]]:
    """The sign-in that comes first, and all other actions in their order."""
    ordered = sorted(actions, key=lambda action: int(action.get("Order", 1)))
    if not ordered or ordered[0].get("Type") != TYPE:
        return {}, ordered
    config = ordered[0].get("AuthenticateCognitoConfig", {})
    found = {
        "pool": config.get("UserPoolArn", ""),
        "client": config.get("UserPoolClientId", ""),
        "domain": config.get("UserPoolDomain", ""),
        "seconds": int(config.get("SessionTimeout", LONGEST)),
    }
    # What a blueprint cannot say is shown, and so differs.
    unlike = {"scope": (config.get("Scope", _SCOPE), _SCOPE)}
    unlike["otherwise"] = (config.get("OnUnauthenticatedRequest", _OTHERWISE), _OTHERWISE)
    return found | {key: value for key, (value, usual) in unlike.items() if value != usual}, ordered[1:]


def problems(sign_in: Any) -> list[str]:
    """AWS: how long a session may last."""
    seconds = sign_in.get("seconds") if isinstance(sign_in, Mapping) else None
    if isinstance(seconds, int) and not 1 <= seconds <= LONGEST:
        return [f"sign_in: a session lasts 1 to {LONGEST} seconds, not {seconds}"]
    return []
