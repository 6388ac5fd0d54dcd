"""Managed ChatKit as its own document describes it (systems: 2-managed-chatkit)."""

from __future__ import annotations

import pytest

from tests.options.starters import container, graph, injected, of_kind, statements, traffic, variables
from wizard.engine.graph import Graph
from wizard.engine.values import Ref, SecretInput


@pytest.fixture(scope="module")
def chatkit() -> Graph:
    return graph("chatkit", None)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("security_group.alb", "alb-sg"),
        ("security_group.chatkit", "fargate-sg"),
        ("target_group.chatkit-frontend", "tg-frontend"),
        ("target_group.chatkit-backend", "tg-backend"),
    ],
)
def test_names_of_the_document_come_out_exactly(chatkit: Graph, address: str, name: str) -> None:
    assert chatkit.resources[address].properties["name"] == name


def test_both_containers_run_in_one_task_of_the_documents_size(chatkit: Graph) -> None:
    (task,) = of_kind(chatkit, "task_definition").values()
    assert [each["name"] for each in task.properties["containers"]] == ["frontend", "backend"]
    assert (task.properties["cpu"], task.properties["memory"]) == (256, 512)
    assert len(of_kind(chatkit, "service")) == 1


def test_images_come_from_github_and_no_repository_is_made_in_ecr(chatkit: Graph) -> None:
    images = [container(chatkit, "chatkit", name)["image"] for name in ("frontend", "backend")]
    assert all(image.startswith("ghcr.io/") for image in images)
    assert not of_kind(chatkit, "repository")


def test_the_api_answers_its_paths_and_the_page_answers_the_rest(chatkit: Graph) -> None:
    (rule,) = of_kind(chatkit, "listener_rule").values()
    assert (rule.properties["paths"], rule.properties["forward"]) == (
        ["/api/*"],
        Ref("target_group.chatkit-backend", "arn"),
    )
    listeners = of_kind(chatkit, "listener")
    assert listeners["https"].properties["action"] == {"forward": Ref("target_group.chatkit-frontend", "arn")}
    assert listeners["http"].properties["action"] == {"redirect": "443"}


@pytest.mark.parametrize(("target", "port", "path"), [("frontend", 80, "/"), ("backend", 8000, "/health")])
def test_each_target_group_asks_its_container_on_its_port(chatkit: Graph, target: str, port: int, path: str) -> None:
    group = chatkit.resources[f"target_group.chatkit-{target}"].properties
    assert (group["protocol"], group["port"], group["target_type"]) == ("HTTP", port, "ip")
    assert group["health"]["path"] == path


def test_only_the_load_balancer_reaches_the_task_and_both_reach_the_world(chatkit: Graph) -> None:
    assert traffic(chatkit) == {
        "alb in 80 from anywhere",
        "alb in 443 from anywhere",
        "chatkit in 80 from alb",
        "chatkit in 8000 from alb",
    }
    for group in ("alb", "chatkit"):
        assert chatkit.resources[f"security_group.{group}"].properties["allow_all_egress"] is True


def test_the_task_has_a_public_address_and_no_nat_gateway_is_paid_for(chatkit: Graph) -> None:
    service = chatkit.resources["service.chatkit"].properties
    assert service["public_ip"] is True
    assert service["subnets"] == [Ref("subnet.public-a", "id"), Ref("subnet.public-b", "id")]
    assert not of_kind(chatkit, "nat_gateway")


def test_the_service_stands_behind_both_target_groups(chatkit: Graph) -> None:
    behind = chatkit.resources["service.chatkit"].properties["load_balancers"]
    assert {(each["container"], each["port"]) for each in behind} == {("frontend", 80), ("backend", 8000)}


def test_variables_of_the_document_go_to_the_backend_and_no_other(chatkit: Graph) -> None:
    assert variables(chatkit, "chatkit", "backend") == {
        "ENVIRONMENT": "production",
        "ALLOWED_ORIGINS": "https://chatkit.example.com",
    }
    assert variables(chatkit, "chatkit", "frontend") == {}


def test_the_key_of_openai_is_injected_as_a_secret_into_the_backend_alone(chatkit: Graph) -> None:
    assert injected(chatkit, "chatkit", "backend") == {"OPENAI_API_KEY": Ref("secret.openai-api-key", "arn")}
    assert injected(chatkit, "chatkit", "frontend") == {}
    assert chatkit.resources["secret.openai-api-key"].properties["value"] == SecretInput("OPENAI_API_KEY")
    assert statements(chatkit, "execution")["ReadOwnSecrets"][1] == [Ref("secret.openai-api-key", "arn")]


def test_the_code_itself_may_do_nothing_in_aws(chatkit: Graph) -> None:
    assert statements(chatkit, "chatkit") == {}
