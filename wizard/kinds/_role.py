"""Roles as IAM shows them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, Properties
from wizard.kinds._named import ignoring
from wizard.kinds._policy import document

INLINE = "pilotage"
"""The name of the one inline policy."""
GONE = "NoSuchEntity"
LONGEST = {"policy": 10240, "trust": 2048}
"""AWS: characters of all inline policies of a role together, and of its trust policy."""
_REGION = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:([a-z]{2}(?:-[a-z]+)+-\d):")


def properties_of(context: Context, role: Mapping[str, Any], wanted: Properties) -> Properties:
    """What the role is, with only those policies that are declared: each is a call of its own."""
    name = role["RoleName"]
    properties: dict[str, Any] = {
        "name": name,
        "path": role["Path"],
        "description": role.get("Description", ""),
        "trust": document(role["AssumeRolePolicyDocument"]),
    }
    if wanted.get("policy") is not None:
        with ignoring(GONE):
            answer = context.aws.read("iam", "get_role_policy", RoleName=name, PolicyName=INLINE)
            properties["policy"] = document(answer["PolicyDocument"])
    if wanted.get("managed_policies") is not None:
        properties["managed_policies"] = attached_policies(context, name)
    return properties


def attached_policies(context: Context, name: str) -> list[str]:
    """ARNs of the managed policies."""
    found = context.aws.pages("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=name)
    return sorted(policy["PolicyArn"] for policy in found)


def regions_in(properties: Properties) -> set[str]:
    """The Regions that the documents of a role name."""
    return {
        region
        for name in LONGEST
        for region in _REGION.findall(json.dumps(properties.get(name) or {}, default=lambda _: ""))
    }


def owner_by_path(path: str) -> str:
    """The deployment that a path of ours holds."""
    found = re.fullmatch(r"/pilotage/([^/]+/[^/]+)/", path)
    return found[1] if found else ""
