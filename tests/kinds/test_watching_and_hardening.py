"""What the kinds that watch, harden and let people in do beyond the contract of all kinds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kinds.cases import hardening, watching
from tests.kinds.cases.compute import trust
from tests.kinds.driver import DEPLOYMENT, Account, Builder
from wizard.engine.graph import Resource
from wizard.engine.kind import Kind, Live
from wizard.engine.world import differences
from wizard.errors import AwsError
from wizard.kinds.registry import all_kinds

NEW = (
    "alarm",
    "budget",
    "flow_log",
    "oidc_provider",
    "scalable_target",
    "scaling_policy",
    "subscription",
    "topic",
    "trail",
    "user_pool",
    "user_pool_client",
    "user_pool_domain",
    "web_acl",
    "web_acl_association",
)
PROVIDER = Resource("oidc_provider", "github", {"url": hardening.GITHUB, "audiences": ["sts.amazonaws.com"]})
MAIL = Resource(
    "subscription",
    "ops",
    {"topic": watching.TOPIC.ref("arn"), "protocol": "email", "endpoint": "ops@example.com"},
)


def kind(name: str) -> Kind:
    return all_kinds()[name]


def built(account: Account, *resources: Resource) -> Builder:
    builder = Builder(account, account.context())
    builder.build(resources)
    return builder


def read(builder: Builder, resource: Resource) -> list[Live]:
    return builder.look(kind(resource.kind), resource.address, builder.resolved(resource))


def drift(builder: Builder, resource: Resource) -> set[str]:
    """The properties that are not as desired."""
    live = read(builder, resource)[0]
    return {one.property for one in differences(kind(resource.kind), builder.resolved(resource), live)}


@pytest.mark.parametrize("name", NEW)
def test_a_deployment_without_any_makes_no_call(account: Account, name: str) -> None:
    context = account.context()
    before = len(account.calls)
    assert kind(name).read_many(context, {}) == []
    assert len(account.calls) == before


@pytest.mark.parametrize(
    ("name", "properties", "rule"),
    [
        ("alarm", {"period": 45}, "multiple of 60"),
        ("alarm", {"period": 86400, "periods": 8}, "seven days"),
        ("alarm", {"comparison": "Above"}, "GreaterThanThreshold"),
        ("alarm", {"missing": "fine"}, "notBreaching"),
        ("topic", {"name": "shop dev"}, "letters, digits"),
        ("topic", {"policy": {"Statement": []}}, "needs a statement"),
        ("subscription", {"protocol": "email", "endpoint": "ops"}, "not an e-mail address"),
        ("scalable_target", {"service": "api"}, "service/<cluster>/<service>"),
        ("scalable_target", {"min": 4, "max": 3}, "above"),
        ("scaling_policy", {"metric": "requests"}, "neither cpu nor memory"),
        ("scaling_policy", {"target": 0}, "percentage"),
        ("budget", {"monthly_usd": 0}, "above 0"),
        ("budget", {"email": "ops"}, "not an e-mail address"),
        ("web_acl", {"managed_rules": []}, "blocks nothing"),
        ("web_acl", {"managed_rules": ["A", "A"]}, "must differ"),
        ("flow_log", {"traffic": "SOME"}, "ACCEPT"),
        ("trail", {"name": "a..b"}, "single dots"),
        ("oidc_provider", {"url": "http://example.com"}, "https://"),
        ("oidc_provider", {"audiences": []}, "sts.amazonaws.com"),
        ("user_pool", {"password_length": 5}, "6 to 99"),
        ("user_pool", {"mfa": "MAYBE"}, "OPTIONAL"),
        ("user_pool_client", {"callback_urls": ["http://shop.example.com"]}, "https://"),
        ("user_pool_domain", {"domain": "my-aws-login"}, "must not contain aws"),
        ("user_pool_domain", {"domain": "Shop"}, "lower-case"),
    ],
)
def test_a_broken_rule_of_aws_is_named(name: str, properties: dict[str, Any], rule: str) -> None:
    assert any(rule in problem for problem in kind(name).problems(properties))


def test_an_unconfirmed_subscription_will_do_and_is_nobodys_to_delete(account: Account) -> None:
    builder = built(account, watching.TOPIC, MAIL)
    live = builder.lives[MAIL.address]
    assert (live.owner, live.attributes["unconfirmed"], drift(builder, MAIL)) == ("", True, set())
    assert kind("subscription").accepts_equal
    kind("subscription").delete(builder.context, live)
    builder.remove(kind("topic"), builder.lives[watching.TOPIC.address])
    assert read(builder, MAIL) == []


def test_an_alarm_whose_actions_were_switched_off_by_hand_tells_nobody(account: Account) -> None:
    wanted = Resource("alarm", "cpu", {**watching.CASES[0].properties})
    builder = built(account, watching.TOPIC, watching.OTHER_TOPIC, wanted)
    account.aws.write("cloudwatch", "disable_alarm_actions", AlarmNames=["shop-dev-api-cpu"])
    assert drift(builder, wanted) == {"topic"}


def test_a_policy_that_a_person_added_stays_and_one_of_ours_is_surplus(account: Account) -> None:
    builder = built(account, *watching.RUNNING, watching.BOUNDS)
    service = builder.resolved(watching.BOUNDS)["service"]
    for name in ("shop-dev-api-memory", "by-hand"):
        other = Resource("scaling_policy", name, {"name": name, "service": service, "metric": "memory", "target": 80})
        builder.converge(other)
    found = kind("scaling_policy").read_many(account.context(), {})
    assert [(live.properties["name"], live.owner) for live in found] == [("shop-dev-api-memory", DEPLOYMENT)]


def test_a_service_that_auto_scaling_does_not_see_yet_is_waited_for(account: Account) -> None:
    context = account.context()
    missing = {"service": "service/shop-dev/api", "min": 1, "max": 2}
    with pytest.raises(AwsError) as raised:
        kind("scalable_target").create(context, "scalable_target.api", missing, "")
    rules = [rule for rule in kind("scalable_target").settling if rule.verb == "create"]
    assert any(rule.code == raised.value.code and rule.contains in raised.value.message for rule in rules)


def test_a_rule_that_only_counts_is_drift(account: Account) -> None:
    builder = built(account, hardening.WALL)
    live = builder.lives[hardening.WALL.address]
    name, id_ = live.id.split("/")[-2:]
    shown = account.aws.read("wafv2", "get_web_acl", Name=name, Scope="REGIONAL", Id=id_)
    acl, rule = shown["WebACL"], dict(shown["WebACL"]["Rules"][0])
    account.aws.write(
        "wafv2",
        "update_web_acl",
        Name=name,
        Scope="REGIONAL",
        Id=id_,
        LockToken=shown["LockToken"],
        DefaultAction=acl["DefaultAction"],
        VisibilityConfig=acl["VisibilityConfig"],
        Rules=[{**rule, "OverrideAction": {"Count": {}}}, shield_rule()],
    )
    assert drift(builder, hardening.WALL) == {"managed_rules"}
    builder.converge(hardening.WALL)
    after = account.aws.read("wafv2", "get_web_acl", Name=name, Scope="REGIONAL", Id=id_)["WebACL"]
    assert [one["Name"] for one in after["Rules"]] == [hardening.COMMON, "ShieldMitigationRuleGroup_1"]


def shield_rule() -> dict[str, Any]:
    """A rule as Shield Advanced adds it."""
    group = {"ARN": "arn:aws:wafv2:us-east-1:000000000000:regional/rulegroup/shield/1"}
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "shield"}
    return {
        "Name": "ShieldMitigationRuleGroup_1",
        "Priority": 10_000_000,
        "Statement": {"RuleGroupReferenceStatement": group},
        "OverrideAction": {"None": {}},
        "VisibilityConfig": seen,
    }


def test_a_strangers_web_acl_on_our_load_balancer_is_not_ours(account: Account) -> None:
    wanted = Resource("web_acl_association", "front", {**association()})
    builder = built(account, *hardening.EDGE, hardening.WALL)
    stranger = Builder(account, account.context("other/dev"))
    stranger.converge(hardening.OTHER_WALL)
    theirs = stranger.lives[hardening.OTHER_WALL.address].id
    resource = builder.lives[hardening.FRONT.address].id
    account.aws.write("wafv2", "associate_web_acl", WebACLArn=theirs, ResourceArn=resource)
    assert [live.owner for live in read(builder, wanted)] == ["other/dev"]


def association() -> dict[str, Any]:
    """The association of the wall with the load balancer."""
    return {"web_acl": hardening.WALL.ref("arn"), "resource": hardening.FRONT.ref("arn")}


def test_an_association_that_is_no_longer_wanted_is_found_through_our_acl(account: Account) -> None:
    built(account, *hardening.EDGE, hardening.WALL, Resource("web_acl_association", "front", association()))
    found = kind("web_acl_association").read_many(account.context(), {})
    assert [live.owner for live in found] == [DEPLOYMENT]


def test_a_provider_that_others_trust_is_given_away_and_not_deleted(account: Account) -> None:
    builder = built(account, PROVIDER)
    live = builder.lives[PROVIDER.address]
    federated = {"Effect": "Allow", "Principal": {"Federated": live.id}, "Action": "sts:AssumeRoleWithWebIdentity"}
    other = Resource(
        "role",
        "deploy",
        {
            "name": "other-deploy",
            "path": "/pilotage/other/dev/",
            "trust": {"Version": "2012-10-17", "Statement": [federated]},
        },
    )
    Builder(account, account.context("other/dev")).converge(other)
    kind("oidc_provider").delete(builder.context, live)
    assert [one.owner for one in read(builder, PROVIDER)] == [""]
    assert drift(builder, PROVIDER) == set()


def test_a_provider_that_only_our_roles_trust_is_deleted(account: Account) -> None:
    builder = built(account, PROVIDER)
    live = builder.lives[PROVIDER.address]
    ours = {"name": "shop-deploy", "path": f"/pilotage/{DEPLOYMENT}/", "trust": trust("ecs-tasks.amazonaws.com")}
    builder.converge(Resource("role", "deploy", ours))
    builder.remove(kind("oidc_provider"), live)
    assert read(builder, PROVIDER) == []


def test_a_trail_that_was_stopped_by_hand_is_drift(account: Account) -> None:
    wanted = Resource("trail", "main", {"name": "shop-dev", "bucket": hardening.AUDIT.ref("name"), "logging": True})
    builder = built(account, hardening.AUDIT, wanted)
    account.aws.write("cloudtrail", "stop_logging", Name="shop-dev")
    assert drift(builder, wanted) == {"logging"}


def test_what_a_person_set_on_a_user_pool_survives_a_change(account: Account) -> None:
    wanted = Resource("user_pool", "people", {"name": "shop-dev", "mfa": "ON", "password_length": 12})
    builder = built(account, wanted)
    id_ = builder.lives[wanted.address].id
    pool = account.aws.read("cognito-idp", "describe_user_pool", UserPoolId=id_)["UserPool"]
    kept = {"Policies": pool["Policies"], "UserPoolTags": pool["UserPoolTags"], "MfaConfiguration": "ON"}
    account.aws.write("cognito-idp", "update_user_pool", UserPoolId=id_, EmailVerificationSubject="Hello", **kept)
    builder.converge(Resource("user_pool", "people", {**wanted.properties, "password_length": 16}))
    after = account.aws.read("cognito-idp", "describe_user_pool", UserPoolId=id_)["UserPool"]
    assert (after["EmailVerificationSubject"], after["MfaConfiguration"]) == ("Hello", "ON")
    assert after["Policies"]["PasswordPolicy"]["MinimumLength"] == 16


def test_a_protected_user_pool_goes_with_its_domain_and_client(account: Account) -> None:
    pool = Resource("user_pool", "people", {"name": "shop-dev", "deletion_protection": True})
    domain = Resource("user_pool_domain", "people", {"domain": "shop-dev", "pool": pool.ref("id")})
    client = Resource("user_pool_client", "web", {"name": "shop-dev", "pool": pool.ref("id"), "secret": True})
    builder = built(account, pool, domain, client)
    builder.remove(kind("user_pool"), builder.lives[pool.address])
    assert read(builder, pool) == read(builder, domain) == read(builder, client) == []


def test_nothing_of_all_this_is_left_when_it_is_deleted(account: Account) -> None:
    mine = [watching.TOPIC, hardening.WALL, hardening.PEOPLE, PROVIDER]
    builder = built(account, *mine)
    for resource in mine:
        builder.remove(kind(resource.kind), builder.lives[resource.address])
    assert [address for name in NEW for address in account.context().index.arns(name)] == []
