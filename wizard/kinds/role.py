"""An IAM role: who may assume it, and what it may do."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list, tag_map
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.kinds._named import address_of, addresses_by_name, ignoring, owner_of, together
from wizard.kinds._policy import both, same_policy, size
from wizard.kinds._role import GONE, INLINE, LONGEST, attached_policies, owner_by_path, properties_of, regions_in


class Role(Kind):
    """IAM lists roles by path but not by tag, so the path holds the deployment and says whose a role is."""

    name = "role"
    title = "IAM role"
    identity = Identity.NAMED
    found_by = frozenset({"name", "path"})
    immutable = frozenset({"name", "path"})
    handed_over = frozenset({"trust", "policy", "managed_policies"})
    settling = (
        Settling("create", "MalformedPolicyDocument", "Invalid principal in policy", 120),
        Settling("update", "MalformedPolicyDocument", "Invalid principal in policy", 120),
        Settling("update", "ConcurrentModification", "", 120),
        Settling("delete", "DeleteConflict", "", 120),
    )
    iam = {
        "read": ("iam:ListRoles", "iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies"),
        "create": ("iam:CreateRole", "iam:TagRole"),
        "update": (
            "iam:PutRolePolicy",
            "iam:DeleteRolePolicy",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
            "iam:ListAttachedRolePolicies",
            "iam:AttachRolePolicy",
            "iam:DetachRolePolicy",
        ),
        "delete": (
            "iam:ListAttachedRolePolicies",
            "iam:DetachRolePolicy",
            "iam:ListRolePolicies",
            "iam:DeleteRolePolicy",
            "iam:DeleteRole",
        ),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Name, path, and the sizes of the two documents."""
        found = []
        name, path = properties.get("name"), properties.get("path")
        if isinstance(name, str) and not re.fullmatch(r"[\w+=,.@-]{1,64}", name):
            found.append(f"the role name {name!r} must be 1-64 letters, digits or +=,.@_- ({len(name)} now)")
        if isinstance(path, str) and not re.fullmatch(r"/(?:[!-~]{1,510}/)?", path):
            found.append(f"the role path {path!r} must begin and end with / and have at most 512 characters")
        if size(properties.get("policy") or {}) > LONGEST["policy"]:
            found.append("the inline policies of a role may have 10,240 characters together")
        if size(properties.get("trust") or {}) > LONGEST["trust"]:
            found.append("the trust policy of a role may have 2,048 characters")
        return found

    def create_seconds(self, properties: Properties) -> float:
        """Made at once, but usable by other services only 5-15 seconds later (reliability.md §1b)."""
        return 10

    def monthly_usd(self, properties: Properties) -> float | None:
        """IAM is free."""
        return 0.0

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Policies are compared by meaning, attached ones without order."""
        if name in ("trust", "policy"):
            return same_policy(desired, actual)
        if name == "managed_policies":
            return sorted(desired) == sorted(actual or ())
        return bool(desired == actual)

    def meanwhile(self, name: str, before: Any, desired: Any) -> Any:
        """What the old version of a service may do, it may until the new one runs; who takes the role over joins."""
        if name == "managed_policies":
            return sorted({*before, *desired})
        return both(before, desired, LONGEST[name])

    def refusal(self, live: Live, properties: Properties) -> str:
        """IAM knows no Regions: a role of this name may be what the same deployment stands on in another one."""
        there, here = regions_in(live.properties), regions_in(properties)
        if not there or not here or there & here:
            return ""
        return f"the role serves {live.owner} in {', '.join(sorted(there))}, which would lose it: IAM has no Regions"

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One ListRoles by the deployment's path; a call more for each declared policy and each role elsewhere."""
        addresses = addresses_by_name(wanted)
        ours = f"/pilotage/{context.scope.deployment}/"
        paths = {ours} | {p["path"] for p in wanted.values() if isinstance(p.get("path"), str)}
        listed: dict[str, Mapping[str, Any]] = {}
        for path in sorted(paths) if context.neighbours else ():
            listed |= {
                role["RoleName"]: role for role in context.aws.pages("iam", "list_roles", "Roles", PathPrefix=path)
            }
        unseen = sorted(addresses.keys() - listed.keys())
        listed |= {role["RoleName"]: role for role in together(lambda name: self._role(context, name), unseen)}
        found = []
        for name in sorted(listed, key=lambda name: name not in addresses):
            role, address = listed[name], addresses.get(name, "")
            if not address and role["Path"] == ours:
                role = self._role(context, name) or role
                address = address_of(tag_map(role.get("Tags")), self.name)
            if address:
                owner = owner_by_path(role["Path"]) or owner_of(tag_map(role.get("Tags")))
                properties = properties_of(context, role, wanted.get(address, {}))
                attributes = {"id": name, "arn": role["Arn"], "name": name}
                found.append(Live(address, name, properties, attributes, owner))
        return found

    @staticmethod
    def _role(context: Context, name: str) -> Mapping[str, Any] | None:
        with ignoring(GONE):
            role: Mapping[str, Any] = context.aws.read("iam", "get_role", RoleName=name)["Role"]
            return role
        return None

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """The role with its trust policy; what it may do is set by `update`."""
        with ignoring("EntityAlreadyExists"):
            context.aws.write(
                "iam",
                "create_role",
                RoleName=properties["name"],
                Path=properties["path"],
                AssumeRolePolicyDocument=json.dumps(properties["trust"]),
                Description=properties.get("description") or "",
                Tags=tag_list(context.scope.tags(address)),
            )
        return str(properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Each property is a call of its own."""
        aws, name = context.aws, live.id
        if "trust" in changed:
            trust = json.dumps(properties["trust"])
            aws.write("iam", "update_assume_role_policy", RoleName=name, PolicyDocument=trust)
        if "description" in changed:
            aws.write("iam", "update_role", RoleName=name, Description=properties["description"])
        if "policy" in changed and properties["policy"]:
            policy = json.dumps(properties["policy"])
            aws.write("iam", "put_role_policy", RoleName=name, PolicyName=INLINE, PolicyDocument=policy)
        elif "policy" in changed:
            with ignoring(GONE):
                aws.write("iam", "delete_role_policy", RoleName=name, PolicyName=INLINE)
        if "managed_policies" in changed:
            attached, desired = set(attached_policies(context, name)), set(properties["managed_policies"])
            for arn in sorted(desired - attached):
                aws.write("iam", "attach_role_policy", RoleName=name, PolicyArn=arn)
            for arn in sorted(attached - desired):
                aws.write("iam", "detach_role_policy", RoleName=name, PolicyArn=arn)

    def delete(self, context: Context, live: Live) -> None:
        """IAM deletes only an empty role."""
        aws, name = context.aws, live.id
        with ignoring(GONE):
            for arn in attached_policies(context, name):
                aws.write("iam", "detach_role_policy", RoleName=name, PolicyArn=arn)
            for policy in list(aws.pages("iam", "list_role_policies", "PolicyNames", RoleName=name)):
                aws.write("iam", "delete_role_policy", RoleName=name, PolicyName=policy)
            aws.write("iam", "delete_role", RoleName=name)
