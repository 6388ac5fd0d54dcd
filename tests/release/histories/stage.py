"""The stage on which a history is played: a service in the sandbox, the run that watches it, and what AWS itself says.

A run is the engine's own step over the kind's own status, in time that is let pass by hand. After each stretch of time
the observer is asked, and what it says is held against the service deployment that it speaks of.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.release.histories.watching import ADDRESS, DEPLOYMENT, AwsTime, Run
from tests.release.shop import REGISTRY, Shop
from wizard.engine.kind import Kind, Live
from wizard.errors import AwsError
from wizard.kinds._service_reading import live
from wizard.kinds.service import Service
from wizard.release.observation import observe
from wizard.release.rollout import Certainty, Verdict

LOOK_SECONDS = 75.0
"""How much time passes between two looks."""
UNDONE = (Verdict.FAILED, Verdict.ROLLED_BACK, Verdict.STOPPED)
"""Verdicts that say that a service deployment did not, and will not, succeed."""
NAME = "api"
Act = Callable[["Stage"], None]


@dataclass(frozen=True)
class Sample:
    """What the observer said at one moment, and of which service deployment."""

    verdict: Verdict
    certainty: Certainty
    own: str
    """ARN of the newest service deployment of the wanted version."""
    sentence: str


@dataclass
class Account:
    """What the services of all histories stand on."""

    shop: Shop
    versions: dict[str, str] = field(default_factory=dict)
    """Task definition by the tag of its image."""
    alternate: str = ""
    """The second target group, of services that shift requests."""
    rule: str = ""
    """The listener rule that ECS moves between the two."""
    access: str = ""
    """The role with which App Runner pulls images."""


@dataclass
class Stage:
    """One service and everything that happened to it."""

    account: Account
    folder: Path
    clock: AwsTime
    began: list[tuple[str, str]] = field(default_factory=list)
    """Service deployments with their task definitions, oldest first."""
    wanted: str = ""
    samples: list[Sample] = field(default_factory=list)
    run: Run | None = None
    """Watches, or watched, as a replay does."""

    # What AWS is asked.

    @property
    def shop(self) -> Shop:
        """The account's surroundings."""
        return self.account.shop

    def read(self, operation: str, **params: Any) -> dict[str, Any]:
        """Ask ECS something."""
        return dict(self.shop.aws.read("ecs", operation, **params))

    def write(self, operation: str, **params: Any) -> dict[str, Any]:
        """Have ECS do something."""
        return dict(self.shop.aws.write("ecs", operation, **params))

    def shown(self) -> dict[str, Any]:
        """The service as DescribeServices shows it."""
        return dict(self.read("describe_services", cluster="main", services=[NAME])["services"][0])

    def status_of(self, deployment: str) -> str:
        """AWS's word for a service deployment; empty when AWS does not show it."""
        found = self.read("describe_service_deployments", serviceDeploymentArns=[deployment])["serviceDeployments"]
        return str(found[0]["status"]) if found else ""

    @property
    def own(self) -> str:
        """ARN of the newest service deployment of the wanted version."""
        return next((arn for arn, definition in reversed(self.began) if definition == self.wanted), "")

    def control(self, what: str, method: str = "POST", **body: Any) -> Any:
        """Ask the sandbox itself."""
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(f"{self.shop.url}/_pilotage/{what}", method=method, data=data)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    # What happens.

    def version(self, tag: str) -> str:
        """The task definition of an image, registered at the first use; the image is pushed unless it is missing."""
        known = self.account.versions
        if tag not in known:
            image = f"{REGISTRY}/app:{tag}" if "missing" in tag else self.shop.push(tag)
            known[tag] = self.shop.register(image)
        return known[tag]

    def begun(self, answer: Mapping[str, Any]) -> None:
        """Note the service deployment that a call began."""
        service = answer["service"]
        self.began.append((service.get("currentServiceDeployment", ""), service["taskDefinition"]))

    def watch(self, definition: str, count: int | None = None) -> None:
        """Begin to watch as a replay does that just asked for this version; `count` is what its blueprint says."""
        found = live(self.shown(), ADDRESS)
        steps = {name: None for name in ("canary", "linear") if not found.properties[name]["minutes"]}
        asked = {**found.properties, **steps, "task_definition": definition, "count": count}
        self.follow(Service(), Live(ADDRESS, found.id, asked, found.attributes, DEPLOYMENT), definition)

    def follow(self, kind: Kind, asked: Live, definition: str) -> None:
        """Have a run of its own watch what was asked of the service."""
        self.close()
        self.wanted = definition
        journal = self.folder / f"run-{len(self.began)}.jsonl"
        self.run = Run(kind, asked, self.shop.aws, self.clock, journal)

    def pass_time(self, seconds: float) -> None:
        """Let time pass in AWS and in the run, without a look."""
        self.let_pass(seconds)
        self.clock.passed[0] += seconds

    def let_pass(self, seconds: float) -> None:
        """Let time pass in AWS."""
        self.control("clock", skip=seconds)

    def minutes(self, minutes: float, every: float = LOOK_SECONDS) -> None:
        """Let time pass, and look again and again."""
        left = minutes * 60
        while left > 0:
            self.pass_time(min(every, left))
            left -= every
            self.look()

    def look(self) -> Sample | None:
        """Ask the observer how it stands, and hold what it says against AWS; None when AWS refuses to tell."""
        sample = self._sampled()
        if sample is not None:
            self.samples.append(sample)
        if sample is not None and sample.verdict is Verdict.SUCCESSFUL:
            self._insist_on_success(sample)
        return sample

    def _sampled(self) -> Sample | None:
        """What the run hears while it watches; what anybody hears who asks later."""
        if self.run is not None and self.run.exit_code is None:
            told = self.run.poll()
            if told is None:
                return None
            detail = told.detail
            return Sample(Verdict(detail["verdict"]), Certainty(detail["certainty"]), self.own, told.sentence)
        try:
            found = observe(self.shop.aws, "main", NAME, self.wanted)
        except AwsError:
            return None
        return Sample(found.verdict, found.certainty, self.own, found.sentence)

    def _insist_on_success(self, sample: Sample) -> None:
        service = self.shown()
        primary = next((one for one in service["deployments"] if one["status"] == "PRIMARY"), None)
        primary = primary or service["taskSets"][0]
        assert primary["taskDefinition"] == self.wanted, f"another version runs: {sample}"
        assert primary["runningCount"] > 0, f"nothing runs: {sample}"
        status = self.status_of(sample.own) if sample.own else ""
        assert status in ("SUCCESSFUL", ""), f"AWS says {status}: {sample}"

    def insist_that_what_was_said_to_fail_failed(self) -> None:
        """No deployment that was said to have failed may have succeeded in the end."""
        told = {sample.own: sample for sample in self.samples if sample.verdict in UNDONE and sample.own}
        for own, sample in told.items():
            assert self.status_of(own) != "SUCCESSFUL", f"it succeeded after all: {sample}"

    def waiter_says_stable(self) -> bool:
        """Whether botocore's waiter `services_stable`, which most tools use, would say success now."""
        client = self.shop.aws.session.client("ecs")
        waiter = client.get_waiter("services_stable")
        stable = next(each for each in waiter.config.acceptors if each.state == "success")
        try:
            services = self.read("describe_services", cluster="main", services=[NAME])["services"]
        except AwsError:
            return False
        return bool(services) and bool(stable.matcher_func({"services": services}))

    def close(self) -> None:
        """A run that still watches is over."""
        if self.run is not None:
            self.run.close()

    def clear(self) -> None:
        """Leave the account as it was: no service, and nothing broken, denied or ringing."""
        self.close()
        self.control("faults", "DELETE")
        self.control("heal")
        self.write("create_cluster", clusterName="main")
        services = self.read("describe_services", cluster="main", services=[NAME])["services"]
        for service in (one for one in services if one["status"] == "ACTIVE"):
            if service["resourceManagementType"] == "ECS":
                self.write("delete_express_gateway_service", serviceArn=service["serviceArn"])
            else:
                self.write("delete_service", cluster="main", service=NAME, force=True)
        self.pass_time(300)

    # Who answers.

    def answering(self) -> str:
        """Tags of the versions that users reach, by digest: running, and healthy in a group that gets requests."""
        tags = self._tags()
        if not self.read("describe_clusters", clusters=["main"])["clusters"][0]["activeServicesCount"]:
            return ""
        arns = self.read("list_tasks", cluster="main", serviceName=NAME)["taskArns"]
        tasks = self.read("describe_tasks", cluster="main", tasks=arns)["tasks"] if arns else []
        running = [task for task in tasks if task["lastStatus"] == "RUNNING"]
        reached = self._reached()
        found = {
            tags.get(container.get("imageDigest", ""), "?")
            for task in running
            for container in task["containers"]
            if reached is None or {one["privateIpv4Address"] for one in container["networkInterfaces"]} & reached
        }
        return " ".join(sorted(found))

    def _tags(self) -> dict[str, str]:
        images = self.shop.aws.read("ecr", "describe_images", repositoryName="app")["imageDetails"]
        return {one["imageDigest"]: min(one.get("imageTags", ["?"]), key=lambda tag: tag == "latest") for one in images}

    def _reached(self) -> set[str] | None:
        """Addresses that are healthy in a target group that gets requests; None without a load balancer."""
        balancers = self.shown().get("loadBalancers")
        if not balancers:
            return None
        groups = [balancers[0]["targetGroupArn"]]
        advanced = balancers[0].get("advancedConfiguration", {})
        groups += [advanced["alternateTargetGroupArn"]] if advanced else []
        if "productionListenerRule" in advanced:
            rule = self.shop.aws.read("elbv2", "describe_rules", RuleArns=[self.account.rule])["Rules"][0]
            shares = rule["Actions"][0].get("ForwardConfig", {}).get("TargetGroups")
            groups = [one["TargetGroupArn"] for one in shares if one.get("Weight", 1)] if shares else groups
        health = [
            one
            for group in groups
            for one in self.shop.aws.read("elbv2", "describe_target_health", TargetGroupArn=group)[
                "TargetHealthDescriptions"
            ]
        ]
        return {one["Target"]["Id"] for one in health if one["TargetHealth"]["State"] == "healthy"}
