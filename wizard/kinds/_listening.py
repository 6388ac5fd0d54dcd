"""What a listener and its rules do with a request, in the words of a blueprint and in those of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def forwarded(actions: Sequence[Mapping[str, Any]]) -> str:
    """The one target group that actions forward to; empty when they do anything else."""
    if len(actions) != 1 or actions[0].get("Type") != "forward":
        return ""
    groups = [one["TargetGroupArn"] for one in actions[0].get("ForwardConfig", {}).get("TargetGroups", ())]
    if len(groups) > 1:
        return ""
    return str(actions[0].get("TargetGroupArn") or (groups[0] if groups else ""))


def shares(actions: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The weight of each target group when all that actions do is forward to several; empty otherwise."""
    if len(actions) != 1 or actions[0].get("Type") != "forward":
        return {}
    groups = actions[0].get("ForwardConfig", {}).get("TargetGroups", ())
    return {one["TargetGroupArn"]: int(one.get("Weight", 1)) for one in groups} if len(groups) > 1 else {}


def beside(before: Any, desired: Any) -> Any:
    """A target group that gets all requests, beside the one that is to follow: ECS wants it behind a listener first.

    As weights by target group; what is desired where the old value is no single target group.
    """
    if not isinstance(desired, str) or before == desired:
        return desired
    if isinstance(before, Mapping):
        # A run stopped in between: as long as it is the same change, all stays as it is.
        return before if before.get(desired) == 0 and any(before.values()) else desired
    return {before: 1, desired: 0} if isinstance(before, str) and before else desired


def forwarding(forward: str | Mapping[str, int]) -> dict[str, Any]:
    """A forward action to one target group, or to several by weight."""
    if not isinstance(forward, Mapping):
        return {"Type": "forward", "TargetGroupArn": forward}
    groups = [{"TargetGroupArn": group, "Weight": weight} for group, weight in forward.items()]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}


def security(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Certificate and policy as a call takes them: only HTTPS has them."""
    if properties["protocol"] != "HTTPS":
        return {}
    policy = {"SslPolicy": properties["tls_policy"]} if properties.get("tls_policy") else {}
    return {"Certificates": [{"CertificateArn": properties["certificate"]}], **policy}


def requested(action: Mapping[str, Any]) -> dict[str, Any]:
    """The action as a call takes it."""
    if "forward" in action:
        return forwarding(action["forward"])
    if "redirect" in action:
        where = {"Protocol": "HTTPS", "Port": str(action["redirect"]), "StatusCode": "HTTP_301"}
        return {"Type": "redirect", "RedirectConfig": where}
    answer = {"StatusCode": str(action["fixed"]), "ContentType": "text/plain", "MessageBody": action.get("text", "")}
    return {"Type": "fixed-response", "FixedResponseConfig": answer}


def described(actions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The action as a blueprint has it; what a blueprint cannot say is named by its types, and so differs."""
    target = forwarded(actions) or shares(actions)
    if target:
        return {"forward": target}
    redirect = actions[0].get("RedirectConfig", {}) if len(actions) == 1 else {}
    if redirect.get("Protocol") == "HTTPS" and redirect.get("StatusCode") == "HTTP_301":
        return {"redirect": str(redirect.get("Port", ""))}
    if len(actions) == 1 and actions[0]["Type"] == "fixed-response":
        answer = actions[0]["FixedResponseConfig"]
        said = {"text": str(answer["MessageBody"])} if answer.get("MessageBody") else {}
        return {"fixed": str(answer["StatusCode"]), **said}
    return {"other": ", ".join(action["Type"] for action in actions)}
