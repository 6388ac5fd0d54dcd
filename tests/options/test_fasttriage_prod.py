"""FastTriage `prod` where it is harder than `dev` (systems: 4-fasttriage)."""

from __future__ import annotations

import pytest

from tests.options.starters import graph, injected, of_kind, statements, traffic
from wizard.engine.graph import Graph
from wizard.engine.values import Ref, SecretInput, Sensitive, resolve


@pytest.fixture(scope="module")
def prod() -> Graph:
    return graph("fasttriage", "prod")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("vpc.main", "fasttriage-prod-vpc"),
        ("cluster.main", "fasttriage-prod-cluster"),
        ("load_balancer.main", "fasttriage-prod-alb"),
        ("repository.backend", "fasttriage-backend"),
        ("log_group.backend", "/ecs/fasttriage-prod-backend"),
        ("log_group.worker", "/ecs/fasttriage-prod-worker"),
    ],
)
def test_names_of_the_document_come_out_exactly(prod: Graph, address: str, name: str) -> None:
    assert prod.resources[address].properties["name"] == name


def test_each_zone_has_a_nat_gateway_and_the_broker_is_a_cluster(prod: Graph) -> None:
    assert set(of_kind(prod, "nat_gateway")) == {"a", "b"}
    assert prod.resources["broker.main"].properties["mode"] == "cluster"


def test_two_backends_run_and_one_worker(prod: Graph) -> None:
    services = {name: service.properties for name, service in of_kind(prod, "service").items()}
    assert (services["backend"]["count"], services["worker"]["count"]) == (2, 1)
    assert services["backend"]["minimum_healthy"] >= 50
    assert not of_kind(prod, "scalable_target")


def test_documentdb_is_reached_by_both_services_and_nobody_else(prod: Graph) -> None:
    assert {rule for rule in traffic(prod) if "27017" in rule} == {
        "backend out 27017 to database",
        "worker out 27017 to database",
        "database in 27017 from backend",
        "database in 27017 from worker",
    }
    cluster = prod.resources["db_cluster.main"].properties
    assert (cluster["engine"], cluster["encrypted"], cluster["deletion_protection"]) == ("docdb", True, True)
    assert prod.resources["db_parameter_group.main"].properties["parameters"] == {"tls": "enabled"}
    assert set(of_kind(prod, "db_cluster_instance")) == {"1", "2"}


def test_services_wait_for_the_instances_of_their_database(prod: Graph) -> None:
    for service in ("backend", "worker"):
        assert {"db_cluster_instance.1", "db_cluster_instance.2"} <= prod.dependencies(f"service.{service}")


def test_the_mongo_uri_is_composed_with_tls_and_never_asked_for(prod: Graph) -> None:
    def known(ref: Ref) -> object:
        return {"host": "docs.example", "value": Sensitive("f", lambda: "pass")}[ref.attribute]

    uri = resolve(prod.resources["secret.mongo-uri"].properties["value"], known, lambda _: None)
    assert uri.reveal() == (
        "mongodb://fasttriage:pass@docs.example:27017/fasttriage"
        "?tls=true&replicaSet=rs0&readPreference=primary&retryWrites=false"
    )
    assert injected(prod, "worker", "llm-worker")["MONGO_URI"] == Ref("secret.mongo-uri", "arn")


@pytest.mark.parametrize("known", ["given_secrets", "present_secrets"])
def test_a_mongo_uri_that_is_given_means_a_database_elsewhere_also_in_later_runs(known: str) -> None:
    names = {"given_secrets": "MONGO_URI", "present_secrets": "fasttriage/prod/mongo-uri"}
    made = graph("fasttriage", "prod", **{known: frozenset({names[known]})})
    assert not of_kind(made, "db_cluster")
    assert made.resources["secret.mongo-uri"].properties["value"] == SecretInput("MONGO_URI")
    assert "worker out 27017 to anywhere" in traffic(made)
    assert "Atlas" in made.outputs["database_allow_list"].template


def test_a_database_that_is_made_already_is_kept_whatever_is_given() -> None:
    present = frozenset({"fasttriage/prod/mongo-uri", "fasttriage/prod/database-password"})
    made = graph("fasttriage", "prod", given_secrets=frozenset({"MONGO_URI"}), present_secrets=present)
    assert of_kind(made, "db_cluster")


def test_waf_stands_in_front_of_the_load_balancer(prod: Graph) -> None:
    placed = prod.resources["web_acl_association.main"].properties
    assert placed == {"web_acl": Ref("web_acl.main", "arn"), "resource": Ref("load_balancer.main", "arn")}
    assert "AWSManagedRulesCommonRuleSet" in prod.resources["web_acl.main"].properties["managed_rules"]


@pytest.mark.parametrize(
    ("alarm", "metric", "comparison", "threshold"),
    [
        ("5xx-target", "HTTPCode_Target_5XX_Count", "GreaterThanThreshold", 10),
        ("5xx-elb", "HTTPCode_ELB_5XX_Count", "GreaterThanThreshold", 10),
        ("backend-healthy", "HealthyHostCount", "LessThanThreshold", 2),
        ("backend-unhealthy", "UnHealthyHostCount", "GreaterThanOrEqualToThreshold", 1),
        ("backend-cpu", "CPUUtilization", "GreaterThanThreshold", 80),
        ("backend-memory", "MemoryUtilization", "GreaterThanThreshold", 80),
        ("worker-cpu", "CPUUtilization", "GreaterThanThreshold", 80),
        ("worker-memory", "MemoryUtilization", "GreaterThanThreshold", 80),
        ("broker-cpu", "SystemCpuUtilization", "GreaterThanThreshold", 80),
        ("broker-backlog", "MessageReadyCount", "GreaterThanThreshold", 1000),
    ],
)
def test_each_alarm_of_the_document_watches_its_metric(
    prod: Graph, alarm: str, metric: str, comparison: str, threshold: int
) -> None:
    found = prod.resources[f"alarm.{alarm}"].properties
    assert (found["metric"], found["comparison"], found["threshold"]) == (metric, comparison, threshold)
    assert found["topic"] == Ref("topic.main", "arn")


def test_alarms_name_the_things_that_are_made(prod: Graph) -> None:
    assert prod.resources["alarm.backend-cpu"].properties["dimensions"] == {
        "ClusterName": Ref("cluster.main", "name"),
        "ServiceName": Ref("service.backend", "name"),
    }
    assert prod.resources["alarm.backend-healthy"].properties["dimensions"] == {
        "LoadBalancer": Ref("load_balancer.main", "full_name"),
        "TargetGroup": Ref("target_group.backend", "full_name"),
    }
    assert prod.resources["alarm.database-cpu"].properties["namespace"] == "AWS/DocDB"


def test_alarms_of_memory_know_the_size_of_the_brokers_nodes(prod: Graph) -> None:
    assert prod.resources["alarm.broker-memory"].properties["threshold"] == pytest.approx(8 * 2**30 * 0.3)


def test_still_nobody_may_delete_a_report(prod: Graph) -> None:
    for service in ("backend", "worker"):
        allowed = {action for actions, _ in statements(prod, service).values() for action in actions}
        assert allowed == {"s3:GetObject", "s3:PutObject", "secretsmanager:GetSecretValue"}


def test_deletion_is_protected_and_logs_stay_a_year(prod: Graph) -> None:
    assert prod.resources["load_balancer.main"].properties["deletion_protection"] is True
    assert {group.properties["retention_days"] for group in of_kind(prod, "log_group").values()} == {365}
