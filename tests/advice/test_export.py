"""A blueprint as a CloudFormation template: AWS's schemas find nothing wrong, nothing is lost, no secret is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from cfnlint.api import lint
from cfnlint.config import ManualArgs
from ruamel.yaml import YAML

from tests.advice.papers import ENVIRONMENTS, in_existing_vpc, starter, written
from tests.options.mixtures import mixtures
from wizard.advice.export.as_yaml import LIMIT_BYTES, as_yaml
from wizard.advice.export.cloudformation import SHAPES, Template, template
from wizard.advice.export.form import Asked, Intrinsic
from wizard.advice.export.values import Values
from wizard.advice.paper import Paper
from wizard.engine.graph import Graph, Resource
from wizard.engine.kind import ADDRESS_TAG, DEPLOYMENT_TAG, Scope
from wizard.engine.values import Sensitive, text

KNOWN_WARNINGS = {
    "W3691": "RDS takes a major version alone and picks the minor; the schema lists full versions",
}
"""What cfn-lint warns of without cause."""
SCOPE = Scope("shop/dev", "123456789012", "us-east-1")
every = pytest.mark.parametrize(("name", "env"), ENVIRONMENTS)


@cache
def exported(name: str, env: str | None) -> Template:
    return template(starter(name, env))


def findings(text: str) -> list[str]:
    """What cfn-lint says of a template, by the schemas that it carries."""
    found = lint(text, config=ManualArgs(regions=["us-east-1"]))
    return [
        f"{each.rule.id} {each.message} (line {each.linenumber})"
        for each in found
        if each.rule.id not in KNOWN_WARNINGS
    ]


def loaded(text: str) -> dict[str, Any]:
    """The template as plain data; functions by their tags do not matter."""
    yaml = YAML(typ="rt", pure=True)
    found: dict[str, Any] = yaml.load(text)
    return found


@every
def test_cloudformations_schemas_find_nothing_wrong_with_a_starter(name: str, env: str | None) -> None:
    assert findings(as_yaml(exported(name, env))) == []


@pytest.mark.parametrize("number", range(len(mixtures())))
def test_cloudformations_schemas_find_nothing_wrong_with_any_choice(number: int) -> None:
    assert findings(as_yaml(template(written(mixtures()[number])))) == []


def test_a_mistake_in_a_template_would_be_found() -> None:
    vpc = Resource("vpc", "main", {"name": "shop", "cidr": "10.0.0.0/16", "dns_hostnames": True})
    place = {"vpc": vpc.ref("id"), "cidr": "10.0.0.0/24", "zone": "us-east-1a", "public_ips": False}
    subnet = Resource("subnet", "a", {"name": "shop-a", **place})
    text = as_yaml(template(Paper(Graph.of([vpc, subnet]), SCOPE)))
    assert findings(text) == []
    assert findings(text.replace("MapPublicIpOnLaunch: false", "MapPublicIpOnLaunch: perhaps"))
    assert findings(text.replace("VpcId: !Ref Vpc", "VpcId: !Ref Vpn"))


@every
def test_a_secret_is_asked_made_up_or_fetched_and_never_written(name: str, env: str | None) -> None:
    found = exported(name, env)
    secrets = [each for each in found.resources.values() if each.piece.type == "AWS::SecretsManager::Secret"]
    for entry in secrets:
        properties = entry.piece.properties
        if "GenerateSecretString" in properties:
            assert properties["GenerateSecretString"]["PasswordLength"] >= 32
        else:
            value = properties["SecretString"]
            given = value.name == "Ref" and found.parameters[value.argument].secret
            assert given or "{{resolve:secretsmanager:${" in repr(value)
    passwords = [
        each.piece.properties[key]
        for each in found.resources.values()
        for key in ("MasterUserPassword", "Users")
        if each.piece.properties.get(key)
    ]
    assert all("{{resolve:secretsmanager:${" in repr(each) for each in passwords)
    assert "resolve:" not in repr(found.outputs), "CloudFormation shows outputs to whoever may look at the stack"


def test_a_value_that_is_known_is_not_written_either() -> None:
    value = Sensitive("f1", lambda: "correct-horse")
    secret = Resource("secret", "uri", {"name": "uri", "value": text("amqp://{who}@host", who=value)})
    plain = Resource("secret", "plain", {"name": "plain", "value": value})
    paper = Paper(Graph.of([secret, plain]), SCOPE)
    found = as_yaml(template(paper))
    assert "correct-horse" not in found
    assert found.count("NoEcho: true") == 2


def test_looked_up_things_are_parameters_with_a_description() -> None:
    parameters = exported("augmed", None).parameters
    assert parameters["HostedZone"] == Asked("AWS::Route53::HostedZone::Id", "The public hosted zone of example.com.")
    assert parameters["ImageApi"].default == "v1"
    assert all(each.description for each in parameters.values())


def test_the_account_region_and_partition_are_those_of_the_stack() -> None:
    for name, env in ENVIRONMENTS:
        lines = [line for line in as_yaml(exported(name, env)).splitlines() if not line.startswith("#")]
        assert not [line for line in lines if "123456789012" in line or re.search(r"\barn:aws:", line)]
        named = [line for line in lines if "us-east-1" in line]
        assert not named, named[:3]


def test_what_must_be_ready_first_is_named_although_no_property_does() -> None:
    entries = exported("carepolicy-hub", None).resources
    service = entries["ServiceCarepolicyHub"]
    assert {"RouteTablePublicRouteOut", "ListenerHttps"} <= set(service.after)
    assert entries["RouteTablePublicRouteOut"].after == ("InternetGatewayAttachment",)
    assert "RouteTablePublic" not in entries["RouteTablePublicRouteOut"].after, "a property names it already"


def test_data_outlives_the_stack() -> None:
    kept = {
        each.piece.type: each.as_data().get("DeletionPolicy") for each in exported("augmed", None).resources.values()
    }
    assert kept["AWS::RDS::DBInstance"] == "Snapshot"
    assert kept["AWS::S3::Bucket"] == "Retain"
    assert kept["AWS::ECS::Service"] is None


def test_nothing_that_cloudformation_makes_looks_as_if_it_were_pilotages() -> None:
    for name, env in ENVIRONMENTS:
        written_ = as_yaml(exported(name, env))
        assert DEPLOYMENT_TAG not in written_
        assert ADDRESS_TAG not in written_


def test_words_that_an_older_yaml_would_not_take_as_text_are_quoted() -> None:
    prod = as_yaml(exported("rung", "prod"))
    assert "MfaConfiguration: 'ON'" in prod
    assert "aws:SecureTransport: 'false'" in prod
    assert "&id" not in prod, "CloudFormation takes no aliases"


def test_a_dollar_sign_of_somebody_else_stays_one() -> None:
    values = Values(Paper(Graph.of([]), SCOPE), SHAPES)
    assert values.of("echo ${HOME}") == "echo ${HOME}"
    assert values.of("s3://${B}/us-east-1") == Intrinsic("Sub", "s3://${!B}/${AWS::Region}")
    assert values.of("us-east-1a") == Intrinsic("Sub", "${AWS::Region}a")
    assert values.of("us-east-10") == "us-east-10"
    assert values.of("123456789012") == Intrinsic("Ref", "AWS::AccountId")


def test_two_names_that_differ_by_a_sign_alone_get_two_ids() -> None:
    resources = [Resource("log_group", name, {"name": name, "retention_days": 1}) for name in ("a-b", "a.b", "a_b")]
    found = template(Paper(Graph.of(resources), SCOPE))
    assert list(found.resources) == ["LogGroupAB", "LogGroupABX2", "LogGroupABX3"]


def test_an_attribute_that_cloudformation_does_not_give_is_asked_for() -> None:
    one = Resource("log_group", "one", {"name": "one", "retention_days": 1})
    other = Resource("log_group", "other", {"name": one.ref("fingerprint"), "retention_days": 1})
    found = template(Paper(Graph.of([one, other]), SCOPE))
    assert "log_group.one" in found.parameters["LogGroupOneFingerprint"].description


def attributes_asked(found: Template) -> Iterator[str]:
    """Parameters that stand for attributes which CloudFormation does not give."""
    for name, asked in found.parameters.items():
        if "does not give" in asked.description:
            yield name


def test_no_choice_needs_an_attribute_that_cloudformation_does_not_give() -> None:
    for one in mixtures():
        assert list(attributes_asked(template(written(one)))) == []
    for name, env in ENVIRONMENTS:
        assert list(attributes_asked(exported(name, env))) == []


def test_a_foreign_dns_and_an_existing_network_are_said() -> None:
    found = template(in_existing_vpc())
    properties: Mapping[str, Any] = found.resources["SecurityGroupAlb"].piece.properties
    assert properties["VpcId"] == "vpc-0a1b2c3d4e5f60718"
    assert "HostedZone" in found.parameters


def head(text: str) -> list[str]:
    return [line.removeprefix("#").strip() for line in text.splitlines() if line.startswith("#")]


def test_the_head_says_how_to_use_it_and_what_must_be_given() -> None:
    written_ = as_yaml(exported("chatkit", None))
    lines = head(written_)
    assert "aws cloudformation deploy --region us-east-1 --stack-name chatkit-main \\" in lines
    assert "SecretOpenaiApiKeyValue, HostedZone" in " ".join(lines)
    assert lines[-1] == "--parameter-overrides file://PARAMETERS.json", (
        "a secret on a command line stays in its history"
    )
    assert loaded(written_)["AWSTemplateFormatVersion"] == "2010-09-09"


def test_a_template_that_is_too_long_for_a_call_goes_through_a_bucket() -> None:
    for name, env in ENVIRONMENTS:
        written_ = as_yaml(exported(name, env))
        body = "".join(line for line in written_.splitlines(keepends=True) if not line.startswith("#"))
        assert ("--s3-bucket BUCKET \\" in head(written_)) == (len(body.encode()) > LIMIT_BYTES)


def shifting(strategy: str) -> Paper:
    """A service whose new versions get their requests by a shift, after a migration."""
    return written(
        f"""
blueprint: 1
name: shop
region: us-east-1
network: {{kind: new-vpc, nat: one}}
ingress: {{kind: alb, host: shop.example.com, routes: [{{service: web}}]}}
observability: {{alarms: true}}
services:
  web:
    deploy: {{strategy: {strategy}}}
    migrate: {{container: web, command: [flask, db, upgrade]}}
    containers:
      web: {{image: {{repository: web, tag: v1}}, port: 8080}}
"""
    )


def test_cloudformations_schemas_find_nothing_wrong_with_a_canary() -> None:
    assert findings(as_yaml(template(shifting("canary")))) == []


@pytest.mark.parametrize("strategy", ["blue-green", "canary", "linear"])
def test_a_shift_of_requests_is_said_and_a_migration_says_what_a_person_must_do(strategy: str) -> None:
    found = template(shifting(strategy))
    service = found.resources["ServiceWeb"].as_data()["Properties"]
    assert service["DeploymentConfiguration"]["Strategy"] == strategy.replace("-", "_").upper()
    advanced = service["LoadBalancers"][0]["AdvancedConfiguration"]
    assert advanced["AlternateTargetGroupArn"] == Intrinsic("Ref", "TargetGroupWebAlternate")
    assert advanced["ProductionListenerRule"].argument.startswith("ListenerRule")
    assert "flask db upgrade" in found.not_here["migration.web"]
    (rule,) = [each for each in found.resources.values() if each.piece.type.endswith("::ListenerRule")]
    weights = [each["Weight"] for each in rule.piece.properties["Actions"][0]["ForwardConfig"]["TargetGroups"]]
    assert weights == [100, 0]
    assert any("ECS moves the weights" in note for note in rule.notes)
