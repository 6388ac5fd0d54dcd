"""Whatever happens to a service, in whatever order: success is never said of what AWS does not call successful."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.ecs_account import Account, client, fresh_account
from wizard.errors import AwsError
from wizard.release.observation import observe
from wizard.release.rollout import Rollout, Verdict
from wizard.sandbox import ecs
from wizard.sandbox.handling import Refused

account = fresh_account

TAGS = ("v1", "v2", "v3-crash", "v4-unhealthy", "v5-slow")
UNDONE = (Verdict.FAILED, Verdict.ROLLED_BACK, Verdict.STOPPED)
VERBS = st.one_of(
    st.tuples(st.just("want"), st.sampled_from(TAGS)),
    st.tuples(st.just("theirs"), st.sampled_from(TAGS)),
    st.tuples(st.just("scale"), st.integers(0, 3)),
    st.tuples(st.just("stop"), st.sampled_from(("ROLLBACK", "ABORT"))),
    st.tuples(st.just("force"), st.none()),
    st.tuples(st.just("kill"), st.none()),
    st.tuples(st.just("nothing"), st.none()),
)
PAUSES = st.sampled_from((2, 20, 70, 300, 300))
CONFIGURATIONS = st.fixed_dictionaries(
    {
        "deploymentCircuitBreaker": st.fixed_dictionaries({"enable": st.booleans(), "rollback": st.booleans()}),
        "minimumHealthyPercent": st.sampled_from((0, 50, 100)),
        "maximumPercent": st.sampled_from((150, 200)),
    }
)


@dataclass(frozen=True)
class InProcess:
    """The calls of an observer, answered by the sandbox's ECS without a process between."""

    account: Account

    def read(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """Ask something."""
        if service == "elbv2":
            return {"TargetHealthDescriptions": self.account.target_health(params["TargetGroupArn"])}
        name = "".join(part.capitalize() for part in operation.split("_"))
        try:
            return (
                self.account.call(name, **params) if service == "ecs" else getattr(client(service), operation)(**params)
            )
        except Refused as refused:
            raise AwsError(f"{service}:{name}", refused.code, refused.message) from None

    def pages(self, service: str, operation: str, key: str, /, **params: Any) -> Iterator[Any]:
        """Every item; no list of a history is longer than a page."""
        yield from self.read(service, operation, **params)[key]

    def write(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """An observer changes nothing."""
        raise AssertionError(operation)

    once = write


@dataclass
class Play:
    """One history as it comes, and what was said of it."""

    account: Account
    definitions: Mapping[str, str]
    wanted: str
    said: dict[str, Rollout] = field(default_factory=dict)
    """By the ARN of the service deployment: the last verdict that it did not, and will not, succeed."""

    def do(self, verb: str, how: Any) -> None:
        """One thing happens; AWS may refuse to stop what is over."""
        account = self.account
        if verb in ("want", "theirs"):
            account.update(taskDefinition=self.definitions[how])
            self.wanted = self.definitions[how] if verb == "want" else self.wanted
        elif verb == "scale":
            account.update(desiredCount=how)
        elif verb == "force":
            account.update(forceNewDeployment=True)
        elif verb == "stop":
            arn = account.deployment()["serviceDeploymentArn"]
            try:
                account.call("StopServiceDeployment", serviceDeploymentArn=arn, stopType=how)
            except Refused as refused:
                assert refused.code == "ConflictException"
        elif verb == "kill":
            for task in account.tasks():
                account.call("StopTask", cluster="main", task=task["taskArn"])

    def look(self) -> Rollout:
        """Ask the observer, and hold what it says against AWS."""
        found = observe(InProcess(self.account), "main", "app", self.wanted)
        own = self.own()
        if found.verdict is Verdict.SUCCESSFUL:
            primary = self.primary()
            assert (own["status"], primary["taskDefinition"]) == ("SUCCESSFUL", self.wanted), found
            assert primary["runningCount"] > 0, found
        if found.verdict in UNDONE and own:
            self.said[own["serviceDeploymentArn"]] = found
        return found

    def primary(self) -> dict[str, Any]:
        """The deployment that AWS moves, or has moved, the service to."""
        return next(one for one in self.account.service()["deployments"] if one["status"] == "PRIMARY")

    def own(self) -> dict[str, Any]:
        """The newest service deployment of the wanted version; empty when there is none."""
        listed = self.account.call("ListServiceDeployments", cluster="main", service="app", maxResults=20)
        briefs = listed["serviceDeployments"]
        arns = list({brief["targetServiceRevisionArn"] for brief in briefs})
        shown = self.account.call("DescribeServiceRevisions", serviceRevisionArns=arns)["serviceRevisions"]
        known = {one["serviceRevisionArn"]: one["taskDefinition"] for one in shown}
        return next((one for one in briefs if known[one["targetServiceRevisionArn"]] == self.wanted), {})


@pytest.fixture
def images(account: Account) -> dict[str, str]:
    """Images by tag."""
    return {tag: account.push(tag) for tag in TAGS}


@pytest.fixture
def group(account: Account) -> str:
    """A target group that lets tasks in after half a minute."""
    return account.target_group(HealthyThresholdCount=2, HealthCheckIntervalSeconds=15)


@settings(
    max_examples=50,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    first=st.sampled_from(TAGS),
    configuration=CONFIGURATIONS,
    verbs=st.lists(st.tuples(VERBS, PAUSES), min_size=4, max_size=10),
)
def test_success_is_never_said_of_what_aws_does_not_call_successful(
    account: Account, images: Mapping[str, str], group: str, first: str, configuration: Any, verbs: Any
) -> None:
    ecs.reset()
    account.call("CreateCluster", clusterName="main")
    definitions = {tag: account.register(image) for tag, image in images.items()}
    account.create(definitions[first], group=group, desiredCount=2, deploymentConfiguration=configuration)
    play = Play(account, definitions, definitions[first])
    for (verb, how), pause in verbs:
        play.do(verb, how)
        account.wait(pause)
        play.look()
    for _ in range(4):
        account.wait(900)
        last = play.look()
    for arn, found in play.said.items():
        shown = account.call("DescribeServiceDeployments", serviceDeploymentArns=[arn])["serviceDeployments"][0]
        assert shown["status"] != "SUCCESSFUL", f"it succeeded after all: {found}"
    primary = play.primary()
    serves = primary["taskDefinition"] == play.wanted and primary["runningCount"] >= primary["desiredCount"] > 0
    if serves and primary["rolloutState"] == "COMPLETED" and play.own()["status"] == "SUCCESSFUL":
        assert last.verdict is Verdict.SUCCESSFUL, last
