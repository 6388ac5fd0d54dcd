"""Histories of a service on App Runner, where the operation's own id tells how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.release.histories.watching import ADDRESS, DEPLOYMENT, AwsTime, Run
from tests.release.shop import Shop
from wizard.engine.kind import Live
from wizard.errors import ExitCode
from wizard.kinds.app_runner_service import AppRunnerService
from wizard.release.rollout import Rollout, Verdict
from wizard.release.runner import observe_runner

LOOK_SECONDS = 45.0
UNDONE = (Verdict.FAILED, Verdict.ROLLED_BACK, Verdict.STOPPED)
RunnerAct = Callable[["RunnerStage"], None]


@dataclass
class RunnerStage:
    """One service on App Runner, the run that watches it, and what the observer said of the operation."""

    shop: Shop
    folder: Path
    clock: AwsTime
    skip: Callable[[float], None]
    access: str
    arn: str = ""
    operation: str = ""
    """The id of what the run asked for."""
    run: Run | None = None
    told: list[Rollout] = field(default_factory=list)

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        """Have App Runner do something."""
        return dict(self.shop.aws.write("apprunner", operation, **params))

    def shown(self) -> dict[str, Any]:
        """The service."""
        return dict(self.shop.aws.read("apprunner", "describe_service", ServiceArn=self.arn)["Service"])

    def source(self, tag: str) -> dict[str, Any]:
        """Where a version comes from."""
        repository = {
            "ImageIdentifier": self.shop.push(tag),
            "ImageRepositoryType": "ECR",
            "ImageConfiguration": {"Port": "8080"},
        }
        access = {"AccessRoleArn": self.access}
        return {"ImageRepository": repository, "AutoDeploymentsEnabled": False, "AuthenticationConfiguration": access}

    def watch(self, operation: str) -> None:
        """Begin to watch as a replay does that just asked for this operation."""
        self.close()
        service = self.shown()
        image = service["SourceConfiguration"]["ImageRepository"]["ImageIdentifier"]
        attributes = {"id": self.arn, "arn": self.arn, "name": "page", "status": service["Status"]}
        asked = Live(ADDRESS, self.arn, {"image": image}, attributes, DEPLOYMENT)
        self.operation, self.told = operation, []
        journal = self.folder / f"{operation}.jsonl"
        self.run = Run(AppRunnerService(), asked, self.shop.aws, self.clock, journal)

    def pass_time(self, seconds: float) -> None:
        """Let time pass without a look."""
        self.skip(seconds)
        self.clock.passed[0] += seconds

    def look(self) -> Rollout:
        """Ask the observer about the operation, and hold what it says against App Runner's own word."""
        if self.run is not None and self.run.exit_code is None:
            self.run.poll()
        found = observe_runner(self.shop.aws, self.arn, self.operation)
        if found.verdict is Verdict.SUCCESSFUL:
            assert self._status() == "SUCCEEDED", found
            # Whoever pauses or deletes it later lets it serve until that is done.
            assert self.shown()["Status"] in ("RUNNING", "OPERATION_IN_PROGRESS"), found
        self.told.append(found)
        return found

    def insist_that_what_was_said_to_fail_failed(self) -> None:
        """An operation that was said to have failed did not succeed."""
        if any(found.verdict in UNDONE for found in self.told) and self.shown()["Status"] != "DELETED":
            assert self._status() != "SUCCEEDED"

    def _status(self) -> str:
        listed = self.shop.aws.read("apprunner", "list_operations", ServiceArn=self.arn)["OperationSummaryList"]
        return str(next(one["Status"] for one in listed if one["Id"] == self.operation))

    def serving(self) -> str:
        """The tag of the version that App Runner runs; empty when none does."""
        service = self.shown()
        if service["Status"] != "RUNNING":
            return ""
        return str(service["SourceConfiguration"]["ImageRepository"]["ImageIdentifier"]).rpartition(":")[2]

    def close(self) -> None:
        """Nobody watches any more."""
        if self.run is not None:
            self.run.close()


@dataclass(frozen=True)
class RunnerHistory:
    """What happened to a service, and what is true at its end."""

    name: str
    play: tuple[RunnerAct, ...]
    verdict: Verdict
    exit_code: ExitCode
    serving: str
    thread: str = ""


def create(tag: str) -> RunnerAct:
    """The first version ever, watched."""

    def act(stage: RunnerStage) -> None:
        answer = stage.call("create_service", ServiceName="page", SourceConfiguration=stage.source(tag))
        stage.arn = answer["Service"]["ServiceArn"]
        stage.watch(answer["OperationId"])

    return act


def runs(tag: str) -> RunnerAct:
    """The service runs this version, and well."""

    def act(stage: RunnerStage) -> None:
        answer = stage.call("create_service", ServiceName="page", SourceConfiguration=stage.source(tag))
        stage.arn = answer["Service"]["ServiceArn"]
        stage.pass_time(600)

    return act


def update(tag: str, *, watched: bool = True) -> RunnerAct:
    """A replay gives it another version and watches; or somebody else does."""

    def act(stage: RunnerStage) -> None:
        answer = stage.call("update_service", ServiceArn=stage.arn, SourceConfiguration=stage.source(tag))
        if watched:
            stage.watch(answer["OperationId"])

    return act


def asks(operation: str) -> RunnerAct:
    """Somebody pauses, resumes or deletes it."""

    def act(stage: RunnerStage) -> None:
        stage.call(operation, ServiceArn=stage.arn)

    return act


def minutes(count: float) -> RunnerAct:
    """Time passes, and the observer is asked again and again."""

    def act(stage: RunnerStage) -> None:
        for _ in range(round(count * 60 / LOOK_SECONDS)):
            stage.pass_time(LOOK_SECONDS)
            stage.look()

    return act


def unseen(count: float) -> RunnerAct:
    """Minutes pass in which the observer is not asked."""

    def act(stage: RunnerStage) -> None:
        for _ in range(round(count)):
            stage.pass_time(60)
            # The sandbox's App Runner goes on whenever AWS is asked anything.
            stage.shown()

    return act


HISTORIES = (
    RunnerHistory(
        "App Runner: the first version ever comes up.",
        (create("v1"), minutes(6)),
        Verdict.SUCCESSFUL,
        ExitCode.OK,
        "v1",
    ),
    RunnerHistory(
        "App Runner: the creation fails, and what is left can only be deleted.",
        (create("v1-crash"), minutes(15)),
        Verdict.FAILED,
        ExitCode.NEEDS_PERSON,
        "",
        thread="apprunner-roadmap#95",
    ),
    RunnerHistory(
        "App Runner: a good version replaces the old one.",
        (runs("v1"), update("v2"), minutes(6)),
        Verdict.SUCCESSFUL,
        ExitCode.OK,
        "v2",
    ),
    RunnerHistory(
        "App Runner: an update fails its health checks and is rolled back, and the service is RUNNING.",
        (runs("v1"), update("v2-unhealthy"), minutes(15)),
        Verdict.ROLLED_BACK,
        ExitCode.ROLLED_BACK,
        "v1",
        thread="apprunner-roadmap#209",
    ),
    RunnerHistory(
        "App Runner: an update crashes and is rolled back.",
        (runs("v1"), update("v2-crash"), minutes(15)),
        Verdict.ROLLED_BACK,
        ExitCode.ROLLED_BACK,
        "v1",
        thread="app-runner-deploy#11",
    ),
    RunnerHistory(
        "App Runner: somebody pauses the service after the update succeeded.",
        (runs("v1"), update("v2"), minutes(6), asks("pause_service"), minutes(3)),
        Verdict.SCALED_TO_ZERO,
        ExitCode.OK,
        "",
        thread="apprunner-roadmap#272",
    ),
    RunnerHistory(
        "App Runner: somebody pauses and resumes the service after the update succeeded.",
        (
            runs("v1"),
            update("v2"),
            minutes(6),
            asks("pause_service"),
            minutes(3),
            asks("resume_service"),
            minutes(4.5),
        ),
        Verdict.SUCCESSFUL,
        ExitCode.OK,
        "v2",
    ),
    RunnerHistory(
        "App Runner: somebody deletes the service after the update succeeded.",
        (runs("v1"), update("v2"), minutes(6), asks("delete_service"), minutes(3)),
        Verdict.STOPPED,
        ExitCode.OK,
        "",
    ),
    RunnerHistory(
        "App Runner: somebody else's later update fails, and ours is back.",
        (runs("v1"), update("v2"), minutes(6), update("v3-crash", watched=False), minutes(15)),
        Verdict.SUCCESSFUL,
        ExitCode.OK,
        "v2",
    ),
    RunnerHistory(
        "App Runner: ours is rolled back and somebody else's update succeeds while nobody looks.",
        (
            runs("v1"),
            update("v2-crash"),
            minutes(1.5),
            unseen(20),
            update("v3", watched=False),
            unseen(10),
            minutes(1.5),
        ),
        Verdict.ROLLED_BACK,
        ExitCode.NEEDS_PERSON,
        "v3",
        thread="app-runner-deploy#32",
    ),
    RunnerHistory(
        "App Runner: ours succeeds and somebody else's update replaces it while nobody looks.",
        (runs("v1"), update("v2"), minutes(1.5), unseen(5), update("v3", watched=False), unseen(10), minutes(1.5)),
        Verdict.SUPERSEDED,
        ExitCode.NEEDS_PERSON,
        "v3",
    ),
)
