"""A service whose rollout goes wrong, in the sandbox: what its status says, and with which exit code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kinds.cases.compute import CLUSTER, GROUPS, NETWORK, ROLE, SUBNETS, container, definition, push_image
from tests.kinds.conftest import SCALE
from tests.kinds.driver import Account, Builder
from wizard.aws import sandbox
from wizard.engine.graph import Resource
from wizard.engine.kind import Live, State, Status
from wizard.engine.world import differences
from wizard.errors import ExitCode
from wizard.kinds.registry import all_kinds
from wizard.kinds.service import Service
from wizard.release.hold import Hold

KIND = all_kinds()["service"]
REGISTRY = "000000000000.dkr.ecr.us-east-1.amazonaws.com"


def runs_image(tag: str) -> Resource:
    """A task definition of an image in ECR that behaves as its tag says."""
    return definition(tag, containers=[container(image=f"{REGISTRY}/shop/api:{tag}")])


GOOD, BAD, CRASHING, SICK = (runs_image(tag) for tag in ("v1", "absent", "crash", "unhealthy"))


def service(runs: Resource, **more: Any) -> Resource:
    properties = {
        "name": "api",
        "cluster": CLUSTER.ref("arn"),
        "task_definition": runs.ref("arn"),
        "count": 1,
        "spot": False,
        "subnets": [SUBNETS[0].ref("id")],
        "public_ip": True,
        "breaker": {"enable": True, "rollback": True, "threshold": 2},
    }
    return Resource("service", "api", properties | more)


@pytest.fixture
def builder(account: Account) -> Builder:
    push_image(account.aws, "v1", "crash", "unhealthy")
    builder = Builder(account, account.context())
    builder.build([*NETWORK, ROLE, CLUSTER, GOOD, BAD, CRASHING, SICK])
    return builder


GATEWAY = Resource("internet_gateway", "main", {"name": "shop-dev", "vpc": NETWORK[0].ref("id")})
BALANCER = Resource(
    "load_balancer",
    "main",
    {
        "name": "shop-dev",
        "scheme": "internet-facing",
        "subnets": [subnet.ref("id") for subnet in SUBNETS],
        "security_groups": [GROUPS[0].ref("id")],
    },
    needs=(GATEWAY.ref("id"),),
)
TARGETS = Resource(
    "target_group",
    "api",
    {
        "name": "shop-dev-api",
        "vpc": NETWORK[0].ref("id"),
        "port": 8080,
        "protocol": "HTTP",
        "target_type": "ip",
        "health": {"path": "/", "codes": "200", "interval": 10, "timeout": 5, "healthy": 2, "unhealthy": 2},
        "deregistration_delay": 30,
    },
)
LISTENER = Resource(
    "listener",
    "http",
    {
        "load_balancer": BALANCER.ref("arn"),
        "port": 80,
        "protocol": "HTTP",
        "action": {"forward": TARGETS.ref("arn")},
    },
)


def balanced(runs: Resource) -> Resource:
    """The service behind the load balancer."""
    one = {"target_group": TARGETS.ref("arn"), "container": "web", "port": 8080}
    return service(runs, load_balancers=[one], grace_seconds=30, security_groups=[GROUPS[0].ref("id")])


def start(builder: Builder, wanted: Resource) -> Live:
    """Ask for it, and read it once it is as asked."""
    desired = builder.resolved(wanted)
    found = builder.look(KIND, wanted.address, desired)
    if not found:
        KIND.create(builder.context, wanted.address, desired, builder.context.token(wanted.address))
    else:
        changed = frozenset(one.property for one in differences(KIND, desired, found[0]))
        KIND.update(builder.context, found[0], desired, changed)
    return builder.look(KIND, wanted.address, desired)[0]


def follow(builder: Builder, wanted: Resource, live: Live) -> tuple[Status, list[str]]:
    """Poll as the engine does until it is over; the sentences on the way."""
    sentences: list[str] = []
    while True:
        status = KIND.status(builder.context, live, builder.resolved(wanted))
        if status.state is not State.PENDING:
            return status, sentences
        sentences.append(status.sentence)
        builder.context.clock.sleep(KIND.poll_seconds)


@pytest.fixture
def unhurried(sandbox_home: Path) -> Iterator[None]:
    """A pace at which a busy machine still sees what happens on the way."""
    sandbox.start(sandbox_home, 100.0)
    yield
    sandbox.start(sandbox_home, SCALE)


@pytest.mark.usefixtures("unhurried")
def test_a_second_version_that_fails_is_rolled_back_and_says_so(builder: Builder) -> None:
    builder.converge(service(GOOD))
    status, sentences = follow(builder, service(BAD), start(builder, service(BAD)))
    assert status.state is State.FAILED
    assert status.exit_code is ExitCode.ROLLED_BACK
    assert status.detail["verdict"] == "rolled_back"
    assert status.detail["serving"] == builder.lives[GOOD.address].attributes["arn"]
    assert status.detail["diagnosis"]["cause"] == "image not found"
    assert any("does not exist (trying again will not help)" in sentence for sentence in sentences)


def test_a_first_version_that_fails_needs_a_person(builder: Builder) -> None:
    status, _ = follow(builder, service(CRASHING), start(builder, service(CRASHING)))
    assert status.exit_code is ExitCode.NEEDS_PERSON
    assert status.detail["diagnosis"]["cause"] == "exited"
    assert status.detail["exit_code"] == 1


def test_a_version_whose_rollout_failed_for_good_is_a_difference_and_is_tried_again(builder: Builder) -> None:
    wanted = service(CRASHING)
    follow(builder, wanted, start(builder, wanted))
    found = builder.look(KIND, wanted.address, builder.resolved(wanted))[0]
    assert [one.property for one in differences(KIND, builder.resolved(wanted), found)] == ["task_definition"]
    live = start(builder, wanted)
    assert KIND.status(builder.context, live, builder.resolved(wanted)).state is State.PENDING


def test_behind_a_load_balancer_it_reads_back_equal_and_the_health_of_its_targets_is_told(builder: Builder) -> None:
    builder.build([*NETWORK, GATEWAY, BALANCER, TARGETS, LISTENER])
    wanted = balanced(GOOD)
    live = start(builder, wanted)
    assert differences(KIND, builder.resolved(wanted), live) == ()
    status, sentences = follow(builder, wanted, live)
    assert status.state is State.READY
    assert any("targets healthy" in sentence for sentence in sentences)


def test_targets_that_never_become_healthy_end_with_the_old_version_serving(builder: Builder) -> None:
    builder.build([*NETWORK, GATEWAY, BALANCER, TARGETS, LISTENER])
    builder.converge(balanced(GOOD))
    status, _ = follow(builder, balanced(SICK), start(builder, balanced(SICK)))
    assert status.exit_code is ExitCode.ROLLED_BACK
    assert status.detail["diagnosis"]["cause"] == "application answers errors"


def test_another_ones_deployment_on_top_is_no_success_of_ours(builder: Builder) -> None:
    live = builder.converge(service(GOOD))
    start(builder, service(CRASHING))
    status, _ = follow(builder, service(GOOD), live)
    assert (status.state, status.detail["verdict"]) == (State.FAILED, "superseded")


def test_the_number_of_tasks_is_left_alone_when_something_else_scales_it(builder: Builder, account: Account) -> None:
    live = builder.converge(service(GOOD, count=None))
    account.aws.write("ecs", "update_service", cluster="shop-dev", service="api", desiredCount=2)
    desired = builder.resolved(service(GOOD, count=None))
    found = builder.look(KIND, live.address, desired)[0]
    assert found.properties["count"] == 2
    assert differences(KIND, desired, found) == ()


def test_a_hold_shows_in_the_attributes(builder: Builder, account: Account) -> None:
    live = builder.converge(service(GOOD))
    assert live.attributes["hold"] is None
    value = Hold("ana", "incident 12 (see #ops)", "2026-11-26T03:00:00Z").value
    account.aws.write("ecs", "tag_resource", resourceArn=live.id, tags=[{"key": "pilotage:hold", "value": value}])
    held = builder.look(KIND, live.address, builder.resolved(service(GOOD)))[0].attributes["hold"]
    assert (held["who"], held["why"]) == ("ana", "incident 12 _see _ops_")


def test_reading_two_services_of_one_cluster_takes_one_call(builder: Builder, account: Account) -> None:
    builder.converge(service(GOOD))
    desired = builder.resolved(service(GOOD))
    before = len(account.calls)
    KIND.read_many(builder.context, {"service.api": desired, "service.other": {**desired, "name": "other"}})
    assert [call.operation for call in account.calls[before:]] == ["DescribeServices"]


def test_settings_that_could_never_replace_a_task_are_a_problem() -> None:
    assert Service().problems({"name": "api", "minimum_healthy": 100, "maximum": 100})
    assert Service().problems({"name": "a b"})
    assert Service().problems({"grace_seconds": 60, "load_balancers": []})


def test_its_price_is_that_of_its_tasks_and_their_addresses() -> None:
    size = {"cpu": 256, "memory": 512, "architecture": "ARM64"}
    priced = Service().monthly_usd({"count": 2, "public_ip": True, "size": size})
    assert priced == pytest.approx(2 * (7.21 + 3.65), abs=0.02)
    assert Service().monthly_usd({"count": 2}) is None


def test_a_service_that_scales_is_priced_by_its_first_tasks_and_never_set_back_to_them() -> None:
    size = {"cpu": 256, "memory": 512, "architecture": "X86_64"}
    scaled, fixed = {"start_count": 2, "size": size}, {"count": 2, "size": size}
    assert Service().monthly_usd(scaled) == Service().monthly_usd(fixed)
    assert Service().same("start_count", 2, None)
