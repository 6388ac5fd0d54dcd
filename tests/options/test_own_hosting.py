"""App Runner and Express: three roles at most, nothing that they do not need, and a reason where they cannot serve."""

from __future__ import annotations

import pytest

from tests.options.starters import expansion, graph, of_kind, statements, written
from wizard.blueprint.document import Document
from wizard.blueprint.environments import resolve
from wizard.errors import UsageError
from wizard.options import expand

RUNNER, EXPRESS = "carepolicy-hub-apprunner", "carepolicy-hub-express"


def kinds(name: str, **given: bool) -> set[str]:
    return {resource.kind for resource in graph(name, None, **given).resources.values()}


def refusal(*sets: str, name: str) -> UsageError:
    with pytest.raises(UsageError) as raised:
        graph(name, None, *sets)
    return raised.value


def test_app_runner_needs_no_network_no_cluster_and_no_log_group() -> None:
    needed = {"app_runner_service", "app_runner_scaling", "role", "repository", "image", "bucket", "secret"}
    assert kinds(RUNNER) == needed


def test_express_makes_no_load_balancer_and_no_certificate_of_its_own() -> None:
    made = kinds(EXPRESS)
    assert {"express_service", "cluster", "log_group", "vpc"} <= made
    assert not made & {"load_balancer", "target_group", "certificate", "record", "security_group", "task_definition"}


def test_the_roles_of_app_runner_pull_read_and_write_no_more_than_their_own() -> None:
    found = graph(RUNNER, None)
    assert set(of_kind(found, "role")) == {"carepolicy-hub", "carepolicy-hub-access"}
    assert set(statements(found, "carepolicy-hub-access")) == {"LogInToEcrWhichHasNoResource", "PullOwnImages"}
    code = statements(found, "carepolicy-hub")
    assert set(code) == {"ReadOwnSecrets", "Objects1", "List1"}
    assert len(code["ReadOwnSecrets"][1]) == 3


def test_the_roles_of_express_are_three_and_the_code_reads_no_secret() -> None:
    found = graph(EXPRESS, None)
    names = {"carepolicy-hub", "carepolicy-hub-execution", "carepolicy-hub-infrastructure"}
    assert set(of_kind(found, "role")) == names
    assert set(statements(found, "carepolicy-hub")) == {"Objects1", "List1"}
    infrastructure = found.resources["role.carepolicy-hub-infrastructure"].properties
    (policy,) = infrastructure["managed_policies"]
    assert policy.endswith("service-role/AmazonECSInfrastructureRoleforExpressGatewayServices")
    assert statements(found, "carepolicy-hub-infrastructure") == {}


@pytest.mark.parametrize(("name", "kind"), [(RUNNER, "app_runner_service"), (EXPRESS, "express_service")])
def test_the_own_address_is_told_apart_from_what_is_known_before(name: str, kind: str) -> None:
    found = graph(name, None)
    service = found.resources[f"{kind}.carepolicy-hub"]
    assert service.properties["environment_with_url"] == {"APP_BASE_URL": "{url}"}
    assert "APP_BASE_URL" not in service.properties["environment"]
    assert found.outputs["url"] == service.ref("url")


@pytest.mark.parametrize(("name", "kind"), [(RUNNER, "app_runner_service"), (EXPRESS, "express_service")])
def test_a_stand_in_answers_the_health_check_and_needs_no_right_to_pull(name: str, kind: str) -> None:
    found = graph(name, None, placeholder_images=True)
    service = found.resources[f"{kind}.carepolicy-hub"].properties
    assert service["image"].startswith("public.ecr.aws/")
    assert "httpd" in str(service["command"])
    assert service.get("access_role") is None
    assert "role.carepolicy-hub-access" not in found.resources


def test_express_with_private_tasks_is_refused_with_the_reason_and_the_nearest_that_can() -> None:
    error = refusal("network.tasks=private", "network.nat=one", name=EXPRESS)
    assert "private tasks" in error.summary
    assert "same subnets" in error.evidence
    assert "ecs-fargate" in error.next_step


def test_app_runner_through_the_vpc_is_refused_with_the_nearest_that_can() -> None:
    error = refusal("services.carepolicy-hub.egress=vpc", name=RUNNER)
    assert "egress" in error.summary
    assert "ecs-fargate" in error.next_step


def test_express_in_the_default_vpc_lets_ecs_choose_the_subnets() -> None:
    text = """blueprint: 1
name: shop
region: us-east-1
services:
  web:
    kind: ecs-express
    containers:
      web: {image: "public.ecr.aws/shop/web:1", port: 80}
"""
    found = expand(expansion(written(text)))
    assert found.resources["express_service.web"].properties["subnets"] is None
    assert not of_kind(found, "vpc")


@pytest.mark.parametrize(
    ("containers", "says"),
    [
        ('{web: {image: "ghcr.io/shop/web:1", port: 80}}', "ECR only"),
        ("{web: {image: {repository: web}, port: 80}, side: {image: {repository: web}}}", "containers"),
    ],
)
def test_app_runner_with_a_foreign_registry_or_two_containers_is_refused(containers: str, says: str) -> None:
    services = f"services: {{webshop: {{kind: app-runner, containers: {containers}}}}}"
    text = f"blueprint: 1\nname: shop\nregion: us-east-1\n{services}\n"
    with pytest.raises(UsageError) as raised:
        resolve(Document(text, "test.yaml"))
    assert says in f"{raised.value.summary} {raised.value.evidence}"
