"""Rung as its own document describes it, `dev` and `prod` (systems: 5-rung)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.options.starters import container, graph, injected, of_kind, statements, traffic, variables
from wizard.engine.graph import Graph
from wizard.engine.values import Ref, Text

KEY = Ref("kms_key.main", "arn")


@pytest.fixture(scope="module")
def dev() -> Graph:
    return graph("rung", "dev")


@pytest.fixture(scope="module")
def prod() -> Graph:
    return graph("rung", "prod")


@pytest.fixture(scope="module", params=["dev", "prod"])
def both(request: pytest.FixtureRequest) -> Graph:
    return graph("rung", request.param)


@pytest.mark.parametrize("env", ["dev", "prod"])
def test_the_repository_has_the_name_of_the_document(env: str) -> None:
    repository = graph("rung", env).resources["repository.rung"].properties
    assert (repository["name"], repository["scan_on_push"]) == (f"rung-{env}", True)


def test_no_way_leads_out_and_endpoints_stand_for_everything_that_tasks_call(both: Graph) -> None:
    assert not of_kind(both, "nat_gateway")
    assert both.resources["route_table.private"].properties["routes"] == {}
    assert both.resources["service.rung"].properties["public_ip"] is False
    assert set(of_kind(both, "vpc_endpoint")) == {
        "s3",
        "bedrock-runtime",
        "ecr-api",
        "ecr-dkr",
        "logs",
        "secretsmanager",
        "transcribe",
        "monitoring",
        "kms",
    }
    waits = both.dependencies("service.rung")
    assert {f"vpc_endpoint.{name}" for name in of_kind(both, "vpc_endpoint")} <= waits


def test_who_may_talk_to_whom(both: Graph) -> None:
    assert traffic(both) == {
        "alb in 80 from anywhere",
        "alb in 443 from anywhere",
        "alb out 8000 to rung",
        "rung in 8000 from alb",
        "rung out 443 to anywhere",
        "rung out 5432 to database",
        "database in 5432 from rung",
        "endpoints in 443 from rung",
    }


def test_traffic_is_recorded_for_a_year_by_a_role_of_its_own(both: Graph) -> None:
    record = both.resources["flow_log.main"].properties
    assert (record["vpc"], record["traffic"]) == (Ref("vpc.main", "id"), "ALL")
    assert both.resources["log_group.flow-logs"].properties["retention_days"] == 365
    (trust,) = both.resources["role.flow-logs"].properties["trust"]["Statement"]
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}


def test_one_key_encrypts_everything_that_is_kept(both: Graph) -> None:
    assert both.resources["repository.rung"].properties["encryption"] == KEY
    assert {bucket.properties["encryption"] for bucket in of_kind(both, "bucket").values()} == {KEY}
    assert {group.properties["kms_key"] for group in of_kind(both, "log_group").values()} == {KEY}
    assert both.resources["db_instance.main"].properties["kms_key"] == KEY
    assert both.resources["topic.main"].properties["kms_key"] == KEY


def test_the_key_lets_logs_and_alarms_of_this_account_use_it_and_rotates(both: Graph) -> None:
    key = both.resources["kms_key.main"].properties
    services = {
        statement["Principal"]["Service"]: statement["Condition"]
        for statement in key["policy"]["Statement"]
        if "Service" in statement["Principal"]
    }
    assert key["rotation"] is True
    assert set(services) >= {"logs.us-east-1.amazonaws.com", "cloudwatch.amazonaws.com"}
    assert all(services.values())


def test_the_container_is_not_root_and_cannot_change_itself(both: Graph) -> None:
    box = container(both, "rung", "rung")
    assert (box["user"], box["readonlyRootFilesystem"]) == ("rung", True)
    assert [mount["containerPath"] for mount in box["mountPoints"]] == ["/tmp"]


def test_the_database_credentials_rotate_and_the_receipt_says_what_to_do(both: Graph) -> None:
    server = both.resources["db_instance.main"].properties
    assert (server["managed_password"], server["password"]) == (True, None)
    secret = (("secret", Ref("db_instance.main", "secret_arn")),)
    assert injected(both, "rung", "rung") == {
        "DATABASE_USER": Text("{secret}:username::", secret),
        "DATABASE_PASSWORD": Text("{secret}:password::", secret),
    }
    assert "start the service again" in both.outputs["database_password"]
    assert statements(both, "execution")["ReadOwnSecrets"][1] == [Ref("db_instance.main", "secret_arn")]
    assert not of_kind(both, "secret")


def test_the_code_may_invoke_claude_transcribe_read_files_use_the_key_and_write_metrics(both: Graph) -> None:
    allowed = statements(both, "rung")
    assert {action for actions, _ in allowed.values() for action in actions} == {
        "bedrock:InvokeModel",
        "bedrock:InvokeModelWithResponseStream",
        "transcribe:StartMedicalTranscriptionJob",
        "transcribe:GetMedicalTranscriptionJob",
        "s3:GetObject",
        "kms:Decrypt",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "cloudwatch:PutMetricData",
    }
    assert all("claude" in resource for resource in allowed["InvokeModels"][1])
    assert allowed["ObjectsKey3"][1] == [KEY]


@pytest.mark.parametrize(("env", "bounds"), [("dev", (1, 3)), ("prod", (2, 6))])
def test_the_number_of_tasks_follows_cpu_and_memory(env: str, bounds: tuple[int, int]) -> None:
    made = graph("rung", env)
    target = made.resources["scalable_target.rung"].properties
    assert (target["min"], target["max"]) == bounds
    policies = {
        each.properties["metric"]: each.properties["target"] for each in of_kind(made, "scaling_policy").values()
    }
    assert policies == {"cpu": 70, "memory": 80}
    service = made.resources["service.rung"].properties
    assert ("count" in service, service["start_count"]) == (False, bounds[0])


@pytest.mark.parametrize(
    ("alarm", "threshold"), [("rung-cpu", 80), ("rung-memory", 85), ("rung-unhealthy", 1), ("database-cpu", 80)]
)
def test_alarms_of_the_document_are_sent_to_the_topic(both: Graph, alarm: str, threshold: int) -> None:
    found = both.resources[f"alarm.{alarm}"].properties
    assert (found["threshold"], found["topic"]) == (threshold, Ref("topic.main", "arn"))


@pytest.mark.parametrize(("env", "size"), [("dev", (512, 1024)), ("prod", (1024, 2048))])
def test_tasks_have_the_sizes_of_the_document(env: str, size: tuple[int, int]) -> None:
    task = graph("rung", env).resources["task_definition.rung"].properties
    assert (task["cpu"], task["memory"]) == size


def test_a_failing_version_is_rolled_back_and_insights_are_on(both: Graph) -> None:
    breaker = both.resources["service.rung"].properties["breaker"]
    assert (breaker["enable"], breaker["rollback"]) == (True, True)
    assert both.resources["cluster.main"].properties["container_insights"] is True


def test_logs_stay_a_year(both: Graph) -> None:
    assert {group.properties["retention_days"] for group in of_kind(both, "log_group").values()} == {365}


def test_dev_is_plain_where_prod_is_hardened(dev: Graph, prod: Graph) -> None:
    def facts(made: Graph) -> tuple[Any, ...]:
        server, balancer = (
            made.resources["db_instance.main"].properties,
            made.resources["load_balancer.main"].properties,
        )
        return (
            server["deletion_protection"],
            server["multi_az"],
            balancer["deletion_protection"],
            variables(made, "rung", "rung")["RUNG_ENV"],
            sorted({"trail", "user_pool", "web_acl", "budget"} & {each.kind for each in made.resources.values()}),
        )

    assert facts(dev) == (False, False, False, "dev", [])
    assert facts(prod) == (True, True, True, "production", ["budget", "trail", "user_pool", "web_acl"])


def test_the_trail_writes_to_a_bucket_that_lets_nobody_else_write(prod: Graph) -> None:
    trail = prod.resources["trail.main"].properties
    assert (trail["multi_region"], trail["log_validation"], trail["logging"]) == (True, True, True)
    statements_of_bucket = prod.resources["bucket.trail"].properties["statements"]
    assert {each["Principal"]["Service"] for each in statements_of_bucket} == {"cloudtrail.amazonaws.com"}
    assert all("aws:SourceArn" in each["Condition"]["StringEquals"] for each in statements_of_bucket)


def test_the_preset_hardens_what_the_blueprint_leaves_soft() -> None:
    made = graph(
        "rung",
        "prod",
        "hardening.kms=false",
        "hardening.deletion_protection=false",
        "database.kms=false",
        "network.flow_logs_days=null",
        "storage.files.encryption=sse-s3",
        "services.rung.containers.rung.read_only_root=false",
    )
    assert made.resources["db_instance.main"].properties["kms_key"] == KEY
    assert made.resources["bucket.files"].properties["encryption"] == KEY
    assert made.resources["load_balancer.main"].properties["deletion_protection"] is True
    assert made.resources["log_group.flow-logs"].properties["retention_days"] == 365
    assert container(made, "rung", "rung")["readonlyRootFilesystem"] is True
