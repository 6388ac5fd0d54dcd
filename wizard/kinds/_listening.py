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


def security(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Certificate and policy as a call takes them: only HTTPS has them."""
    if properties["protocol"] != "HTTPS":
        return {}
    policy = {"SslPolicy": properties["tls_policy"]} if properties.get("tls_policy") else {}
    return {"Certificates": [{"CertificateArn": properties["certificate"]}], **policy}


def requested(action: Mapping[str, Any]) -> dict[str, Any]:
    """The action as a call takes it."""
    if "forward" in action:
        return {"Type": "forward", "TargetGroupArn": action["forward"]}
    if "redirect" in action:
        where = {"Protocol": "HTTPS", "Port": str(action["redirect"]), "StatusCode": "HTTP_301"}
        return {"Type": "redirect", "RedirectConfig": where}
    answer = {"StatusCode": str(action["fixed"]), "ContentType": "text/plain", "MessageBody": ""}
    return {"Type": "fixed-response", "FixedResponseConfig": answer}


def described(actions: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The action as a blueprint has it; what a blueprint cannot say is named by its types, and so differs."""
    target = forwarded(actions)
    if target:
        return {"forward": target}
    redirect = actions[0].get("RedirectConfig", {}) if len(actions) == 1 else {}
    if redirect.get("Protocol") == "HTTPS" and redirect.get("StatusCode") == "HTTP_301":
        return {"redirect": str(redirect.get("Port", ""))}
    if len(actions) == 1 and actions[0]["Type"] == "fixed-response":
        return {"fixed": str(actions[0]["FixedResponseConfig"]["StatusCode"])}
    return {"other": ", ".join(action["Type"] for action in actions)}
