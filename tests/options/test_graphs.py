"""What holds for every graph: it is joined correctly, it never changes by itself, and it holds no secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.options.starters import STARTERS, expansion, golden_file, graph, of_kind, outline, starter
from wizard.blueprint.model import NewVpc
from wizard.engine.graph import Graph
from wizard.engine.values import UNKNOWN, Ref, SecretInput, Sensitive, refs_in, resolve, shown
from wizard.kinds.registry import all_kinds
from wizard.options import expand

ATTRIBUTES: Mapping[str, str] = {
    "vpc": "id",
    "subnet": "id zone",
    "internet_gateway": "id",
    "elastic_ip": "id public_ip",
    "nat_gateway": "id public_ip",
    "route_table": "id",
    "vpc_endpoint": "id",
    "security_group": "id",
    "security_group_rule": "id",
    "load_balancer": "id arn dns_name zone_id full_name",
    "target_group": "id arn full_name",
    "listener": "id arn",
    "listener_rule": "id arn",
    "certificate": "id arn validation_name validation_type validation_value",
    "certificate_validation": "id arn",
    "hosted_zone": "id",
    "record": "id fqdn",
    "role": "id arn name",
    "log_group": "id arn name",
    "secret": "id arn name value version",
    "repository": "id arn uri name",
    "image": "id uri digest",
    "bucket": "id arn name",
    "cluster": "id arn name",
    "migration": "id arn task status",
    "task_definition": "id arn family revision",
    "service": "id arn name",
    "broker": "id arn host port endpoint",
    "parameter": "id arn name value version",
    "kms_key": "id arn alias",
    "db_subnet_group": "id arn name",
    "db_parameter_group": "id arn name",
    "db_instance": "id arn host port secret_arn",
    "db_cluster": "id arn host reader_host port secret_arn",
    "db_cluster_instance": "id arn",
    "default_vpc": "id arn",
    "default_subnet": "id arn zone",
    "oidc_provider": "id arn",
    "queue": "id arn url name",
    "file_system": "id arn",
    "access_point": "id arn",
    "mount_target": "id",
    "table": "id arn name",
    "scalable_target": "id arn",
    "scaling_policy": "id arn",
    "alarm": "id arn name",
    "topic": "id arn name",
    "web_acl": "id arn name",
    "flow_log": "id",
    "trail": "id arn name",
    "user_pool": "id arn",
    "user_pool_client": "id client_id",
    "user_pool_domain": "id domain host",
    "budget": "id",
}
"""What each kind lets others refer to."""
HOLD_SECRETS = ("secret", "parameter", "broker", "db_instance", "db_cluster")
"""Kinds that must be given a secret's value: they keep it, or let people in with it."""

both = pytest.mark.parametrize(("name", "env"), STARTERS)


def check(graph: Graph) -> None:
    """Every reference is to an attribute that the kind has, and secret values go to what must hold them alone."""
    for resource in graph.resources.values():
        for ref in resource.refs:
            kind = ref.address.partition(".")[0]
            assert ref.attribute in ATTRIBUTES[kind].split(), f"{resource.address} refers to {ref}"
            if ref.attribute == "value":
                assert resource.kind in HOLD_SECRETS, f"{resource.address} would hold a secret's value"
    for output in graph.outputs.values():
        assert not any(ref.attribute == "value" for ref in refs_in(output))
        assert all(ref.address in graph.resources for ref in refs_in(output))


@both
def test_references_are_to_attributes_that_exist_and_secret_values_stay_in_secrets(name: str, env: str | None) -> None:
    check(graph(name, env))


@both
def test_what_waits_for_what_is_as_reviewed(name: str, env: str | None) -> None:
    """A wanted change is written with `python -m tests.options.starters` and reviewed as a difference."""
    assert outline(graph(name, env)) == golden_file(name, env).read_text()


@both
def test_the_same_blueprint_always_gives_the_same_graph(name: str, env: str | None) -> None:
    first, second = graph(name, env), graph(name, env)
    assert list(first.resources.items()) == list(second.resources.items())
    assert first.outputs == second.outputs


@both
def test_no_rule_of_aws_is_broken_by_what_options_declare(name: str, env: str | None) -> None:
    kinds = all_kinds()
    for resource in graph(name, env).resources.values():
        properties = {key: resolve(value, _unknown, _nobody) for key, value in resource.properties.items()}
        assert kinds[resource.kind].problems(properties) == [], resource.address


@both
def test_no_two_things_of_a_kind_share_a_name(name: str, env: str | None) -> None:
    resources = graph(name, env).resources.values()
    named = [(each.kind, each.properties["name"]) for each in resources if "name" in each.properties]
    assert len(named) == len(set(named))


@both
def test_a_supplied_value_is_nowhere_in_what_people_and_programs_see(name: str, env: str | None) -> None:
    given_value = "never-to-be-seen-4711"
    made = graph(name, env)
    seen: list[SecretInput] = []

    def supply(wanted: SecretInput) -> Sensitive:
        seen.append(wanted)
        return Sensitive("f" * 64, lambda: given_value)

    visible = [
        shown({key: resolve(value, _unknown, supply) for key, value in resource.properties.items()})
        for resource in made.resources.values()
    ]
    assert seen or not of_kind(made, "secret")
    assert given_value not in json.dumps(visible, default=repr)


@settings(max_examples=40, deadline=None)
@given(
    zones=st.sets(st.sampled_from("abcdef"), min_size=2),
    nat=st.sampled_from(["none", "one", "per-zone"]),
    tasks=st.sampled_from(["private", "public"]),
    endpoints=st.sets(st.sampled_from(["s3", "dynamodb", "ecr.api", "ecr.dkr", "logs", "secretsmanager"])),
    placeholder=st.booleans(),
    env=st.sampled_from(["dev", "prod-of-a-long-name"]),
)
def test_any_network_gives_a_graph_without_circles_and_loose_ends(
    zones: set[str], nat: str, tasks: str, endpoints: set[str], placeholder: bool, env: str
) -> None:
    network = NewVpc.model_validate(
        {
            "kind": "new-vpc",
            "zones": sorted(zones),
            "nat": nat,
            "tasks": tasks,
            "endpoints": sorted(endpoints),
        }
    )
    blueprint = starter("fasttriage", "dev", "outputs.nat_addresses=unknown").model_copy(update={"network": network})
    made = expand(expansion(blueprint, env, placeholder_images=placeholder))
    check(made)
    assert len([address for address in made.resources if address.startswith("subnet.")]) == 2 * len(zones)
    assert made.order()


def _unknown(ref: Ref) -> Any:
    return UNKNOWN


def _nobody(wanted: SecretInput) -> None:
    return None
