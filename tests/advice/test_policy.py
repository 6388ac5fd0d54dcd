"""A policy allows what its role's work calls, and no more than this deployment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from tests.advice.papers import BLUEPRINTS, ENVIRONMENTS, STARTERS, in_existing_vpc, starter
from tests.kinds.driver import action_of
from wizard.advice.arns import names_no_resource
from wizard.advice.grants import Grant, Statement, Why, statements
from wizard.advice.paper import Paper
from wizard.advice.permissions import OWN_ACTIONS, Role, grants
from wizard.advice.policy import LIMIT, MOST_DOCUMENTS, Policy, length, policy_for
from wizard.aws import sandbox
from wizard.aws.calls import CallRecord
from wizard.kinds.registry import all_kinds

every = pytest.mark.parametrize("role", Role)
both = pytest.mark.parametrize(("name", "env"), STARTERS)
OURS = "123456789012"
ABOUT_ANOTHER_KIND = {"cognito-idp:DescribeUserPoolClient": "user_pool_client"}
"""Calls that a kind makes only where there is another one: a listener asks for a client if it signs people in."""


def actions(policy: Policy) -> set[str]:
    return {action for each in policy.statements for action in each.actions}


def having(policy: Policy, action: str) -> list[Statement]:
    return [each for each in policy.statements if action in each.actions]


def declared() -> set[str]:
    return {action for kind in all_kinds().values() for verb in kind.iam.values() for action in verb}


@every
@both
def test_every_action_is_declared_by_a_kind_or_is_a_call_of_pilotage_itself(
    name: str, env: str | None, role: Role
) -> None:
    assert actions(policy_for(starter(name, env), role)) <= declared() | OWN_ACTIONS


@both
def test_setup_allows_every_action_that_the_kinds_of_the_deployment_declare(name: str, env: str | None) -> None:
    paper = starter(name, env)
    there = {each.kind for each in paper.graph.resources.values()}
    wanted = {action for kind in there for verb in all_kinds()[kind].iam.values() for action in verb}
    wanted -= {action for action, other in ABOUT_ANOTHER_KIND.items() if other not in there}
    assert wanted <= actions(policy_for(paper, Role.SETUP))


@every
@both
def test_each_document_is_within_what_iam_takes_and_none_is_lost(name: str, env: str | None, role: Role) -> None:
    paper = starter(name, env)
    policy = policy_for(paper, role)
    assert all(length(document) <= LIMIT for document in policy.documents)
    assert len(policy.documents) <= MOST_DOCUMENTS
    joined = statements(grants(paper, role))
    assert {(each.actions, each.resources) for each in joined} == {
        (each.actions, each.resources) for each in policy.statements
    }


@every
@both
def test_every_resource_that_stays_open_has_its_reason_in_the_sid_and_in_words(
    name: str, env: str | None, role: Role
) -> None:
    policy = policy_for(starter(name, env), role)
    explained = {sid: words for sid, _, words in policy.reasons()}
    sids = [each.sid for each in policy.statements]
    assert len(set(sids)) == len(sids)
    for each in policy.statements:
        assert re.fullmatch("[A-Za-z0-9]+", each.sid), "IAM: a Sid has letters and digits only"
        if any("*" in resource or "?" in resource for resource in each.resources):
            assert each.why is not None, each
            assert each.sid.startswith(each.why.word)
            assert explained[each.sid] == each.why.sentence
        else:
            assert each.why not in (Why.NO_RESOURCE, Why.UNKNOWN)


@every
@both
def test_all_resources_are_allowed_only_where_aws_knows_none_or_a_condition_limits_it(
    name: str, env: str | None, role: Role
) -> None:
    for each in policy_for(starter(name, env), role).statements:
        if each.resources == ("*",) and not each.condition:
            assert all(names_no_resource(action) for action in each.actions), each
        elif "*" in each.resources:
            assert each.condition


@every
@both
def test_every_arn_is_in_this_account_and_carries_this_deployments_names_or_its_tag(
    name: str, env: str | None, role: Role
) -> None:
    paper = starter(name, env)
    for each in policy_for(paper, role).statements:
        for resource in each.resources:
            assert (
                resource == "*"
                or f":{OURS}:" in resource
                or resource.startswith(("arn:aws:s3:::", "arn:aws:route53:::"))
            )
            named = name in resource or OURS in resource.split(":::")[-1]
            by_why = each.why not in (None, Why.SUFFIX)
            assert named or by_why, f"{each.sid}: {resource}"


def test_what_changes_or_deletes_in_ec2_is_limited_by_our_tag() -> None:
    policy = policy_for(starter("fasttriage", "dev"), Role.SETUP)
    for action in ("ec2:DeleteVpc", "ec2:ModifySubnetAttribute", "ec2:ReleaseAddress", "ec2:DeleteRoute"):
        (only,) = having(policy, action)
        assert only.condition == {"StringEquals": {"aws:ResourceTag/pilotage:deployment": "fasttriage/dev"}}


def test_nothing_foreign_can_be_made_ours_by_tagging_it_but_a_rule_in_a_group_of_ours() -> None:
    for each in having(policy_for(starter("fasttriage", "dev"), Role.SETUP), "ec2:CreateTags"):
        limits = json.dumps(each.condition)
        assert "ec2:CreateAction" in limits or "aws:ResourceTag" in limits or each.why is Why.ADOPTED
        if each.why is Why.ADOPTED:
            assert [resource.split(":")[-1] for resource in each.resources] == ["security-group-rule/*"]


def test_a_new_resource_must_carry_our_tag_and_stand_in_a_network_of_ours() -> None:
    found = having(policy_for(starter("carepolicy-hub"), Role.SETUP), "ec2:CreateSubnet")
    by_condition = {next(iter(each.condition["StringEquals"])): each.resources for each in found}
    assert [arn.split(":")[-1] for arn in by_condition["aws:RequestTag/pilotage:deployment"]] == ["subnet/*"]
    assert any(arn.endswith("vpc/*") for arn in by_condition["aws:ResourceTag/pilotage:deployment"])


def test_a_network_that_is_there_already_is_named_by_its_id() -> None:
    paper = in_existing_vpc()
    found = having(policy_for(paper, Role.SETUP), "ec2:CreateSecurityGroup")
    exact = [each.resources for each in found if not each.condition]
    assert exact == [("arn:aws:ec2:eu-central-1:210987654321:vpc/vpc-0a1b2c3d4e5f60718",)]


def test_records_of_other_names_cannot_be_changed() -> None:
    (only,) = having(policy_for(starter("fasttriage", "dev"), Role.SETUP), "route53:ChangeResourceRecordSets")
    (names,) = only.condition["ForAllValues:StringLike"].values()
    ours = ("fasttriage-dev.example.com", "_0a1b.fasttriage-dev.example.com", "_pilotage-a.fasttriage-dev.example.com")
    assert all(any(fnmatchcase(name, pattern) for pattern in names) for name in ours)
    others = ("example.com", "www.example.com", "api.fasttriage-dev.example.com", "_0a1b.www.example.com")
    assert not any(fnmatchcase(name, pattern) for name in others for pattern in names)


@every
def test_roles_are_passed_to_the_services_that_they_trust_alone(role: Role) -> None:
    (only,) = having(policy_for(starter("carepolicy-hub"), role), "iam:PassRole")
    assert only.condition == {"StringEquals": {"iam:PassedToService": ["ecs-tasks.amazonaws.com"]}}
    assert all(":role/pilotage/carepolicy-hub/main/" in arn for arn in only.resources)


@pytest.mark.parametrize("role", [Role.CI, Role.ONCALL])
def test_ci_and_oncall_can_neither_delete_nor_read_a_secret_nor_change_rights(role: Role) -> None:
    policy = policy_for(starter("fasttriage", "dev"), role)
    forbidden = ("*:Delete*", "*:Create*", "iam:Put*", "iam:Attach*", "secretsmanager:GetSecretValue", "ec2:[!D]*")
    found = {action for action in actions(policy) for pattern in forbidden if fnmatchcase(action, pattern)}
    assert found == {"s3:DeleteObject"}
    (lock,) = having(policy, "s3:DeleteObject")
    assert lock.resources == (f"arn:aws:s3:::pilotage-{OURS}-us-east-1-an/deployments/fasttriage/dev/*",)


def test_ci_moves_images_and_revisions_and_oncall_stops_rollouts_and_tags_holds() -> None:
    paper = starter("fasttriage", "dev")
    ci, oncall = actions(policy_for(paper, Role.CI)), actions(policy_for(paper, Role.ONCALL))
    assert ci >= {"ecr:PutImage", "ecr:GetAuthorizationToken", "ecs:RegisterTaskDefinition", "ecs:UpdateService"}
    assert not oncall & {"ecr:PutImage", "ecs:RegisterTaskDefinition"}
    assert oncall >= {"ecs:UpdateService", "ecs:StopServiceDeployment", "ecs:TagResource", "ecs:UntagResource"}


@pytest.mark.parametrize(("name", "env"), ENVIRONMENTS)
def test_every_starter_has_policies_that_one_role_can_carry(name: str, env: str | None) -> None:
    paper = starter(name, env)
    for role in Role:
        policy = policy_for(paper, role)
        assert all(length(document) <= LIMIT for document in policy.documents)
        assert len(policy.documents) <= MOST_DOCUMENTS
        assert all(each.why or not any("*" in arn for arn in each.resources) for each in policy.statements)


def test_a_key_is_used_through_the_service_that_encrypts_with_it_alone() -> None:
    found = having(policy_for(starter("augmed"), Role.SETUP), "kms:Decrypt")
    assert found
    through = {service for each in found for service in each.condition["StringEquals"]["kms:ViaService"]}
    assert through == {f"{name}.us-east-1.amazonaws.com" for name in ("rds", "secretsmanager", "ssm")}


def test_a_statement_too_long_for_one_document_is_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = starter("carepolicy-hub")
    monkeypatch.setattr("wizard.advice.policy.LIMIT", 900)
    policy = policy_for(paper, Role.ONCALL)
    assert all(length(document) <= 900 for document in policy.documents)
    assert actions(policy) == {grant.action for grant in grants(paper, Role.ONCALL)}


def test_joining_makes_nothing_wider_than_it_was() -> None:
    open_, named = Grant("s3:GetObject", ("a",)), Grant("s3:PutObject", ("b",))
    found = {(each.actions, each.resources) for each in statements([open_, named, Grant("s3:GetObject", ("c",))])}
    assert found == {(("s3:GetObject",), ("a", "c")), (("s3:PutObject",), ("b",))}


class Shop:
    """A sandbox account in which `pilotage` runs, and what it called."""

    def __init__(self, home: Path, pilotage: Any) -> None:
        self.home = home
        self.calls: list[CallRecord] = []
        self._run = pilotage

    def run(self, *arguments: str) -> set[str]:
        """The IAM actions of one command."""
        log = self.home / f"{len(list(self.home.iterdir()))}.log"
        assert self._run([*arguments, "--sandbox", "--log-file", str(log)]) == 0
        called = re.findall(r"^\S+ (\S+) ([A-Z]\w+) \S+ \d+ ms$", log.read_text(), re.MULTILINE)
        return {action_of(CallRecord(service, operation, False, "", 0)) for service, operation in called}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    from wizard.cli import main

    monkeypatch.setenv("PILOTAGE_HOME", str(tmp_path))
    for name, value in (("YES", "1"), ("TIME_SCALE", "600"), ("SECRETS_FILE", str(BLUEPRINTS / "practice.env"))):
        monkeypatch.setenv(f"PILOTAGE_{name}", value)
    sandbox.start(tmp_path, 600.0)
    yield Shop(tmp_path, main)
    sandbox.stop(tmp_path)


def allowed(paper: Paper, role: Role) -> set[str]:
    return actions(policy_for(paper, role))


def test_what_runs_call_is_allowed_to_whom_they_are_for(shop: Shop) -> None:
    file = str(BLUEPRINTS / "carepolicy-hub.yaml")
    setup = shop.run("replay", file)
    assert len(setup) > 60, "the log names the calls"
    assert setup <= allowed(starter("carepolicy-hub"), Role.SETUP)
    larger = ("services.carepolicy-hub.memory=4096",)
    ci = shop.run("replay", file, "--set", *larger)
    assert {"ecs:RegisterTaskDefinition", "ecs:UpdateService"} <= ci
    assert ci <= allowed(starter("carepolicy-hub", None, *larger), Role.CI)
    looking = shop.run("status", "carepolicy-hub/main") | shop.run("outputs", file) | shop.run("history", file)
    assert looking <= allowed(starter("carepolicy-hub"), Role.ONCALL)
    removing = shop.run("destroy", file, "--yes-delete-data")
    assert {"ec2:DeleteVpc", "s3:DeleteBucket"} <= removing
    assert removing <= allowed(starter("carepolicy-hub"), Role.SETUP)
