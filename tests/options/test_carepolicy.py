"""CarePolicy Hub on ECS as its own document describes it (systems: 1-carepolicy-hub)."""

from __future__ import annotations

import pytest

from tests.options.starters import ACCOUNT, container, graph, injected, of_kind, statements, traffic, variables
from wizard.engine.graph import Graph
from wizard.engine.values import Ref, SecretInput, Text


@pytest.fixture(scope="module")
def hub() -> Graph:
    return graph("carepolicy-hub", None)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("repository.carepolicy-hub", "carepolicy-hub"),
        ("service.carepolicy-hub", "carepolicy-hub"),
        ("log_group.carepolicy-hub", "/ecs/carepolicy-hub"),
        ("secret.secret-key", "carepolicy-hub/secret-key"),
        ("secret.jwt-secret", "carepolicy-hub/jwt-secret"),
        ("secret.groq-api-key", "carepolicy-hub/groq-api-key"),
    ],
)
def test_names_of_the_document_come_out_exactly(hub: Graph, address: str, name: str) -> None:
    assert hub.resources[address].properties["name"] == name


def test_the_repository_scans_images_when_they_are_pushed(hub: Graph) -> None:
    assert hub.resources["repository.carepolicy-hub"].properties["scan_on_push"] is True


def test_the_variables_of_the_document_are_set_and_no_other(hub: Graph) -> None:
    assert variables(hub, "carepolicy-hub", "carepolicy-hub") == {
        "ENVIRONMENT": "production",
        "DEBUG": "false",
        "PORT": "5001",
        "APP_BASE_URL": "https://carepolicy-hub.example.com",
        "STORAGE_BACKEND": "s3",
        "S3_BUCKET": Ref("bucket.documents", "name"),
        "AWS_REGION": "us-east-1",
    }


def test_the_three_secrets_of_the_document_are_injected_and_two_are_made_up(hub: Graph) -> None:
    assert set(injected(hub, "carepolicy-hub", "carepolicy-hub")) == {"SECRET_KEY", "JWT_SECRET", "GROQ_API_KEY"}
    assert hub.resources["secret.secret-key"].properties["value"] == SecretInput("SECRET_KEY", 64)
    assert hub.resources["secret.groq-api-key"].properties["value"] == SecretInput("GROQ_API_KEY")


def test_sign_in_secrets_are_there_once_given_and_stay_once_made() -> None:
    made = graph(
        "carepolicy-hub",
        None,
        given_secrets=frozenset({"GOOGLE_CLIENT_ID"}),
        present_secrets=frozenset({"carepolicy-hub/ms-client-id"}),
    )
    variables_now = set(injected(made, "carepolicy-hub", "carepolicy-hub"))
    assert variables_now >= {"GOOGLE_CLIENT_ID", "MS_CLIENT_ID"}
    assert not variables_now & {"GOOGLE_CLIENT_SECRET", "MS_CLIENT_SECRET"}
    assert Ref("secret.google-client-id", "arn") in statements(made, "execution")["ReadOwnSecrets"][1]


def test_the_bucket_is_versioned_encrypted_and_private(hub: Graph) -> None:
    bucket = hub.resources["bucket.documents"].properties
    assert (bucket["versioning"], bucket["encryption"], bucket["block_public"]) == (True, "sse-s3", True)


def test_the_code_may_read_write_and_list_its_documents(hub: Graph) -> None:
    bucket = (("bucket", Ref("bucket.documents", "name")),)
    assert statements(hub, "carepolicy-hub") == {
        "Objects1": (["s3:GetObject", "s3:PutObject"], [Text("arn:aws:s3:::{bucket}/*", bucket)]),
        "List1": (["s3:ListBucket"], [Text("arn:aws:s3:::{bucket}", bucket)]),
    }


def test_http_is_sent_on_to_https_and_only_the_load_balancer_reaches_the_container(hub: Graph) -> None:
    assert of_kind(hub, "listener")["http"].properties["action"] == {"redirect": "443"}
    assert traffic(hub) == {
        "alb in 443 from anywhere",
        "alb in 80 from anywhere",
        "alb out 5001 to carepolicy-hub",
        "carepolicy-hub in 5001 from alb",
        "carepolicy-hub out 443 to anywhere",
    }


def test_the_certificate_is_proved_in_the_zone_before_https_uses_it(hub: Graph) -> None:
    assert hub.resources["hosted_zone.main"].properties["name"] == "example.com."
    assert hub.dependencies("certificate_validation.main") == {"certificate.main", "record.validation"}
    assert hub.resources["listener.https"].properties["certificate"] == Ref("certificate_validation.main", "arn")
    assert hub.resources["record.main"].properties["alias"] == {
        "dns_name": Ref("load_balancer.main", "dns_name"),
        "zone_id": Ref("load_balancer.main", "zone_id"),
    }


def test_the_task_has_the_size_and_the_health_check_of_the_document(hub: Graph) -> None:
    task = hub.resources["task_definition.carepolicy-hub"].properties
    assert (task["cpu"], task["memory"]) == (1024, 2048)
    check = container(hub, "carepolicy-hub", "carepolicy-hub")["healthCheck"]
    assert check["command"] == ["CMD-SHELL", "curl -f http://localhost:5001/health || exit 1"]


def test_logs_go_to_the_log_group_and_never_stop_the_application(hub: Graph) -> None:
    logging = container(hub, "carepolicy-hub", "carepolicy-hub")["logConfiguration"]
    assert logging["logDriver"] == "awslogs"
    assert logging["options"]["awslogs-group"] == Ref("log_group.carepolicy-hub", "name")
    assert logging["options"]["awslogs-stream-prefix"] == "carepolicy-hub"
    assert logging["options"]["mode"] == "non-blocking"


def test_execution_and_task_role_are_apart_and_only_ecs_of_this_account_assumes_them(hub: Graph) -> None:
    task = hub.resources["task_definition.carepolicy-hub"].properties
    assert task["execution_role"] != task["task_role"]
    for role in of_kind(hub, "role").values():
        (trust,) = role.properties["trust"]["Statement"]
        assert role.properties["path"] == "/pilotage/carepolicy-hub/main/"
        assert trust["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert trust["Condition"] == {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:us-east-1:{ACCOUNT}:*"},
        }


def test_a_public_task_waits_for_its_way_out_its_listener_and_its_rules(hub: Graph) -> None:
    assert hub.dependencies("service.carepolicy-hub") >= {
        "listener.https",
        "route_table.public",
        "vpc_endpoint.s3",
        "security_group_rule.carepolicy-hub-https",
        "security_group_rule.carepolicy-hub-from-alb-5001",
        "security_group_rule.alb-to-carepolicy-hub-5001",
    }
    assert hub.resources["service.carepolicy-hub"].properties["public_ip"] is True


def test_the_receipt_tells_both_redirect_addresses(hub: Graph) -> None:
    assert hub.outputs["google_redirect"] == "https://carepolicy-hub.example.com/auth/callback/google"
    assert hub.outputs["microsoft_redirect"] == "https://carepolicy-hub.example.com/auth/callback/microsoft"
