"""What a role may do, worked out from its policy documents as IAM does."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping
from typing import Any

from tests.systems.account import Account, Facts

NEGATIONS = {"StringNotEquals", "StringNotLike", "ArnNotLike", "ArnNotEquals"}
EXACT = {"StringEquals", "ArnEquals", "Bool", "NumericEquals", "StringEqualsIgnoreCase"}


def statements(account: Account, role: str) -> list[Facts]:
    """Every statement of a role's policies, its own and the attached ones."""
    iam = account.client("iam")
    documents = [
        iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in account.every("iam", "list_role_policies", "PolicyNames", RoleName=role)
    ]
    for attached in account.every("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=role):
        version = iam.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]["DefaultVersionId"]
        answer = iam.get_policy_version(PolicyArn=attached["PolicyArn"], VersionId=version)
        documents.append(answer["PolicyVersion"]["Document"])
    return [statement for document in documents for statement in _listed(document["Statement"])]


def may(account: Account, role: str, action: str, resource: str, **context: str) -> bool:
    """Whether a role may do this; `context` gives condition keys with `__` for `:`, as in `aws__SourceVpc`."""
    return allows(statements(account, role), action, resource, context)


def allows(policy: list[Facts], action: str, resource: str, context: Mapping[str, str]) -> bool:
    """Whether statements allow an action: one allows it and none denies it."""
    said = [statement["Effect"] for statement in speaking(policy, action, resource, context)]
    return "Allow" in said and "Deny" not in said


def speaking(policy: list[Facts], action: str, resource: str, context: Mapping[str, str]) -> list[Facts]:
    """The statements that apply to an action."""
    return [each for each in policy if _speaks_of(each, action, resource) and _holds(each, context)]


def actions(account: Account, role: str) -> set[str]:
    """The actions that a role is allowed somewhere."""
    allowed = [s for s in statements(account, role) if s["Effect"] == "Allow"]
    return {action for statement in allowed for action in _listed(statement["Action"])}


def who_may_be(account: Account, role: str) -> set[str]:
    """The services or identity providers that may take on a role."""
    document = account.client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    return {name for statement in _listed(document["Statement"]) for name in _principals(statement)}


def trust(account: Account, role: str) -> list[Facts]:
    """The statements of a role's trust policy."""
    document = account.client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    return _listed(document["Statement"])


def _principals(statement: Mapping[str, Any]) -> Iterator[str]:
    for names in statement["Principal"].values():
        yield from _listed(names)


def _speaks_of(statement: Mapping[str, Any], action: str, resource: str) -> bool:
    assert "NotAction" not in statement and "NotResource" not in statement, statement
    acts = any(fnmatch.fnmatchcase(action.lower(), each.lower()) for each in _listed(statement["Action"]))
    return acts and any(fnmatch.fnmatchcase(resource, each) for each in _listed(statement["Resource"]))


def _holds(statement: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    given = {key.replace("__", ":").lower(): value for key, value in context.items()}
    for operator, keys in statement.get("Condition", {}).items():
        for key, wanted in keys.items():
            value = given.get(key.lower())
            plain = operator.removesuffix("IfExists").split(":")[-1]
            if value is None:
                if operator.endswith("IfExists") or plain in NEGATIONS:
                    continue
                return False
            same = any(_equal(plain, value, each) for each in _listed(wanted))
            if same is (plain in NEGATIONS):
                return False
    return True


def _equal(operator: str, value: str, wanted: str) -> bool:
    return value == wanted if operator in EXACT else fnmatch.fnmatchcase(value, wanted)


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]
