"""The table of controls: complete, true about good and bad resources, and honest about what it cannot see."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from tests.advice.carriers import AMQPS, BOX, EXAMPLES, OWN, Example
from tests.options.starters import graph
from wizard.advice.controls import HIPAA, Control, Finding, State, check, state_of
from wizard.engine.graph import Graph, Resource
from wizard.engine.kind import Live
from wizard.engine.values import Ref, resolve
from wizard.kinds.registry import all_kinds

every_example = pytest.mark.parametrize("example", EXAMPLES, ids=str)


def control(id_: str) -> Control:
    return next(each for each in HIPAA if each.id == id_)


def nobody(_wanted: object) -> None:
    return None


def looked(resources: list[Resource], *lives: Live) -> tuple[Finding, ...]:
    return check(Graph.of(resources), {live.address: live for live in lives}, all_kinds(), nobody)


def verdict_of(example: Example, properties: Mapping[str, Any], attributes: Mapping[str, Any]) -> Finding:
    """What the example's control says about a resource that is wanted as it is good."""
    wanted = Resource(example.kind, "main", dict(example.good))
    found = Live(wanted.address, "id", properties, {"id": "id", **attributes})
    return next(each for each in looked([wanted], OWN, found) if each.control.id == example.control)


def test_every_carrier_of_every_control_has_an_example() -> None:
    carriers = {(each.id, carrier.kind) for each in HIPAA for carrier in each.carriers}
    assert {(example.control, example.kind) for example in EXAMPLES} == carriers
    assert {kind for _, kind in carriers} <= set(all_kinds())


def test_controls_have_a_name_of_their_own_a_sentence_and_a_section_of_the_security_rule() -> None:
    assert len({each.id for each in HIPAA}) == len(HIPAA)
    for each in HIPAA:
        assert each.sentence.endswith(".")
        assert re.fullmatch(r"164\.3\d\d(\([a-zA-Z0-9]+\))+", each.section), each.section


@every_example
def test_a_good_resource_is_never_called_broken_nor_a_bad_one_good(example: Example) -> None:
    good = verdict_of(example, example.good, example.attributes)
    assert good.evidence
    if example.bad is None:
        assert good.state in (State.OK, State.NOT_CHECKED)
        return
    bad = verdict_of(example, {**example.good, **example.bad}, example.bad_attributes or example.attributes)
    assert bad.state is State.BROKEN
    assert bad.evidence
    assert good.state is State.OK or example.kind == "app_runner_service"


@every_example
def test_what_aws_does_not_show_is_not_called_good(example: Example) -> None:
    settled = example.bad is None or example.kind == "app_runner_service"
    assert settled or verdict_of(example, {}, {}).state is not State.OK


@every_example
def test_what_is_gone_is_broken_and_a_replay_makes_it_again(example: Example) -> None:
    wanted = Resource(example.kind, "main", dict(example.good))
    found = next(each for each in looked([wanted]) if each.control.id == example.control)
    assert (found.state, found.evidence, found.differs) == (State.BROKEN, "it is not there", True)


@pytest.mark.parametrize(
    ("group", "port", "state"), [("sg-alb", 443, "ok"), ("sg-alb", 22, "broken"), ("sg-tasks", 443, "broken")]
)
def test_only_the_load_balancers_group_may_be_open_and_only_on_its_ports(group: str, port: int, state: str) -> None:
    sentence = f"in tcp {port} from ::/0"
    passage = {"protocol": "tcp", "from_port": port, "to_port": port, "sentence": sentence}
    balancer = Live("load_balancer.main", "lb", {"security_groups": ["sg-alb"]}, {})
    doors = Live("security_group.web", group, {}, {"open_in": [passage]})
    (found,) = [each for each in looked([Resource("security_group", "web", {})], balancer, doors) if each.address]
    assert (str(found.state), sentence in found.evidence) == (state, True)


def test_a_range_of_ports_or_another_protocol_is_never_allowed() -> None:
    balancer = Live("load_balancer.main", "lb", {"security_groups": ["sg-alb"]}, {})
    for passage in (
        {"protocol": "tcp", "from_port": 80, "to_port": 443, "sentence": "in tcp 80-443 from 0.0.0.0/0"},
        {"protocol": "-1", "from_port": -1, "to_port": -1, "sentence": "in everything from 0.0.0.0/0"},
    ):
        doors = Live("security_group.web", "sg-alb", {}, {"open_in": [passage]})
        (found,) = [each for each in looked([Resource("security_group", "web", {})], balancer, doors) if each.address]
        assert found.state is State.BROKEN


def test_plain_http_may_only_send_people_on() -> None:
    for action, state in (({"redirect": "443"}, State.OK), ({"forward": "arn"}, State.BROKEN)):
        listener = Live("listener.http", "l", {"protocol": "HTTP", "action": action}, {})
        (found,) = [each for each in looked([Resource("listener", "http", {})], listener) if each.address]
        assert found.state is state


@pytest.mark.parametrize(
    ("name", "value", "is_secret"),
    [
        ("DATABASE_PASSWORD", "hunter2", True),
        ("STRIPE_API_KEY", "sk_live_1", True),
        ("DATABASE_URL", "postgresql://shop:hunter2@db:5432/shop", True),
        ("SEED", "AKIAABCDEFGHIJKLMNOP", True),
        ("DATABASE_URL", "postgresql://db:5432/shop", False),
        ("JWT_SECRET_ARN", "arn:aws:secretsmanager:us-east-1:1:secret:x", False),
        ("TOKEN_TTL", "3600", False),
        ("USE_TOKEN", "true", False),
        ("API_TOKEN", "", False),
    ],
)
def test_a_plain_variable_that_holds_a_secret_is_found_and_its_value_never_told(
    name: str, value: str, is_secret: bool
) -> None:
    boxes = [{"name": "web", "environment": [{"name": name, "value": value}]}]
    task = Live("task_definition.web", "td:1", {"containers": boxes}, {"family": "web"})
    found = [each for each in looked([Resource("task_definition", "web", {})], task) if each.address]
    (plain,) = [each for each in found if each.control.id == "no-plain-secret"]
    assert plain.state is (State.BROKEN if is_secret else State.OK)
    assert not value or value not in plain.evidence


def test_a_service_that_runs_another_revision_is_not_judged_by_this_one() -> None:
    arn = "arn:aws:ecs:us-east-1:1:task-definition/web"
    task = Live("task_definition.web", f"{arn}:2", {"containers": [BOX]}, {"family": "web"})
    service = Live("service.web", "s", {"task_definition": f"{arn}:3", "public_ip": False}, {})
    found = looked([Resource("task_definition", "web", {})], task, service)
    (judged,) = [each for each in found if each.control.id == "root-read-only"]
    assert (judged.state, "web:3" in judged.evidence) == (State.BROKEN, True)


def test_a_network_of_its_own_without_a_flow_log_is_broken_and_one_of_somebody_else_is_not_checked() -> None:
    for resources, state in (([Resource("vpc", "main", {})], State.BROKEN), ([], State.NOT_CHECKED)):
        (found,) = [each for each in looked(resources) if each.control.id == "traffic-recorded"]
        assert (found.state, found.address) == (state, "")


def test_a_control_is_as_bad_as_the_worst_that_carries_it() -> None:
    logs = [Resource("log_group", name, {}) for name in ("a", "b")]
    lives = [Live(f"log_group.{name}", name, {"retention_days": days}, {}) for name, days in (("a", 365), ("b", 1))]
    found = looked(logs, *lives)
    assert state_of(found, control("logs-kept")) is State.BROKEN
    assert state_of(found, control("firewall")) is State.OK


@pytest.mark.parametrize("env", ["dev", "prod"])
def test_each_command_is_one_that_aws_has(env: str) -> None:
    session = botocore.session.get_session()
    for finding in check(graph("rung", env), {}, all_kinds(), nobody):
        insist_on_command(session, finding.by_hand)


@every_example
def test_each_command_of_each_carrier_is_one_that_aws_has(example: Example) -> None:
    insist_on_command(botocore.session.get_session(), verdict_of(example, example.good, example.attributes).by_hand)


def insist_on_command(session: Any, command: str) -> None:
    """The service, the operation and every option exist in AWS's own model of its API."""
    program, service, operation, *options = shlex.split(command)
    model = session.get_service_model({"s3api": "s3"}.get(service, service))
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    assert program == "aws"
    assert operation in operations, command
    shape = model.operation_model(operations[operation]).input_shape
    known = {xform_name(name, "-") for name in shape.members} if shape else set()
    asked = {option.removeprefix("--") for option in options if option.startswith("--")}
    assert asked - {"query"} <= known, command


HARDENED = ("hardening.preset=hipaa", "observability.log_days=365")
SOFT = ("carepolicy-hub", "chatkit", "augmed", "fasttriage", "rung")
READ_BESIDE = {
    "kms_key": {"enabled": True},
    "broker": {"public": False},
    "db_cluster_instance": {"public": False},
}
"""What a read shows of a resource besides what is declared."""


def as_wanted(made: Graph) -> dict[str, Live]:
    """Every resource exactly as it is declared; a reference is its own text."""

    def lookup(ref: Ref) -> str:
        return f"{ref.address}.{ref.attribute}"

    found = {}
    for address, resource in made.resources.items():
        properties = resolve(resource.properties, lookup, nobody) | READ_BESIDE.get(resource.kind, {})
        facts: dict[str, Any] = {"id": f"{address}.id", "arn": f"{address}.arn", "open_in": [], **AMQPS}
        found[address] = Live(address, facts["id"], properties, facts)
    return found


@pytest.mark.parametrize("name", SOFT)
def test_the_preset_asks_for_everything_that_its_controls_look_for(name: str) -> None:
    env = {"fasttriage": "prod", "rung": "dev"}.get(name)
    private = ("network.kind=new-vpc", "network.tasks=private", "network.nat=one")
    made = graph(name, env, *HARDENED, *private)
    found = check(made, as_wanted(made), all_kinds(), nobody)
    assert {(each.control.id, each.address) for each in found if each.state is State.BROKEN} == set()
    unseen = {(each.control.id, each.address.split(".")[0]) for each in found if each.state is State.NOT_CHECKED}
    assert unseen <= {("logs-kept", "broker")}


def test_without_the_preset_the_same_look_finds_much_to_say() -> None:
    made = graph("carepolicy-hub", None)
    found = check(made, as_wanted(made), all_kinds(), nobody)
    broken = {each.control.id for each in found if each.state is State.BROKEN}
    assert {"data-encrypted", "logs-kept", "traffic-recorded", "deletion-protected"} <= broken
