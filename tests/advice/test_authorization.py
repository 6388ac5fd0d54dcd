"""Every permission that Pilotage writes exists in AWS's own reference, on a resource that AWS looks at for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from tests.advice.authorization import expanded, missing_types, overlap, types_of
from tests.advice.papers import ENVIRONMENTS, in_existing_vpc, starter, written
from tests.options.mixtures import mixtures
from wizard.advice.arns import arns_of, names_no_resource
from wizard.advice.grants import Grant, Why
from wizard.advice.paper import Paper
from wizard.advice.permissions import OWN_ACTIONS, SECRET_VALUES, Role, grants
from wizard.advice.policy import policy_for
from wizard.engine.values import Ref, resolve
from wizard.kinds.registry import all_kinds

MIXTURES = mixtures()
PAPERS = [f"{name} {env or ''}".strip() for name, env in ENVIRONMENTS]
PAPERS += [*(f"mixture {number}" for number in range(len(MIXTURES))), "existing network"]
LIMITED_BY_CONDITION = {
    "ecs:ListTasks": "the condition names the clusters; AWS's only type, a container instance, is none of ours"
}
OF_ITSELF = frozenset({"kms_key", "topic"})
"""Kinds whose own policy stands on the resource, where `*` is that resource."""
on_every_paper = pytest.mark.parametrize("name", PAPERS)


@cache
def paper(name: str) -> Paper:
    """A starter, a mixture of choices, or a network that is there already."""
    first, _, rest = name.partition(" ")
    if first == "existing":
        return in_existing_vpc()
    return written(MIXTURES[int(rest)]) if first == "mixture" else starter(first, rest or None)


@cache
def permissions(name: str, role: Role) -> tuple[Grant, ...]:
    return tuple(grants(paper(name), role))


def every(name: str) -> Iterator[Grant]:
    for role in Role:
        yield from permissions(name, role)


@pytest.mark.parametrize("kind", all_kinds().values(), ids=lambda kind: kind.name)
def test_every_action_that_a_kind_declares_exists(kind: Any) -> None:
    declared = {action for actions in kind.iam.values() for action in actions}
    assert {action for action in declared if types_of(action) is None} == set()


def test_every_action_of_pilotage_itself_exists() -> None:
    assert {action for action in OWN_ACTIONS if types_of(action) is None} == set()


def test_an_action_that_does_not_exist_would_be_found() -> None:
    assert types_of("ecs:RestartService") is None
    assert types_of("nothing:Here") is None
    assert expanded("kms:GenerateDataKey*") != ()


@on_every_paper
def test_each_resource_is_of_a_type_that_aws_looks_at_for_the_call(name: str) -> None:
    for grant in every(name):
        types = types_of(grant.action) or ()
        for resource in grant.resources:
            if resource != "*":
                assert any(overlap(resource, each.arn) for each in types), f"{grant.action} on {resource}"


@on_every_paper
def test_everything_stays_open_only_where_aws_knows_nothing_narrower(name: str) -> None:
    for grant in every(name):
        if "*" in grant.resources:
            assert not types_of(grant.action) or grant.action in LIMITED_BY_CONDITION, grant
            assert grant.why is not None
            if grant.action in LIMITED_BY_CONDITION:
                assert grant.condition


@on_every_paper
@pytest.mark.parametrize("role", Role)
def test_a_call_is_allowed_on_all_that_aws_checks_it_against(name: str, role: Role) -> None:
    by_action: dict[str, set[str]] = {}
    for grant in permissions(name, role):
        by_action.setdefault(grant.action, set()).update(grant.resources)
    lacking = {
        action: missing
        for action, arns in by_action.items()
        if "*" not in arns and (missing := list(missing_types(action, sorted(arns))))
    }
    assert lacking == {}


def test_what_we_say_of_calls_without_resource_is_what_aws_says() -> None:
    declared = {action for kind in all_kinds().values() for actions in kind.iam.values() for action in actions}
    wrong = {action for action in declared | OWN_ACTIONS if names_no_resource(action) and types_of(action)}
    assert wrong == set()


@on_every_paper
def test_no_call_is_without_a_known_resource(name: str) -> None:
    assert [grant for grant in every(name) if grant.why is Why.UNKNOWN] == []


@on_every_paper
@pytest.mark.parametrize("role", [Role.CI, Role.ONCALL])
def test_ci_and_oncall_read_no_secret(name: str, role: Role) -> None:
    actions = {action for each in policy_for(paper(name), role).statements for action in each.actions}
    shown = {"secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "ssm:GetParameter*", "kms:Decrypt"}
    assert not actions & (SECRET_VALUES | {each for pattern in shown for each in expanded(pattern)})


def documents(found: Paper) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every statement of every policy in a graph, with the kind that it stands on."""

    def look(ref: Ref) -> Any:
        resource = found.graph.resources[ref.address]
        if ref.attribute == "arn":
            return arns_of(found, [resource])[-1]
        if ref.attribute == "secret_arn":
            return found.scope.arn("secretsmanager", "secret:rds!db-*")
        return resource.properties.get("name", "*")

    for resource in found.graph.resources.values():
        for key in ("policy", "trust", "statements"):
            policy = resolve(resource.properties.get(key) or (), look, lambda _: None)
            statements = policy["Statement"] if isinstance(policy, Mapping) else policy
            yield from ((resource.kind, statement) for statement in statements)


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


@on_every_paper
def test_every_action_in_a_policy_of_the_deployment_exists(name: str) -> None:
    for _, statement in documents(paper(name)):
        assert all(expanded(action) for action in listed(statement["Action"])), statement


@on_every_paper
def test_each_resource_in_a_policy_of_the_deployment_suits_its_actions(name: str) -> None:
    for kind, statement in documents(paper(name)):
        actions = {action for pattern in listed(statement["Action"]) for action in expanded(pattern)}
        for resource in listed(statement.get("Resource")):
            if resource == "*" and kind in OF_ITSELF:
                continue
            if resource == "*":
                assert not any(types_of(action) for action in actions), statement
                assert statement["Sid"].endswith("NoResource"), "the reason stands where a reader of the policy sees it"
            elif not any(action.endswith(":*") for action in listed(statement["Action"])):
                for action in actions:
                    assert any(overlap(resource, each.arn) for each in types_of(action) or ()), (action, resource)
