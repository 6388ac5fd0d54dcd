"""What the console shows around the rollout of one service: cause, tasks, targets, timeline, numbers. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from wizard.deployment.releases import Releases
from wizard.release.diagnosis.rule import Diagnosis
from wizard.release.examination import examine
from wizard.release.metrics import Series, read_metrics
from wizard.release.rollout import Rollout, Verdict
from wizard.release.runner_examination import examine_app_runner
from wizard.release.runner_history import RunnerStanding
from wizard.release.service_ref import Platform, ServiceRef
from wizard.release.standing import Standing
from wizard.release.targets import TargetState, groups_of, read_targets
from wizard.release.tasks import TaskState, read_tasks
from wizard.release.timeline import Moment, read_timeline, secrets_of

WELL = frozenset({Verdict.SUCCESSFUL})


class Surroundings:
    """One look at one service; what is asked for twice is read once."""

    def __init__(self, releases: Releases, ref: ServiceRef) -> None:
        self._releases = releases
        self._aws = releases.aws
        self._ref = ref

    @property
    def _on_ecs(self) -> bool:
        return self._ref.platform is not Platform.APP_RUNNER

    @cached_property
    def standing(self) -> Standing | RunnerStanding:
        """Its revisions, what is in flight, its hold."""
        return self._releases.standing(self._ref)

    @property
    def _service(self) -> Mapping[str, Any]:
        """The service as DescribeServices shows it; empty for App Runner."""
        return self.standing.service if isinstance(self.standing, Standing) else {}

    def diagnosis(self, rollout: Rollout | None) -> Diagnosis | None:
        """The cause, when something is wrong."""
        if not self._on_ecs:
            return examine_app_runner(self._aws, self._ref.arn)
        if rollout is not None and rollout.verdict in WELL and rollout.running >= rollout.desired:
            return None
        return examine(self._aws, self._ref.cluster, self._ref.name, rollout=rollout)

    def tasks(self) -> list[TaskState]:
        """Running and stopped tasks; App Runner shows none."""
        return read_tasks(self._aws, self._ref.cluster, self._ref.name) if self._on_ecs else []

    def targets(self) -> list[TargetState]:
        """Health as the load balancers see it."""
        return read_targets(self._aws, groups_of(self._service))

    def hold(self) -> str:
        """Who holds it and why; empty when nobody does."""
        return self.standing.hold.words() if self.standing.hold else ""

    def timeline(self, since: datetime) -> list[Moment]:
        """What happened since then."""
        revisions = self.standing.revisions
        deployed = [
            Moment(
                each.deployed_at,
                "deploy",
                f"{each.label} deployed{f' by {each.by}' if each.by else ''}: {each.outcome}",
            )
            for each in revisions
            if each.deployed_at
        ]
        serving = next((each for each in revisions if each.serving), None)
        secrets = secrets_of(serving.definition) if serving else []
        return read_timeline(self._aws, self._service, deployed, secrets, since)

    def metrics(self, now: datetime) -> list[Series]:
        """CPU, memory, requests, errors."""
        if not self._on_ecs:
            return []
        return read_metrics(self._aws, self._ref.cluster, self._ref.name, groups_of(self._service), now)
