"""What is known about a failing version: the input of every rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.release.rollout import Rollout

SHOWN_EVENTS = 2


@dataclass(frozen=True)
class Symptoms:
    """Signs of one failure, in AWS's words; what is not known is empty."""

    reason: str = ""
    """The task's `stoppedReason`."""
    container: str = ""
    container_reason: str = ""
    image: str = ""
    exit_code: int | None = None
    task: str = ""
    cluster: str = ""
    service: str = ""
    target_reasons: tuple[str, ...] = ()
    """Reason codes of targets that get no traffic: `Target.Timeout`."""
    events: tuple[str, ...] = ()
    """Service events that tell of trouble, newest first."""
    log_lines: tuple[str, ...] = ()
    """The last lines that the container wrote."""
    older_serving: bool = False
    stop_code: str = ""
    """The task's `stopCode`: TaskFailedToStart, EssentialContainerExited, UserInitiated."""
    target_notes: tuple[str, ...] = ()
    """What the load balancer says about those targets: `Health checks failed with these codes: [404]`."""
    port: int | None = None
    """The container port to which the load balancer sends."""
    deployment_reason: str = ""
    """The service deployment's `statusReason`."""
    hook: str = ""
    """The stage at which a service deployment waits for somebody's decision; empty when it does not wait."""
    hook_id: str = ""
    deployment_arn: str = ""
    """The service deployment, for the command that lets it go on."""
    alarms: tuple[str, ...] = ()
    """Alarms in ALARM that guard the deployment."""
    desired: int | None = None
    """How many tasks the service should have."""
    refusal: str = ""
    """Code and message of the AWS call that was refused: `AccessDeniedException: User ... is not authorized`."""
    certificate: str = ""
    """Status, failure reason and domain of the certificate that is not in order: `FAILED CAA_ERROR www.example.com`."""
    runner: str = ""
    """What App Runner or Express Mode says about its operation."""

    @property
    def words(self) -> str:
        """Everything that AWS says about the task."""
        return " ".join(filter(None, (self.reason, self.container_reason)))

    @property
    def evidence(self) -> str:
        """The raw signs, for a person to judge."""
        lines = list(dict.fromkeys(filter(None, (self.reason, self.container_reason))))
        if self.exit_code is not None:
            lines.append(f"container {self.container or '?'} ended with exit code {self.exit_code}")
        lines += [f"target: {code}" for code in self.target_reasons]
        lines += [f"target: {note}" for note in self.target_notes]
        lines += self.events[:SHOWN_EVENTS]
        lines += [f"log: {line}" for line in self.log_lines]
        if self.deployment_reason and self.deployment_reason not in lines:
            lines.append(f"deployment: {self.deployment_reason}")
        lines += [f"alarm: {name}" for name in self.alarms]
        if self.hook:
            lines.append(f"the deployment waits at {self.hook}")
        if self.desired == 0:
            lines.append("the service should have 0 tasks")
        lines += [f"refused: {self.refusal}"] if self.refusal else []
        lines += [f"certificate: {self.certificate}"] if self.certificate else []
        lines += [self.runner] if self.runner else []
        return "\n".join(lines)

    @property
    def safe(self) -> str:
        """What a person need not worry about."""
        return "the version before it is serving" if self.older_serving else "no other resource was changed by this"

    @property
    def cluster_name(self) -> str:
        """The cluster's name, of which AWS often tells the ARN."""
        return self.cluster.rpartition("/")[2]

    @property
    def look(self) -> str:
        """A command that shows more."""
        cluster = f" --cluster {self.cluster_name}" if self.cluster else ""
        if self.task:
            return f"aws ecs describe-tasks{cluster} --tasks {self.task}"
        return f"aws ecs describe-services{cluster} --services {self.service or 'SERVICE'}"

    @property
    def rollback(self) -> str:
        """The command that goes back to a version that worked."""
        return f"pilotage rollback --cluster {self.cluster_name or 'CLUSTER'} --service {self.service or 'SERVICE'}"

    @property
    def unwell(self) -> bool:
        """Whether something failed, so that a line of the log may tell why; a line alone is no failure."""
        ended_badly = self.exit_code not in (None, 0)
        return ended_badly or "failed" in self.words.lower() or bool(self.target_reasons or self.runner)


def symptoms_of(rollout: Rollout, *, cluster: str = "", log_lines: tuple[str, ...] = ()) -> Symptoms:
    """The signs that a rollout shows."""
    failure = rollout.failure
    return Symptoms(
        reason=failure.reason if failure else "",
        container=failure.container if failure else "",
        container_reason=failure.container_reason if failure else "",
        image=failure.image if failure else "",
        exit_code=failure.exit_code if failure else None,
        task=failure.task if failure else "",
        stop_code=failure.code if failure else "",
        cluster=cluster,
        service=rollout.service,
        target_reasons=rollout.target_reasons,
        events=rollout.troubles,
        log_lines=log_lines,
        older_serving=rollout.older_serving,
        deployment_reason=rollout.reason,
    )
