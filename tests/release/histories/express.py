"""Histories of services in Express Mode: every deployment is a canary, guarded by ECS itself."""

from __future__ import annotations

from dataclasses import replace

from tests.release.histories.acts import minutes, until
from tests.release.histories.history import History
from tests.release.histories.stage import NAME, Act, Stage
from tests.release.histories.watching import ADDRESS, DEPLOYMENT, context_of
from tests.release.shop import ACCOUNT
from wizard.errors import ExitCode
from wizard.kinds._express import described
from wizard.kinds.express_service import ExpressService
from wizard.release.rollout import Verdict


def express(tag: str) -> Act:
    """The first version ever of a service in Express Mode, watched from its beginning."""

    def act(stage: Stage) -> None:
        _create_express(stage, tag)
        _watch_express(stage)

    return act


def express_runs(tag: str) -> Act:
    """A service in Express Mode runs this version, and well."""

    def act(stage: Stage) -> None:
        _create_express(stage, tag)
        stage.pass_time(600)

    return act


def _create_express(stage: Stage, tag: str) -> None:
    roles = {f"{name}RoleArn": f"arn:aws:iam::{ACCOUNT}:role/execution" for name in ("execution", "infrastructure")}
    stage.write(
        "create_express_gateway_service",
        serviceName=NAME,
        cluster="main",
        primaryContainer={"image": stage.shop.push(tag), "containerPort": 8080},
        networkConfiguration={"subnets": stage.shop.subnets},
        healthCheckPath="/health",
        **roles,
    )


def express_deploy(tag: str, *, watched: bool = True) -> Act:
    """A replay gives the service in Express Mode another version and watches; or somebody else does."""

    def act(stage: Stage) -> None:
        container = {"image": stage.shop.push(tag), "containerPort": 8080}
        arn = stage.shown()["serviceArn"]
        stage.write("update_express_gateway_service", serviceArn=arn, primaryContainer=container)
        if watched:
            _watch_express(stage)

    return act


def _watch_express(stage: Stage) -> None:
    context = context_of(stage.shop.aws, stage.clock)
    found = described(context, stage.shown()["serviceArn"], ADDRESS, {})
    assert found is not None
    shown = stage.shown()
    stage.began.append((shown["currentServiceDeployment"], shown["taskDefinition"]))
    stage.follow(ExpressService(), replace(found, owner=DEPLOYMENT), shown["taskDefinition"])


HISTORIES = (
    History(
        "Express: the first version ever comes up.",
        (express("v1"), until("SUCCESSFUL"), minutes(2)),
        Verdict.SUCCESSFUL,
        ExitCode.OK,
        "v1",
    ),
    History(
        "Express: the first version ever crashes, and there is nothing to go back to.",
        (express("v1-crash"), until("ROLLBACK_FAILED"), minutes(2)),
        Verdict.FAILED,
        ExitCode.NEEDS_PERSON,
        "",
    ),
    History(
        "Express: a good version takes the requests over in two steps.",
        (express_runs("v1"), express_deploy("v2"), until("SUCCESSFUL"), minutes(2)),
        Verdict.SUCCESSFUL,
        ExitCode.OK,
        "v2",
    ),
    History(
        "Express: a version that fails its health checks is sent back.",
        (express_runs("v1"), express_deploy("v2-unhealthy"), until("ROLLBACK_SUCCESSFUL", every=90), minutes(2)),
        Verdict.ROLLED_BACK,
        ExitCode.ROLLED_BACK,
        "v1",
        fools_waiter=True,
    ),
    History(
        "Express: somebody else gives it another version in the middle of the canary.",
        (express_runs("v1"), express_deploy("v2"), minutes(2), express_deploy("v3", watched=False), minutes(20, 120)),
        Verdict.SUPERSEDED,
        ExitCode.NEEDS_PERSON,
        "v3",
        fools_waiter=True,
    ),
    History(
        "Express: somebody else's version in the middle of the canary crashes, and the oldest one is back.",
        (
            express_runs("v1"),
            express_deploy("v2"),
            minutes(2),
            express_deploy("v3-crash", watched=False),
            minutes(20, 120),
        ),
        Verdict.SUPERSEDED,
        ExitCode.NEEDS_PERSON,
        "v1",
        fools_waiter=True,
    ),
)
