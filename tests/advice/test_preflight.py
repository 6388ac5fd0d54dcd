"""What AWS answers is turned into ok, fails or not checked, each failure with what to type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.advice.papers import starter
from wizard.advice.grants import Grant
from wizard.advice.permissions import Role, grants
from wizard.advice.preflight import Checked, State, Topic, account_plan, domains, worst
from wizard.advice.preflight.image_manifests import config_digest, fits, parsed, platform_of_config, platforms_of_index
from wizard.advice.preflight.permissions import Answers, judged, principal_of, questions, read
from wizard.advice.preflight.quotas import QUOTAS, Used, needed
from wizard.advice.preflight.quotas import judged as quota_judged
from wizard.engine.graph import Resource
from wizard.images.wanted import Wanted

ME = "arn:aws:iam::111122223333:user/ana"
LOG = "arn:aws:logs:eu-west-1:111122223333:log-group:shop"


# Permissions


def test_every_action_is_asked_about_on_each_of_its_resources_in_few_questions() -> None:
    wanted = grants(starter("fasttriage", "prod"), Role.SETUP)
    asked = questions(wanted)
    pairs = {(grant.action, resource) for grant in wanted for resource in grant.resources}
    assert set().union(*(question.pairs for question in asked)) == pairs
    assert len(asked) < len(pairs) / 15
    assert all(
        set(question.pairs) <= {(a, r) for a in question.actions for r in question.resources} for question in asked
    )


def test_a_condition_is_asked_about_with_the_values_that_the_call_will_carry() -> None:
    tagged = Grant("ec2:CreateVpc", ("*",), {"StringEquals": {"aws:RequestTag/pilotage:deployment": "shop/prod"}})
    several = Grant(
        "route53:ChangeResourceRecordSets", ("arn:z",), {"ForAllValues:StringLike": {"route53:Names": ["a", "b"]}}
    )
    first, second = questions([tagged, several])
    (entry,) = first.parameters(ME)["ContextEntries"]
    assert entry == {
        "ContextKeyName": "aws:RequestTag/pilotage:deployment",
        "ContextKeyValues": ["shop/prod"],
        "ContextKeyType": "string",
    }
    (entry,) = second.parameters(ME)["ContextEntries"]
    assert (entry["ContextKeyValues"], entry["ContextKeyType"]) == (["a", "b"], "stringList")


def simulated(results: list[Mapping[str, Any]], *granted: Grant) -> list[Checked]:
    (question,), answers = questions(granted), Answers()
    read(answers, question, results)
    return judged(answers, ME, "print the policy")


def test_all_that_is_lacking_is_named_at_once_with_why() -> None:
    found = simulated(
        [
            {"EvalActionName": "logs:CreateLogGroup", "EvalResourceName": LOG, "EvalDecision": "implicitDeny"},
            {"EvalActionName": "logs:TagResource", "EvalResourceName": LOG, "EvalDecision": "explicitDeny"},
            {"EvalActionName": "logs:DeleteLogGroup", "EvalResourceName": LOG, "EvalDecision": "allowed"},
            {
                "EvalActionName": "logs:PutRetentionPolicy",
                "EvalResourceName": LOG,
                "EvalDecision": "implicitDeny",
                "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False},
            },
        ],
        *(
            Grant(f"logs:{action}", (LOG,))
            for action in ("CreateLogGroup", "TagResource", "DeleteLogGroup", "PutRetentionPolicy")
        ),
    )
    assert {each.subject: each.evidence for each in found} == {
        "logs:CreateLogGroup": f"granted by no policy: on {LOG}",
        "logs:TagResource": f"explicitly denied: on {LOG}",
        "logs:PutRetentionPolicy": f"outside the permissions boundary: on {LOG}",
    }
    assert {(each.state, each.next_step) for each in found} == {(State.FAILS, "print the policy")}


def test_one_answer_for_several_resources_is_read_resource_by_resource() -> None:
    singles = [
        {"EvalResourceName": "arn:a", "EvalResourceDecision": "allowed"},
        {"EvalResourceName": "arn:b", "EvalResourceDecision": "implicitDeny"},
    ]
    whole = {"EvalActionName": "s3:PutObject", "EvalDecision": "implicitDeny", "ResourceSpecificResults": singles}
    (found,) = simulated([whole], Grant("s3:PutObject", ("arn:a", "arn:b")))
    assert found.evidence == "granted by no policy: on arn:b"


def test_what_was_not_asked_about_counts_neither_way() -> None:
    elsewhere = {"EvalActionName": "s3:PutObject", "EvalResourceName": "arn:other", "EvalDecision": "implicitDeny"}
    (found,) = simulated([elsewhere], Grant("s3:PutObject", ("arn:a",)))
    assert (found.state, found.evidence) == (
        State.OK,
        f"{ME} may call 1 of the 1 actions that a set-up needs",
    )


def test_a_denial_that_rests_on_what_only_the_call_knows_is_not_checked() -> None:
    depends = {
        "EvalActionName": "s3:PutObject",
        "EvalResourceName": "arn:a",
        "EvalDecision": "implicitDeny",
        "MissingContextValues": ["aws:SourceVpc"],
    }
    (found,) = simulated([depends], Grant("s3:PutObject", ("arn:a",)))
    assert (found.state, found.evidence) == (State.NOT_CHECKED, "it depends on aws:SourceVpc")


def test_the_policies_of_a_session_are_those_of_its_role() -> None:
    session = "arn:aws-cn:sts::111122223333:assumed-role/deployer/ci-42"
    assert principal_of(session) == ("arn:aws-cn:iam::111122223333:role/deployer", "deployer")
    assert principal_of(ME) == (ME, "")
    assert principal_of("arn:aws:sts::111122223333:federated-user/bob") == ("", "")


# Quotas


def test_only_what_new_resources_count_against_is_asked() -> None:
    graph = starter("fasttriage", "prod").graph
    found = {quota.name: need for quota, need in needed(graph.resources.values(), graph.resources)}
    assert found["VPCs per Region"] == 1
    assert found["Elastic IPs per Region"] == 2
    assert found["NAT gateways per Availability Zone"] == 1, "there is one in each of two zones"
    assert found["Fargate On-Demand vCPUs"] == 3
    assert "EFS file systems per Region" not in found
    assert needed([], graph.resources) == []


@pytest.mark.parametrize(
    ("need", "used", "own", "state", "evidence"),
    [
        (1, Used(4), True, State.OK, "4 of 5 in use, 1 more needed"),
        (1, Used(5), True, State.FAILS, "5 of 5 in use, 1 more needed"),
        (2, Used(4), False, State.FAILS, "4 of 5 (the default of AWS) in use, 2 more needed"),
        (1, Used(3, at_least=True), True, State.NOT_CHECKED, "at least 3 of 5 in use, 1 more needed"),
        (0.5, Used(None), True, State.NOT_CHECKED, "0.5 of 5 is needed; what runs already is not known"),
        (6, Used(None), True, State.FAILS, "6 of 5 is needed; what runs already is not known"),
    ],
)
def test_a_quota_is_full_when_use_and_need_pass_it(
    need: float, used: Used, own: bool, state: State, evidence: str
) -> None:
    found = quota_judged(QUOTAS[0], need, 5, used, own=own, region="eu-west-1")
    assert (found.state, found.evidence) == (state, evidence)
    raise_it = f"--service-code vpc --quota-code L-F678F1CE --desired-value {round((used.number or 0) + need)}"
    assert (raise_it in found.next_step) is (state is State.FAILS)


# Images

WEB = Wanted("web", "web", "arm64", "shop-web", "v1")


def index(*processors: str) -> Mapping[str, Any]:
    return {"manifests": [{"platform": {"os": "linux", "architecture": each}} for each in processors]}


@pytest.mark.parametrize(
    ("platforms", "state"),
    [
        (platforms_of_index(index("amd64", "arm64", "unknown")), State.OK),
        (platforms_of_index(index("amd64", "unknown")), State.FAILS),
        (platform_of_config({"os": "linux", "architecture": "arm64"}), State.OK),
        (platform_of_config({"architecture": "amd64"}), State.FAILS),
        (platform_of_config({}), State.NOT_CHECKED),
    ],
)
def test_an_image_for_another_processor_fails_before_a_task_does(platforms: frozenset[str], state: State) -> None:
    found = fits(WEB, platforms, "nobody knows", "pilotage image push shop.yaml")
    assert found.state is state
    assert found.next_step == ("pilotage image push shop.yaml" if state is State.FAILS else "")


def test_a_manifest_that_is_none_tells_nothing() -> None:
    assert parsed("{") == parsed("[]") == parsed("") == {}
    assert config_digest(parsed(json.dumps({"config": {"digest": "sha256:1"}}))) == "sha256:1"
    assert config_digest({}) == ""


# Domain and account


@pytest.mark.parametrize(
    ("told", "state", "words"),
    [
        (["NS-1.awsdns.com", "ns-2.awsdns.net."], State.OK, "names its name servers"),
        (["dns1.registrar.example"], State.FAILS, "dns1.registrar.example, which is not this zone"),
        ([], State.FAILS, "knows no name servers of shop.example"),
    ],
)
def test_a_zone_that_the_world_does_not_ask_fails(told: list[str], state: State, words: str) -> None:
    found = domains.delegation("shop.example", ["ns-1.awsdns.com.", "ns-2.awsdns.net."], told, "1.1.1.1")
    assert found.state is state
    assert words in found.evidence
    assert ("ns-1.awsdns.com, ns-2.awsdns.net" in found.next_step) is (state is State.FAILS)


@pytest.mark.parametrize(
    ("domain", "records", "state"),
    [
        ("app.shop.example", {}, State.OK),
        ("app.shop.example", {"shop.example": [("issue", "letsencrypt.org")]}, State.FAILS),
        ("app.shop.example", {"shop.example": [("issue", "letsencrypt.org"), ("issue", "Amazon.com; x=1")]}, State.OK),
        ("app.shop.example", {"shop.example": [("issue", ";")]}, State.FAILS),
        ("app.shop.example", {"shop.example": [("iodef", "mailto:a@shop.example")]}, State.OK),
        (
            "app.shop.example",
            {"app.shop.example": [("issue", "amazontrust.com")], "shop.example": [("issue", ";")]},
            State.OK,
        ),
        ("*.shop.example", {"shop.example": [("issue", "amazon.com"), ("issuewild", ";")]}, State.FAILS),
        ("*.shop.example", {"shop.example": [("issue", "amazon.com")]}, State.OK),
    ],
)
def test_caa_records_that_leave_amazon_out_fail(
    domain: str, records: Mapping[str, list[tuple[str, str]]], state: State
) -> None:
    found = domains.caa(domain, records)
    assert found.state is state
    assert ('0 issue "amazon.com"' in found.next_step) is (state is State.FAILS)


def test_the_free_plan_refuses_what_aws_does_not_sell_with_it() -> None:
    cluster = Resource("db_cluster", "main", {"engine": "docdb", "backup_days": 7})
    database = Resource("db_instance", "main", {"engine": "postgres", "backup_days": 7})
    modest = Resource("db_instance", "small", {"engine": "postgres", "backup_days": 1})
    found = account_plan.judged("FREE", [cluster, database, modest])
    assert [(each.subject, each.state) for each in found] == [
        ("db_cluster.main", State.FAILS),
        ("db_instance.main", State.FAILS),
    ]
    assert worst(account_plan.judged("FREE", [modest])) is worst(account_plan.judged("PAID", [cluster])) is State.OK


def test_the_gravest_state_is_that_of_a_topic() -> None:
    checks = [
        Checked(Topic.NAMES, "a", State.OK, ""),
        Checked(Topic.IMAGES, "b", State.NOT_CHECKED, ""),
        Checked(Topic.SECRETS, "c", State.FAILS, ""),
    ]
    assert worst(checks) is State.FAILS
    assert worst(checks, Topic.IMAGES) is State.NOT_CHECKED
    assert worst(checks, Topic.NAMES) is worst([]) is State.OK
