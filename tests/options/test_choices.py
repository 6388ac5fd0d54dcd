"""What changes when an answer changes."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from tests.options.starters import container, expansion, graph, injected, of_kind, statements, traffic, written
from wizard.engine.graph import Graph
from wizard.engine.values import Ref, Sensitive, Text, resolve
from wizard.errors import UsageError
from wizard.options import expand
from wizard.options.placeholder_image import IMAGE, command

TWO_CONTAINERS = """
blueprint: 1
name: shop
region: eu-central-1
network: {kind: new-vpc, tasks: public}
ingress:
  kind: alb
  host: www.shop.example.com
  routes:
    - {path: /api/*, service: web, container: backend}
    - {path: /, service: web, container: frontend}
  default: {status: 404}
services:
  web:
    containers:
      frontend: {image: "ghcr.io/owner/front:1", port: 80, depends_on: {backend: healthy}}
      backend:
        image: {repository: api}
        port: 8000
        read_only_root: true
        writable_paths: [/tmp]
        user: "1000"
        environment: {SETTINGS: '{{"home": "{url}", "region": "{region}"}}'}
        secrets: {API_KEY: key, TOKEN: token}
        health_check: {command: "true"}
secrets:
  key: {existing_arn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf:json::"}
  token: {existing_arn: "arn:aws:ssm:eu-central-1:123456789012:parameter/token"}
"""


def shop(*replacements: tuple[str, str], **given: Any) -> Graph:
    text = TWO_CONTAINERS
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return expand(expansion(written(text), **given))


def test_a_nat_gateway_in_each_zone_serves_its_own_zone() -> None:
    made = graph("fasttriage", "dev", "network.nat=per-zone")
    assert set(of_kind(made, "nat_gateway")) == set(of_kind(made, "elastic_ip")) == {"a", "b"}
    for zone in "ab":
        table = made.resources[f"route_table.private-{zone}"].properties
        assert table["subnets"] == [Ref(f"subnet.private-{zone}", "id")]
        assert table["routes"] == {"0.0.0.0/0": Ref(f"nat_gateway.{zone}", "id")}


def test_both_nat_addresses_are_told_for_the_allow_list() -> None:
    made = graph("fasttriage", "dev", "network.nat=per-zone")
    told = resolve(made.outputs["nat_addresses"], lambda ref: ref.address, lambda _: None)
    assert told == "elastic_ip.a, elastic_ip.b"


def test_a_new_zone_moves_no_subnet() -> None:
    before, after = graph("fasttriage", "dev"), graph("fasttriage", "dev", "network.zones=[a, b, c]")
    for name, subnet in of_kind(before, "subnet").items():
        assert after.resources[f"subnet.{name}"].properties == subnet.properties


def test_interface_endpoints_admit_tasks_alone_and_tasks_wait_for_them() -> None:
    made = graph("fasttriage", "dev", "network.endpoints=[s3, ecr.api]")
    assert made.resources["vpc_endpoint.ecr-api"].properties["security_groups"] == [
        Ref("security_group.endpoints", "id")
    ]
    into = {rule for rule in traffic(made) if rule.startswith("endpoints in")}
    assert into == {"endpoints in 443 from backend", "endpoints in 443 from worker"}
    assert "vpc_endpoint.ecr-api" in made.dependencies("service.worker")


def test_a_broker_cluster_spreads_over_the_private_subnets() -> None:
    broker = graph("fasttriage", "dev", "broker.mode=cluster").resources["broker.main"].properties
    assert broker["subnets"] == [Ref("subnet.private-a", "id"), Ref("subnet.private-b", "id")]


def test_the_given_tag_replaces_the_tag_of_every_own_image_and_of_no_other() -> None:
    made = shop(tag="abc1234")
    assert {image.properties["tag"] for image in of_kind(made, "image").values()} == {"abc1234"}
    assert container(made, "web", "frontend")["image"] == "ghcr.io/owner/front:1"


def test_an_own_image_is_pinned_by_its_digest_and_waited_for_as_long_as_asked() -> None:
    made = graph("fasttriage", "dev", wait_image_minutes=15)
    assert container(made, "backend", "backend")["image"] == Ref("image.backend", "uri")
    assert made.resources["image.backend"].properties["wait_minutes"] == 15


def test_existing_network_ids_are_used_as_they_are_and_nothing_is_added_to_it() -> None:
    network = (
        "{kind: existing-vpc, vpc: vpc-0a1b2c3d4e5f60718, public_subnets: [subnet-0000000a, subnet-0000000b], "
        "private_subnets: [subnet-0000000c, subnet-0000000d]}"
    )
    made = shop(("{kind: new-vpc, tasks: public}", network))
    assert not {"vpc", "subnet", "route_table", "nat_gateway"} & {each.kind for each in made.resources.values()}
    assert made.resources["load_balancer.main"].properties["subnets"] == ["subnet-0000000a", "subnet-0000000b"]
    assert made.resources["service.web"].properties["subnets"] == ["subnet-0000000c", "subnet-0000000d"]
    assert made.resources["security_group.web"].properties["vpc"] == "vpc-0a1b2c3d4e5f60718"


def test_routes_become_rules_in_their_order_and_the_rest_gets_the_fixed_answer() -> None:
    made = shop()
    rules = {name: rule.properties for name, rule in of_kind(made, "listener_rule").items()}
    assert rules["10"]["paths"] == ["/api/*"]
    assert rules["10"]["forward"] == Ref("target_group.web-backend", "arn")
    assert rules["20"]["paths"] == ["/"]
    assert rules["20"]["forward"] == Ref("target_group.web-frontend", "arn")
    assert made.resources["listener.https"].properties["action"] == {"fixed": 404, "text": "Not found"}


def test_a_service_waits_for_the_rules_that_join_its_target_groups_to_the_load_balancer() -> None:
    made = shop()
    assert made.dependencies("service.web") >= {"listener.https", "listener_rule.10", "listener_rule.20"}
    assert {each["container"] for each in made.resources["service.web"].properties["load_balancers"]} == {
        "frontend",
        "backend",
    }


def test_without_a_zone_the_domain_of_the_host_is_looked_for() -> None:
    assert shop().resources["hosted_zone.main"].properties["name"] == "shop.example.com."


def test_an_existing_certificate_is_used_and_none_is_asked_for() -> None:
    arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
    made = shop(("  routes:", f"  certificate: {arn}\n  routes:"))
    assert made.resources["listener.https"].properties["certificate"] == arn
    assert not of_kind(made, "certificate")
    assert set(of_kind(made, "record")) == {"main"}


def test_existing_secrets_are_injected_as_named_and_readable_as_a_whole() -> None:
    made = shop()
    arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf"
    assert injected(made, "web", "backend")["API_KEY"] == f"{arn}:json::"
    assert statements(made, "execution")["ReadOwnSecrets"] == (["secretsmanager:GetSecretValue"], [arn])
    assert statements(made, "execution")["ReadNamedParameters"][0] == ["ssm:GetParameters"]
    assert not of_kind(made, "secret")


def test_a_container_says_what_ecs_must_know_of_it() -> None:
    backend = container(shop(), "web", "backend")
    assert backend["portMappings"] == [{"name": "backend", "containerPort": 8000, "hostPort": 8000, "protocol": "tcp"}]
    assert backend["readonlyRootFilesystem"] is True
    assert backend["mountPoints"] == [
        {"sourceVolume": "backend-writable-1", "containerPath": "/tmp", "readOnly": False}
    ]
    assert backend["user"] == "1000"
    assert container(shop(), "web", "frontend")["dependsOn"] == [{"containerName": "backend", "condition": "HEALTHY"}]
    assert shop().resources["task_definition.web"].properties["volumes"] == [{"name": "backend-writable-1"}]


def test_doubled_braces_in_a_value_are_plain_ones_and_placeholders_are_filled() -> None:
    (setting,) = container(shop(), "web", "backend")["environment"]
    assert setting["value"] == '{"home": "https://www.shop.example.com", "region": "eu-central-1"}'


def test_a_value_with_something_known_later_is_composed() -> None:
    made = graph(
        "fasttriage", "dev", "services.worker.containers.llm-worker.environment.PLACE=s3://{bucket.artifacts}/x"
    )
    (place,) = [each for each in container(made, "worker", "llm-worker")["environment"] if each["name"] == "PLACE"]
    assert isinstance(place["value"], Text)
    assert resolve(place["value"], lambda ref: "reports", lambda _: None) == "s3://reports/x"


def test_a_stand_in_answers_the_health_path_and_needs_no_image() -> None:
    made = shop(placeholder_images=True)
    backend = container(made, "web", "backend")
    assert backend["image"] == IMAGE
    assert "8000" in backend["command"][-1]
    assert "/health" in backend["command"][-1]
    assert not {"healthCheck", "user", "readonlyRootFilesystem"} & set(backend)
    assert not of_kind(made, "image")
    assert "repository.api" in made.resources, "the image must have somewhere to be pushed to"


def test_nobody_waits_for_the_health_of_a_stand_in() -> None:
    frontend = container(shop(placeholder_images=True), "web", "frontend")
    assert frontend["dependsOn"] == [{"containerName": "backend", "condition": "START"}]


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/health", "/tmp/www/health"),
        ("/", "/tmp/www/index.html"),
        ("/api/healthcheck?deep=1", "/tmp/www/api/healthcheck"),
        ("/it's/", "/tmp/www/it's/index.html"),
    ],
)
def test_the_stand_in_has_a_page_where_the_health_check_asks(path: str, file: str) -> None:
    shell, flag, script = command(8080, path)
    words = [word.rstrip(";") for word in shlex.split(script)]
    assert (shell, flag) == ("sh", "-c")
    assert file in words[words.index("tee") :]
    assert "httpd -f -p 8080 -h /tmp/www" in script


def test_a_stand_in_for_a_worker_only_waits() -> None:
    assert "httpd" not in command(None, "/")[-1]


def test_a_password_that_the_blueprint_names_is_the_brokers_own_and_not_a_copy() -> None:
    made = graph("fasttriage", "dev", "secrets.rabbit-password={composed: broker-password}")
    assert made.resources["broker.main"].properties["password"] == Ref("secret.rabbit-password", "value")
    assert "secret.broker-password" not in made.resources


def test_the_users_name_can_be_a_secret_as_well() -> None:
    made = graph("fasttriage", "dev", "secrets.rabbit-user={composed: broker-username}")
    value = made.resources["secret.rabbit-user"].properties["value"]
    assert isinstance(value, Sensitive)
    assert value.reveal() == "fasttriage"


def test_arm_tasks_are_named_as_ecs_names_them() -> None:
    made = graph("fasttriage", "dev", "services.backend.architecture=arm64")
    assert made.resources["task_definition.backend"].properties["architecture"] == "ARM64"


def test_a_right_to_list_under_a_prefix_lists_nothing_else() -> None:
    made = graph("fasttriage", "dev", "services.backend.rights.0.allow=[list]")
    (statement, *others) = made.resources["role.backend"].properties["policy"]["Statement"]
    assert not [each for each in others if "s3" in str(each["Action"])]
    assert statement["Action"] == ["s3:ListBucket"]
    assert statement["Condition"] == {"StringLike": {"s3:prefix": ["triage/*"]}}


def test_a_right_to_the_key_needs_a_key_of_its_own() -> None:
    made = graph("rung", "dev")
    (statement,) = [s for s in made.resources["role.rung"].properties["policy"]["Statement"] if s["Sid"] == "UseKey"]
    assert statement["Resource"] == [Ref("kms_key.main", "arn")]
    with pytest.raises(UsageError, match="a right to `key`"):
        graph("fasttriage", "dev", "services.backend.rights.0={to: key, allow: [encrypt]}")


def test_a_service_without_rights_has_a_role_that_may_do_nothing() -> None:
    assert shop().resources["role.web"].properties["policy"] == {}


def test_deletion_protection_reaches_the_load_balancer() -> None:
    made = graph("fasttriage", "dev", "hardening.deletion_protection=true")
    assert made.resources["load_balancer.main"].properties["deletion_protection"] is True


def test_spot_tasks_need_a_cluster_that_offers_them() -> None:
    made = graph("fasttriage", "dev", "services.worker.spot=true")
    assert made.resources["cluster.main"].properties["spot"] is True
    assert made.resources["service.worker"].properties["spot"] is True
    assert made.resources["service.backend"].properties["spot"] is False


def test_an_external_broker_is_reached_by_those_who_hold_its_address() -> None:
    text = TWO_CONTAINERS.replace("name: shop\n", "name: shop\nbroker: {kind: external, secret: key}\n")
    assert "web out 5671 to anywhere" in traffic(expand(expansion(written(text))))


def test_a_service_cannot_take_the_name_of_the_load_balancers_group() -> None:
    text = TWO_CONTAINERS.replace("service: web", "service: alb").replace("  web:\n", "  alb:\n")
    with pytest.raises(UsageError, match="cannot be called alb"):
        expand(expansion(written(text)))
