"""What a preflight asks of a real account, and what it says when it may not ask."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest

from tests.advice.papers import starter
from wizard.advice.preflight import Checked, State
from wizard.deployment.preflight import account, domain, images, quotas, rights
from wizard.deployment.preflight.dns import NotAnswered, Resolver
from wizard.deployment.preflight.look import Look
from wizard.engine.clock import Clock
from wizard.engine.kind import Live
from wizard.errors import AwsError
from wizard.images.wanted import Wanted
from wizard.kinds.registry import all_kinds

ACCOUNT, REGION = "123456789012", "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/people/deployer"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/ana"


class Aws:
    """Answers by operation; an answer that is an error is raised. Remembers what was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def read(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        self.asked.append((operation, params))
        answer = self.answers.get(
            operation, AwsError(f"{service}:{operation}", "AccessDeniedException", "no", status=403)
        )
        if callable(answer):
            answer = answer(**params)
        if isinstance(answer, AwsError):
            raise answer
        found: dict[str, Any] = answer
        return found

    def pages(self, service: str, operation: str, key: str, /, **params: Any) -> Iterator[Any]:
        yield from self.read(service, operation, **params)[key]

    write = once = read


def look_at(aws: Aws, file: str = "fasttriage", env: str | None = "prod", caller: str = SESSION) -> Look:
    """A look at an account that is no sandbox."""
    paper = starter(file, env)
    request = SimpleNamespace(sets=(), profile=None, region=None, tag=None, placeholder_images=False)
    identity = SimpleNamespace(arn=caller, account=ACCOUNT, region=REGION, sandbox=False, place=f"{ACCOUNT} {REGION}")
    deployment: Any = SimpleNamespace(
        document=SimpleNamespace(file="shop.yaml"),
        environment="prod",
        blueprint=None,
        graph=paper.graph,
        kinds=all_kinds(),
        request=request,
        connection=SimpleNamespace(identity=identity),
    )
    context: Any = SimpleNamespace(aws=aws, scope=paper.scope, clock=Clock())
    return Look(deployment, aws, context)


def one(checks: Any) -> Checked:
    (check,) = checks
    assert isinstance(check, Checked)
    return check


# Permissions


def denying(*actions: str) -> Any:
    """A simulator that grants no policy for these actions."""

    def simulate(**params: Any) -> dict[str, Any]:
        results = [
            {
                "EvalActionName": action,
                "EvalDecision": "implicitDeny" if action in actions else "allowed",
                "ResourceSpecificResults": [
                    {
                        "EvalResourceName": resource,
                        "EvalResourceDecision": "implicitDeny" if action in actions else "allowed",
                    }
                    for resource in params["ResourceArns"]
                ],
            }
            for action in params["ActionNames"]
        ]
        return {"EvaluationResults": results}

    return simulate


def test_all_lacking_permissions_of_a_sessions_role_are_named_at_once() -> None:
    lacking = ("mq:CreateBroker", "iam:PassRole", "ec2:CreateVpc")
    aws = Aws(get_role={"Role": {"Arn": ROLE}}, simulate_principal_policy=denying(*lacking))
    found = list(rights.permissions(look_at(aws)))
    assert [each.subject for each in found] == sorted(lacking)
    assert {each.next_step for each in found} == {
        "let your administrator grant what this prints: pilotage policy shop.yaml --env prod --for setup"
    }
    asked = [params for operation, params in aws.asked if operation == "simulate_principal_policy"]
    assert {params["PolicySourceArn"] for params in asked} == {ROLE}, "the role's path is looked up"


def test_who_may_not_ask_the_simulator_learns_that_nothing_was_checked() -> None:
    found = one(rights.permissions(look_at(Aws())))
    assert found.state is State.NOT_CHECKED
    assert "iam:SimulatePrincipalPolicy on arn:aws:iam::123456789012:role/deployer: AccessDenied" in found.evidence


@pytest.mark.parametrize(
    ("caller", "state", "words"),
    [
        (f"arn:aws:iam::{ACCOUNT}:root", State.OK, "root may do everything"),
        (f"arn:aws:sts::{ACCOUNT}:federated-user/bob", State.NOT_CHECKED, "IAM simulates users and roles"),
    ],
)
def test_who_cannot_be_simulated_is_told_why(caller: str, state: State, words: str) -> None:
    aws = Aws()
    found = one(rights.permissions(look_at(aws, caller=caller)))
    assert (found.state, aws.asked) == (state, [])
    assert words in found.evidence


# Quotas

EMPTY = {
    "describe_vpcs": {"Vpcs": []},
    "describe_internet_gateways": {"InternetGateways": []},
    "describe_addresses": {"Addresses": []},
    "describe_nat_gateways": {"NatGateways": []},
    "describe_load_balancers": {"LoadBalancers": []},
    "describe_target_groups": {"TargetGroups": []},
    "list_certificates": {"CertificateSummaryList": []},
    "describe_db_instances": {"DBInstances": []},
    "describe_db_clusters": {"DBClusters": []},
    "list_secrets": {"SecretList": []},
    "get_account_summary": {"SummaryMap": {"Roles": 7, "RolesQuota": 1000}},
}


def quota_checks(**answers: Any) -> dict[str, Checked]:
    look = look_at(Aws(**EMPTY | answers))
    new = list(look.deployment.graph.resources.values())
    return {check.subject: check for check in quotas.quotas(look, new)}


def test_an_account_that_is_full_is_told_the_command_that_raises_the_quota() -> None:
    found = quota_checks(
        describe_vpcs={"Vpcs": [{}] * 5}, get_service_quota=lambda **params: {"Quota": {"Value": 5.0}}
    )["VPCs per Region"]
    assert (found.state, found.evidence) == (State.FAILS, "5 of 5 in use, 1 more needed")
    assert found.next_step.endswith("--quota-code L-F678F1CE --desired-value 6 --region us-east-1")


def test_without_the_right_to_ask_for_quotas_the_default_of_aws_counts() -> None:
    found = quota_checks(describe_addresses={"Addresses": [{}] * 4})
    assert found["Elastic IPs per Region"].evidence == "4 of 5 (the default of AWS) in use, 2 more needed"
    assert found["Elastic IPs per Region"].state is State.FAILS
    assert found["Fargate On-Demand vCPUs"].state is State.NOT_CHECKED


def test_gateways_are_counted_zone_by_zone_and_dead_ones_not_at_all() -> None:
    gateways = [{"SubnetId": f"subnet-{zone}", "State": "available"} for zone in "aaaab"]
    dead = [{"SubnetId": "subnet-a", "State": "deleted"}]
    subnets = [{"SubnetId": f"subnet-{zone}", "AvailabilityZone": f"us-east-1{zone}"} for zone in "ab"]
    found = quota_checks(describe_nat_gateways={"NatGateways": gateways + dead}, describe_subnets={"Subnets": subnets})
    assert found["NAT gateways per Availability Zone"].evidence.startswith("4 of 5")


def test_running_vcpus_are_read_from_the_metric_that_service_quotas_names() -> None:
    metric = {"MetricNamespace": "AWS/Usage", "MetricName": "ResourceCount", "MetricDimensions": {"Class": "x"}}
    points = {"Datapoints": [{"Maximum": 3.0}, {"Maximum": 4.0}]}
    found = quota_checks(
        get_service_quota=lambda **params: {"Quota": {"Value": 6.0, "UsageMetric": metric}},
        get_metric_statistics=points,
    )["Fargate On-Demand vCPUs"]
    assert (found.state, found.evidence) == (State.FAILS, "4 of 6 in use, 3 more needed")


def test_what_cannot_be_counted_is_not_checked_and_keeps_nothing_else_from_being_told() -> None:
    found = quota_checks(describe_vpcs=AwsError("ec2:DescribeVpcs", "UnauthorizedOperation", "no"))
    assert found["VPCs per Region"].evidence == "ec2:DescribeVpcs: UnauthorizedOperation"
    assert found["VPCs per Region"].state is State.NOT_CHECKED
    assert found["certificates per Region"].state is State.OK


# Account


@pytest.mark.parametrize(("minutes", "state"), [(0.5, State.OK), (-6, State.FAILS), (9, State.FAILS)])
def test_a_clock_that_is_minutes_off_fails(minutes: float, state: State) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(minutes=minutes), usegmt=True)
    answer = {"ResponseMetadata": {"HTTPHeaders": {"date": date}}}
    found = one(account.clock(look_at(Aws(get_caller_identity=answer))))
    assert found.state is state
    assert ("timedatectl" in found.next_step) is (state is State.FAILS)


CLOSED = AwsError(
    "apprunner:ListServices", "AccessDeniedException", "AWS App Runner is no longer open to new customers."
)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({"ServiceSummaryList": [{"ServiceName": "old"}]}, State.OK),
        ({"ServiceSummaryList": []}, State.NOT_CHECKED),
        (CLOSED, State.FAILS),
    ],
)
def test_app_runner_is_open_to_an_account_that_has_services_there(answer: Any, state: State) -> None:
    look = look_at(Aws(list_services=answer), "carepolicy-hub-apprunner", None)
    found = one(account.app_runner(look, list(look.deployment.graph.resources.values())))
    assert found.state is state
    assert ("kind: ecs-express" in found.next_step) is (state is State.FAILS)


def test_nobody_asks_app_runner_for_a_blueprint_without_it() -> None:
    aws = Aws()
    look = look_at(aws)
    assert list(account.app_runner(look, list(look.deployment.graph.resources.values()))) == []
    assert aws.asked == []


@pytest.mark.parametrize(("plan", "state"), [("FREE", State.FAILS), ("PAID", State.OK)])
def test_the_plan_of_the_account_is_read(plan: str, state: State) -> None:
    look = look_at(Aws(get_account_plan_state={"accountPlanType": plan}), "rung", "prod")
    found = one(account.plan_of_account(look, list(look.deployment.graph.resources.values())))
    assert (found.subject, found.state) == ("db_instance.main" if plan == "FREE" else "plan of the account", state)


# Domain

ZONE = {"hosted_zone.main": Live("hosted_zone.main", "Z1", {}, {})}
DELEGATION = {"DelegationSet": {"NameServers": ["ns-1.awsdns.com"]}}


def resolving(monkeypatch: pytest.MonkeyPatch, servers: list[str] | NotAnswered, caa: list[tuple[str, str]]) -> None:
    def name_servers(self: Resolver, zone: str) -> list[str]:
        if isinstance(servers, NotAnswered):
            raise servers
        return servers

    monkeypatch.setattr(Resolver, "of_this_machine", classmethod(lambda cls: cls("10.0.0.2")))
    monkeypatch.setattr(Resolver, "name_servers", name_servers)
    monkeypatch.setattr(Resolver, "caa", lambda self, name: caa)


def domain_checks(**answers: Any) -> dict[str, State]:
    look = look_at(Aws(get_hosted_zone=DELEGATION, **answers))
    new = [each for each in look.deployment.graph.resources.values() if each.kind == "certificate"]
    return {check.subject: check.state for check in domain.domain(look, ZONE, new)}


def test_a_zone_that_is_delegated_and_lets_amazon_issue_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, ["ns-1.awsdns.com"], [])
    assert domain_checks(list_resource_record_sets={"ResourceRecordSets": []}) == {
        "hosted zone example.com": State.OK,
        "delegation of example.com": State.OK,
        "CAA of fasttriage.example.com": State.OK,
    }


def test_a_zone_that_nobody_asks_fails_and_so_do_records_that_leave_amazon_out(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, ["dns.registrar.example"], [])

    def records(**params: Any) -> dict[str, Any]:
        value = {"Name": "example.com.", "Type": "CAA", "ResourceRecords": [{"Value": '0 issue "letsencrypt.org"'}]}
        return {"ResourceRecordSets": [value]}

    found = domain_checks(list_resource_record_sets=records)
    assert found["delegation of example.com"] is State.FAILS
    assert found["CAA of fasttriage.example.com"] is State.FAILS


def test_without_a_network_the_delegation_is_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, NotAnswered("the resolver 10.0.0.2 did not answer"), [])
    found = domain_checks()
    assert found["delegation of example.com"] is State.NOT_CHECKED
    assert found["CAA of fasttriage.example.com"] is State.NOT_CHECKED


def test_a_zone_that_is_not_there_names_the_command_that_makes_it() -> None:
    look = look_at(Aws())
    found = one(domain.domain(look, {}, ()))
    assert found.state is State.FAILS
    assert found.next_step.startswith("aws route53 create-hosted-zone --name example.com")


# Images

API = Wanted("api", "api", "x86_64", "shop-api", "v7")


def image_check(monkeypatch: pytest.MonkeyPatch, wanted: Wanted = API, **answers: Any) -> Checked:
    monkeypatch.setattr(images, "wanted_images", lambda *_: (wanted,))
    look = look_at(Aws(**answers))
    return one(images.images(look))


def stored(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {"images": [{"imageId": {"imageTag": "v7"}, "imageManifest": json.dumps(manifest)}]}


@pytest.mark.parametrize(("processor", "state"), [("amd64", State.OK), ("arm64", State.FAILS)])
def test_the_processor_of_a_single_image_is_read_from_its_configuration(
    processor: str, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "_fetched", lambda url: {"os": "linux", "architecture": processor})
    found = image_check(
        monkeypatch,
        batch_get_image=stored({"config": {"digest": "sha256:c"}}),
        get_download_url_for_layer={"downloadUrl": "https://layers.example/c"},
    )
    assert found.state is state


def test_a_configuration_is_fetched_over_https_only(monkeypatch: pytest.MonkeyPatch) -> None:
    found = image_check(
        monkeypatch,
        batch_get_image=stored({"config": {"digest": "sha256:c"}}),
        get_download_url_for_layer={"downloadUrl": "file:///etc/hostname"},
    )
    assert (found.state, "could not be fetched" in found.evidence) == (State.NOT_CHECKED, True)


def test_an_image_that_is_not_there_fails_with_the_command_that_pushes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = image_check(monkeypatch, batch_get_image={"images": []})
    assert (found.state, found.next_step) == (State.FAILS, "pilotage image push shop.yaml --env prod")


def test_before_the_repository_is_made_an_image_is_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = AwsError("ecr:BatchGetImage", "RepositoryNotFoundException", "no")
    assert image_check(monkeypatch, batch_get_image=gone).state is State.NOT_CHECKED


@pytest.mark.parametrize(
    ("address", "registry"),
    [("ghcr.io/owner/shop:1", "ghcr.io"), ("nginx:1.27", "Docker Hub"), ("owner/shop", "Docker Hub")],
)
def test_an_image_from_elsewhere_is_not_checked(address: str, registry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = image_check(monkeypatch, Wanted("web", "web", "x86_64", address=address))
    assert (found.state, found.evidence.split(" is ")[0]) == (State.NOT_CHECKED, registry)


def test_an_image_of_another_ecr_repository_here_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = Wanted("web", "web", "x86_64", address=f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/base/web:v7")
    found = image_check(monkeypatch, elsewhere, batch_get_image=stored({"manifests": []}))
    assert found.state is State.NOT_CHECKED
    assert "its manifest names none" in found.evidence
