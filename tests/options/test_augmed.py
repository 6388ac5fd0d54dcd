"""AugMed as its own document describes it (systems: 3-augmed)."""

from __future__ import annotations

import pytest

from tests.options.starters import container, graph, injected, of_kind, statements, traffic, variables
from wizard.engine.graph import Graph
from wizard.engine.values import Ref, SecretInput, Sensitive, resolve


@pytest.fixture(scope="module")
def augmed() -> Graph:
    return graph("augmed", None)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("cluster.main", "augmed-cluster"),
        ("service.api", "augmed-api-service"),
        ("repository.api", "augmed-api"),
        ("log_group.api", "/ecs/augmed-api"),
        ("parameter.jwt-secret", "/augmed/production/jwt-secret"),
    ],
)
def test_names_of_the_document_come_out_exactly(augmed: Graph, address: str, name: str) -> None:
    assert augmed.resources[address].properties["name"] == name


def test_api_paths_reach_the_api_and_everything_else_is_a_plain_404(augmed: Graph) -> None:
    (rule,) = of_kind(augmed, "listener_rule").values()
    assert (rule.properties["paths"], rule.properties["forward"]) == (["/api/*"], Ref("target_group.api", "arn"))
    assert augmed.resources["listener.https"].properties["action"] == {"fixed": 404, "text": "Not found"}
    target = augmed.resources["target_group.api"].properties
    assert (target["port"], target["health"]["path"], target["health"]["codes"]) == (5000, "/api/healthcheck", "200")


def test_only_the_api_reaches_the_database(augmed: Graph) -> None:
    assert {rule for rule in traffic(augmed) if "database" in rule} == {
        "database in 5432 from api",
        "api out 5432 to database",
    }


def test_the_database_stands_in_private_subnets_encrypted_and_speaks_tls_only(augmed: Graph) -> None:
    server = augmed.resources["db_instance.main"].properties
    assert (server["engine"], server["encrypted"], server["lifecycle_support"]) == ("postgres", True, "disabled")
    assert server["security_groups"] == [Ref("security_group.database", "id")]
    private = [Ref("subnet.private-a", "id"), Ref("subnet.private-b", "id")]
    assert augmed.resources["db_subnet_group.main"].properties["subnets"] == private
    assert augmed.resources["db_parameter_group.main"].properties["parameters"] == {"rds.force_ssl": "1"}
    assert augmed.resources["route_table.private"].properties["routes"] == {}


def test_the_password_is_made_up_once_and_kept_in_one_secret(augmed: Graph) -> None:
    assert augmed.resources["secret.database-password"].properties["value"] == SecretInput("DATABASE_PASSWORD", 32)
    server = augmed.resources["db_instance.main"].properties
    assert server["password"] == Ref("secret.database-password", "value")
    assert server["managed_password"] is False
    assert set(of_kind(augmed, "secret")) == {"database-password", "database-url"}


def test_the_database_url_is_composed_and_nowhere_plain(augmed: Graph) -> None:
    def known(ref: Ref) -> object:
        return {"host": "db.example", "value": Sensitive("f", lambda: "pass")}[ref.attribute]

    url = resolve(augmed.resources["secret.database-url"].properties["value"], known, lambda _: None)
    assert url.reveal() == "postgresql://augmed:pass@db.example:5432/augmed"
    plain = variables(augmed, "api", "api")
    assert not {"DATABASE_URL", "POSTGRES_PASSWORD", "JWT_SECRET_KEY"} & set(plain)


def test_the_variables_of_the_document_are_set(augmed: Graph) -> None:
    assert variables(augmed, "api", "api") == {
        "AWS_REGION": "us-east-1",
        "S3_BUCKET": Ref("bucket.artifacts", "name"),
        "JWT_ACCESS_TOKEN_EXPIRES": "259200",
        "JWT_REFRESH_TOKEN_EXPIRES": "259200",
        "POSTGRES_USER": "augmed",
        "POSTGRES_DB": "augmed",
        "POSTGRES_HOST": Ref("db_instance.main", "host"),
        "POSTGRES_PORT": "5432",
    }
    assert injected(augmed, "api", "api") == {
        "DATABASE_URL": Ref("secret.database-url", "arn"),
        "JWT_SECRET_KEY": Ref("parameter.jwt-secret", "arn"),
        "POSTGRES_PASSWORD": Ref("secret.database-password", "arn"),
    }


def test_the_execution_role_reads_the_parameter_and_the_two_secrets_and_no_other(augmed: Graph) -> None:
    allowed = statements(augmed, "execution")
    assert allowed["ReadNamedParameters"] == (["ssm:GetParameters"], [Ref("parameter.jwt-secret", "arn")])
    assert allowed["ReadOwnSecrets"][1] == [
        Ref("secret.database-password", "arn"),
        Ref("secret.database-url", "arn"),
    ]


def test_the_image_comes_from_ecr_and_migrations_have_time_at_the_start(augmed: Graph) -> None:
    assert container(augmed, "api", "api")["image"] == Ref("image.api", "uri")
    assert augmed.resources["service.api"].properties["grace_seconds"] == 120


def test_the_receipt_warns_of_destructive_migrations(augmed: Graph) -> None:
    assert "drop tables" in augmed.outputs["migrations"]
