"""Databases, queues, files, keys and networks that no starter has: what each choice makes, and who reaches it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.options.starters import container, expansion, of_kind, statements, traffic, written
from tests.options.test_graphs import check
from wizard.engine.graph import Graph
from wizard.engine.values import Ref
from wizard.options import expand

SHOP = """
blueprint: 1
name: shop
region: us-east-1
services:
  web:
    {service}
    containers:
      web:
        image: ghcr.io/owner/shop:1
        port: 8080
        {box}
  idle:
    containers:
      idle: {{image: "ghcr.io/owner/idle:1"}}
"""
PRIVATE = "network: {kind: new-vpc, nat: one}\n"
KEY = Ref("kms_key.main", "arn")


def shop(more: str, *, box: str = "", service: str = "", network: str = PRIVATE) -> Graph:
    """A graph of two services, of which `web` alone is told of what `more` asks for."""
    made = expand(expansion(written(SHOP.format(box=box, service=service) + network + more)))
    check(made)
    return made


def test_a_network_that_is_left_out_is_the_default_vpc_which_is_looked_up() -> None:
    made = shop("", network="")
    assert not of_kind(made, "vpc")
    service = made.resources["service.web"].properties
    assert service["subnets"] == [Ref("default_subnet.a", "id"), Ref("default_subnet.b", "id")]
    assert service["public_ip"] is True
    assert made.resources["security_group.web"].properties["vpc"] == Ref("default_vpc.main", "id")


def test_a_queue_puts_failed_messages_aside_and_the_code_may_send_and_receive() -> None:
    rights = "rights: [{to: broker, allow: [send, receive]}]"
    made = shop("broker: {kind: sqs, dead_letter_after: 3}\n", service=rights)
    queue = made.resources["queue.main"].properties
    assert queue["dead_letter"] == {"arn": Ref("queue.dead-letter", "arn"), "max_receives": 3}
    assert (queue["encryption"], queue["tls_only"]) == ("sse-sqs", True)
    actions, resources = statements(made, "web")["UseQueue"]
    assert {"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"} <= set(actions)
    assert resources == [Ref("queue.main", "arn")]
    assert statements(made, "idle") == {}


def test_both_queues_of_a_fifo_queue_have_the_ending_that_sqs_demands() -> None:
    made = shop("broker: {kind: sqs, fifo: true}\n")
    assert all(queue.properties["name"].endswith(".fifo") for queue in of_kind(made, "queue").values())


def test_a_table_is_reached_with_exactly_the_rights_that_are_given() -> None:
    rights = "rights: [{to: database, allow: [read]}]"
    made = shop("database: {kind: dynamodb, sort_key: at}\n", service=rights)
    table = made.resources["table.main"].properties
    assert (table["hash_key"], table["range_key"]) == ({"name": "id", "type": "S"}, {"name": "at", "type": "S"})
    actions, resources = statements(made, "web")["UseTable"]
    assert not any(verb in action for action in actions for verb in ("Put", "Update", "Delete"))
    assert resources == [Ref("table.main", "arn")]


def test_aurora_scales_between_its_bounds_and_admits_who_is_told_of_it() -> None:
    made = shop(
        "database: {kind: aurora-postgres, min_acu: 0, max_acu: 2, instances: 2}\n"
        "secrets: {url: {composed: database-uri}}\n",
        box="secrets: {DATABASE_URL: url}",
    )
    cluster = made.resources["db_cluster.main"].properties
    assert (cluster["engine"], cluster["min_capacity"], cluster["max_capacity"]) == ("aurora-postgresql", 0, 2)
    assert {rule for rule in traffic(made) if "5432" in rule} == {
        "database in 5432 from web",
        "web out 5432 to database",
    }
    assert {"db_cluster_instance.1", "db_cluster_instance.2"} <= made.dependencies("service.web")
    assert not {"db_cluster_instance.1"} & made.dependencies("service.idle")


def test_files_are_mounted_over_tls_by_the_service_that_names_them_and_no_other() -> None:
    made = shop("storage: {files: {kind: efs}}\n", box="mounts: {files: /mnt/files}")
    assert {rule for rule in traffic(made) if "2049" in rule} == {
        "files-files in 2049 from web",
        "web out 2049 to files-files",
    }
    (volume,) = made.resources["task_definition.web"].properties["volumes"]
    how = volume["efsVolumeConfiguration"]
    assert (how["transitEncryption"], how["authorizationConfig"]["iam"]) == ("ENABLED", "ENABLED")
    assert container(made, "web", "web")["mountPoints"] == [
        {"sourceVolume": "files", "containerPath": "/mnt/files", "readOnly": False}
    ]
    assert statements(made, "web")["Files1"][1] == [Ref("file_system.files", "arn")]
    assert statements(made, "idle") == {}
    assert {"mount_target.files-1", "mount_target.files-2"} <= made.dependencies("service.web")


@pytest.mark.parametrize(
    ("more", "address", "sealed"),
    [
        ("storage: {files: {kind: efs}}", "file_system.files", "kms_key"),
        ("database: {kind: dynamodb}", "table.main", "kms_key"),
        ("broker: {kind: sqs}", "queue.main", "encryption"),
        ("broker: {kind: sqs}", "queue.dead-letter", "encryption"),
        ("database: {kind: documentdb}", "db_cluster.main", "kms_key"),
        ("secrets: {token: {generate: true}}", "secret.token", "kms_key"),
        ("secrets: {token: {generate: true, store: ssm}}", "parameter.token", "kms_key"),
        ("storage: {files: {kind: s3}}", "bucket.files", "encryption"),
        ("", "log_group.web", "kms_key"),
    ],
)
def test_the_own_key_seals_whatever_is_kept(more: str, address: str, sealed: str) -> None:
    made = shop(f"hardening: {{kms: true}}\n{more}\n")
    assert made.resources[address].properties[sealed] == KEY


def test_a_key_for_one_bucket_leaves_everything_else_with_the_keys_of_aws() -> None:
    made = shop("storage: {files: {kind: s3, encryption: kms}, others: {kind: s3}}\n")
    assert made.resources["bucket.files"].properties["encryption"] == KEY
    assert made.resources["bucket.others"].properties["encryption"] == "sse-s3"
    assert "kms_key" not in made.resources["log_group.web"].properties


def test_the_execution_role_may_open_sealed_secrets_and_only_then() -> None:
    def allowed(hardening: str) -> dict[str, Any]:
        more = f"secrets: {{token: {{generate: true}}}}\n{hardening}"
        return statements(shop(more, box="secrets: {TOKEN: token}"), "execution")

    assert "OpenOwnSecrets" not in allowed("")
    assert allowed("hardening: {kms: true}\n")["OpenOwnSecrets"] == (["kms:Decrypt"], [KEY])


def test_an_email_address_is_told_of_alarms_once_the_person_confirms() -> None:
    made = shop("observability: {alarms: true, email: ops@example.com}\n")
    assert made.resources["subscription.email"].properties["endpoint"] == "ops@example.com"
    assert "must confirm" in made.outputs["alarm_email"]


def test_without_alarms_and_without_an_address_there_is_no_topic() -> None:
    assert not of_kind(shop(""), "topic")


@pytest.mark.parametrize(
    ("nat", "endpoints"), [("none", {"s3", "ecr-api", "ecr-dkr", "logs", "secretsmanager", "sqs"}), ("one", set())]
)
def test_private_tasks_without_nat_get_the_endpoints_of_what_they_call(nat: str, endpoints: set[str]) -> None:
    network = f"network: {{kind: new-vpc, nat: {nat}}}\n"
    made = shop("broker: {kind: sqs}\nsecrets: {token: {generate: true}}\n", network=network)
    assert set(of_kind(made, "vpc_endpoint")) == endpoints


def test_github_may_deploy_from_one_branch_what_is_this_applications_own() -> None:
    made = shop("delivery: {github: {repository: owner/shop, branch: release}}\n")
    (trust,) = made.resources["role.deploy"].properties["trust"]["Statement"]
    assert trust["Principal"] == {"Federated": Ref("oidc_provider.github", "arn")}
    assert trust["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:owner/shop:ref:refs/heads/release",
    }
    allowed = statements(made, "deploy")
    wildcards = [actions for actions, resources in allowed.values() if "*" in resources]
    assert wildcards == [["ecs:DescribeTaskDefinition"]]
    assert allowed["HandOnOwnRoles"][1] == [
        Ref("role.execution", "arn"),
        Ref("role.web", "arn"),
        Ref("role.idle", "arn"),
    ]
    assert "PushOwnImages" not in allowed


def test_a_disk_that_may_grow_is_told_how_far_and_any_other_not_to() -> None:
    def most(more: str) -> Any:
        return shop(f"database: {{kind: rds-postgres{more}}}\n").resources["db_instance.main"].properties

    assert most(", max_storage_gib: 100")["max_storage_gib"] == 100
    assert most("")["max_storage_gib"] == 0


def test_the_password_that_aws_rotates_for_aurora_is_read_from_its_own_secret() -> None:
    more = "database: {kind: aurora-postgres, password: rotated}\n"
    secrets = "secrets: {user: {composed: database-username}, password: {composed: database-password}}\n"
    made = shop(more + secrets, box="secrets: {DB_USER: user, DB_PASSWORD: password}")
    cluster = made.resources["db_cluster.main"].properties
    assert (cluster["managed_password"], cluster["password"]) == (True, None)
    assert not of_kind(made, "secret")
    (words,) = {
        each["valueFrom"].template for each in container(made, "web", "web")["secrets"] if each["name"] == "DB_PASSWORD"
    }
    assert words == "{secret}:password::"
    assert "every seven days" in made.outputs["database_password"]


def test_old_versions_of_objects_and_files_that_nobody_reads_move_on() -> None:
    made = shop(
        "storage:\n"
        "  objects: {kind: s3, versioning: true, lifecycle: [{old_versions_after_days: 30}]}\n"
        "  files: {kind: efs, to_ia_after_days: 30}\n"
    )
    assert made.resources["bucket.objects"].properties["lifecycle"][0]["old_versions_days"] == 30
    assert made.resources["file_system.files"].properties["to_ia_days"] == 30


@pytest.mark.parametrize("known", ["given_secrets", "present_secrets"])
def test_an_optional_parameter_is_there_while_a_value_is_given_or_kept(known: str) -> None:
    names = {"given_secrets": "TOKEN", "present_secrets": "/shop/main/token"}
    blueprint = written(
        SHOP.format(box="secrets: {TOKEN: token}", service="")
        + PRIVATE
        + "names: {parts: {parameter: '/{app}/{env}/{part}'}}\nsecrets: {token: {store: ssm, optional: true}}\n"
    )
    given: dict[str, Any] = {known: frozenset({names[known]})}
    without, having = expand(expansion(blueprint)), expand(expansion(blueprint, **given))
    assert not of_kind(without, "parameter")
    assert container(without, "web", "web")["secrets"] == []
    assert having.resources["parameter.token"].properties["name"] == "/shop/main/token"
