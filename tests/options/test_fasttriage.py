"""FastTriage `dev` as its own document describes it (systems: 4-fasttriage)."""

from __future__ import annotations

import pytest

from tests.options.starters import container, graph, injected, of_kind, statements, traffic, variables
from wizard.engine.graph import Graph
from wizard.engine.values import Ref, SecretInput, Sensitive, Text, resolve


@pytest.fixture(scope="module")
def dev() -> Graph:
    return graph("fasttriage", "dev")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("vpc.main", "fasttriage-dev-vpc"),
        ("cluster.main", "fasttriage-dev-cluster"),
        ("load_balancer.main", "fasttriage-dev-alb"),
        ("repository.backend", "fasttriage-backend"),
        ("repository.llm-worker", "fasttriage-llm-worker"),
        ("log_group.backend", "/ecs/fasttriage-dev-backend"),
        ("log_group.worker", "/ecs/fasttriage-dev-worker"),
    ],
)
def test_names_of_the_document_come_out_exactly(dev: Graph, address: str, name: str) -> None:
    assert dev.resources[address].properties["name"] == name


def test_the_bucket_has_a_suffix_that_makes_its_name_unique(dev: Graph) -> None:
    name = dev.resources["bucket.artifacts"].properties["name"]
    assert name.startswith("fasttriage-dev-artifacts-")
    assert len(name) > len("fasttriage-dev-artifacts-")


def test_two_zones_each_have_a_public_and_a_private_subnet(dev: Graph) -> None:
    subnets = of_kind(dev, "subnet")
    assert set(subnets) == {"public-a", "public-b", "private-a", "private-b"}
    assert {subnet.properties["zone"] for subnet in subnets.values()} == {"us-east-1a", "us-east-1b"}
    assert len({subnet.properties["cidr"] for subnet in subnets.values()}) == 4


def test_public_subnets_go_to_the_internet_gateway_and_private_ones_to_nat(dev: Graph) -> None:
    tables = {name: table.properties for name, table in of_kind(dev, "route_table").items()}
    assert tables["public"]["routes"] == {"0.0.0.0/0": Ref("internet_gateway.main", "id")}
    assert tables["private"]["routes"] == {"0.0.0.0/0": Ref("nat_gateway.a", "id")}
    assert tables["private"]["subnets"] == [Ref("subnet.private-a", "id"), Ref("subnet.private-b", "id")]


def test_the_nat_gateway_stands_in_a_public_subnet_and_waits_for_the_internet_gateway(dev: Graph) -> None:
    assert dev.dependencies("nat_gateway.a") == {"subnet.public-a", "elastic_ip.a", "internet_gateway.main"}


def test_reports_reach_s3_without_nat(dev: Graph) -> None:
    endpoint = dev.resources["vpc_endpoint.s3"].properties
    assert (endpoint["service"], endpoint["type"]) == ("s3", "gateway")
    assert endpoint["route_tables"] == [Ref("route_table.private", "id")]


def test_there_are_exactly_the_four_security_groups_of_the_document(dev: Graph) -> None:
    assert set(of_kind(dev, "security_group")) == {"alb", "backend", "worker", "broker"}
    assert not any(group.properties["allow_all_egress"] for group in of_kind(dev, "security_group").values())


def test_who_may_talk_to_whom_is_what_the_document_says_and_nothing_else(dev: Graph) -> None:
    assert traffic(dev) == {
        "alb in 443 from anywhere",
        "alb out 8000 to backend",
        "backend in 8000 from alb",
        "backend out 443 to anywhere",
        "backend out 5671 to broker",
        "backend out 27017 to anywhere",
        "worker out 443 to anywhere",
        "worker out 5671 to broker",
        "worker out 27017 to anywhere",
        "broker in 5671 from backend",
        "broker in 5671 from worker",
    }


def test_tasks_and_broker_are_private(dev: Graph) -> None:
    private = [Ref("subnet.private-a", "id"), Ref("subnet.private-b", "id")]
    for service in of_kind(dev, "service").values():
        assert service.properties["subnets"] == private
        assert service.properties["public_ip"] is False
    assert dev.resources["broker.main"].properties["subnets"] == private[:1]


def test_the_broker_is_rabbitmq_with_a_password_that_is_made_up_once(dev: Graph) -> None:
    broker = dev.resources["broker.main"].properties
    assert (broker["mode"], broker["instance"], broker["version"]) == ("single", "mq.m7g.medium", "4.2")
    assert broker["password"] == Ref("secret.broker-password", "value")
    assert dev.resources["secret.broker-password"].properties["value"] == SecretInput("BROKER_PASSWORD", 32)


def test_the_address_of_the_broker_is_composed_with_tls_and_never_shown(dev: Graph) -> None:
    attributes = {"host": "b-1.mq.example.com", "port": "5671", "value": Sensitive("f" * 64, lambda: "s3cr3t")}
    value = dev.resources["secret.amq-rabbitmq-uri"].properties["value"]
    composed = resolve(value, lambda ref: attributes[ref.attribute], lambda _: None)
    assert composed.reveal() == "amqps://fasttriage:s3cr3t@b-1.mq.example.com:5671"
    assert "s3cr3t" not in repr(composed)


def test_backend_and_worker_get_the_secrets_that_the_document_lists_and_no_other(dev: Graph) -> None:
    assert injected(dev, "backend", "backend") == {
        "TWILIO_ACCOUNT_SID": Ref("secret.twilio-account-sid", "arn"),
        "TWILIO_AUTH_TOKEN": Ref("secret.twilio-auth-token", "arn"),
        "MONGO_URI": Ref("secret.mongo-uri", "arn"),
        "AMQ_RABBITMQ_URI": Ref("secret.amq-rabbitmq-uri", "arn"),
    }
    assert injected(dev, "worker", "llm-worker") == {
        "MONGO_URI": Ref("secret.mongo-uri", "arn"),
        "AMQ_RABBITMQ_URI": Ref("secret.amq-rabbitmq-uri", "arn"),
        "IBM_WATSONX_API_KEY": Ref("secret.ibm-watsonx-api-key", "arn"),
    }


def test_the_address_of_mongodb_is_given_by_a_person(dev: Graph) -> None:
    assert dev.resources["secret.mongo-uri"].properties["value"] == SecretInput("MONGO_URI")


def test_each_service_has_a_role_for_reports_and_its_own_secrets_and_can_delete_nothing(dev: Graph) -> None:
    objects = Text("arn:aws:s3:::{bucket}/triage/*", (("bucket", Ref("bucket.artifacts", "name")),))
    own = {"backend": ("twilio-account-sid", "twilio-auth-token"), "worker": ("ibm-watsonx-api-key",)}
    for service, names in own.items():
        secrets = [Ref(f"secret.{name}", "arn") for name in sorted(("amq-rabbitmq-uri", "mongo-uri", *names))]
        assert statements(dev, service) == {
            "Objects1": (["s3:GetObject", "s3:PutObject"], [objects]),
            "CodeReadOwnSecrets": (["secretsmanager:GetSecretValue"], secrets),
        }
        assert dev.resources[f"task_definition.{service}"].properties["task_role"] == Ref(f"role.{service}", "arn")


def test_the_execution_role_pulls_logs_and_reads_exactly_what_is_ours(dev: Graph) -> None:
    allowed = statements(dev, "execution")
    assert allowed["PullOwnImages"][1] == [Ref("repository.backend", "arn"), Ref("repository.llm-worker", "arn")]
    assert allowed["ReadOwnSecrets"] == (
        ["secretsmanager:GetSecretValue"],
        [
            Ref("secret.amq-rabbitmq-uri", "arn"),
            Ref("secret.ibm-watsonx-api-key", "arn"),
            Ref("secret.mongo-uri", "arn"),
            Ref("secret.twilio-account-sid", "arn"),
            Ref("secret.twilio-auth-token", "arn"),
        ],
    )
    wildcards = [actions for actions, resources in allowed.values() if "*" in resources]
    assert wildcards == [["ecr:GetAuthorizationToken"]]


def test_the_worker_is_told_to_take_one_job_at_a_time_and_is_replaced_one_at_a_time(dev: Graph) -> None:
    service = dev.resources["service.worker"].properties
    assert variables(dev, "worker", "llm-worker")["RABBITMQ_PREFETCH"] == "1"
    assert (service["count"], service["minimum_healthy"], service["maximum"]) == (1, 0, 100)
    assert service["load_balancers"] == []
    assert "portMappings" not in container(dev, "worker", "llm-worker")


def test_the_worker_may_finish_its_job_when_it_is_told_to_stop(dev: Graph) -> None:
    assert container(dev, "worker", "llm-worker")["stopTimeout"] == 120


@pytest.mark.parametrize(("service", "size"), [("backend", (512, 1024)), ("worker", (2048, 4096))])
def test_tasks_have_the_sizes_of_the_document(dev: Graph, service: str, size: tuple[int, int]) -> None:
    properties = dev.resources[f"task_definition.{service}"].properties
    assert (properties["cpu"], properties["memory"]) == size


def test_only_https_is_listened_to_and_it_leads_to_the_backend(dev: Graph) -> None:
    listeners = of_kind(dev, "listener")
    assert set(listeners) == {"https"}
    assert listeners["https"].properties["action"] == {"forward": Ref("target_group.backend", "arn")}
    target = dev.resources["target_group.backend"].properties
    assert (target["port"], target["protocol"], target["health"]["path"]) == (8000, "HTTP", "/health")


def test_old_reports_move_to_colder_storage_and_are_never_deleted(dev: Graph) -> None:
    bucket = dev.resources["bucket.artifacts"].properties
    assert (bucket["block_public"], bucket["encryption"]) == (True, "sse-s3")
    assert {"STANDARD_IA": 90, "GLACIER": 365} in [rule.get("transitions") for rule in bucket["lifecycle"]]
    assert not any("expire_days" in rule for rule in bucket["lifecycle"])


def test_the_receipt_tells_the_webhook_and_the_addresses_that_atlas_must_allow(dev: Graph) -> None:
    outputs = {
        name: resolve(value, lambda ref: f"<{ref.address}>", lambda _: None) for name, value in dev.outputs.items()
    }
    assert outputs["url"] == "https://fasttriage-dev.example.com"
    assert outputs["twilio_webhook"] == "https://fasttriage-dev.example.com/webhook/twilio"
    assert outputs["nat_addresses"] == "<elastic_ip.a>"
    assert outputs["database_allow_list"] == (
        "Allow these addresses in your MongoDB (Atlas: Network Access): <elastic_ip.a>"
    )
    assert outputs["repository_llm_worker"] == "<repository.llm-worker>"
