"""What is known about a failing task: the input of every rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.release.rollout import Rollout


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
    """Reason codes of unhealthy targets: `Target.Timeout`."""
    events: tuple[str, ...] = ()
    """Service events that say that tasks cannot be placed."""
    log_lines: tuple[str, ...] = ()
    """The last lines that the container wrote."""
    older_serving: bool = False

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
        lines += self.events[:1]
        lines += [f"log: {line}" for line in self.log_lines]
        return "\n".join(lines)

    @property
    def safe(self) -> str:
        """What a person need not worry about."""
        return "the version before it is serving" if self.older_serving else "no other resource was changed by this"

    @property
    def look(self) -> str:
        """A command that shows more."""
        cluster = f" --cluster {self.cluster}" if self.cluster else ""
        if self.task:
            return f"aws ecs describe-tasks{cluster} --tasks {self.task}"
        return f"aws ecs describe-services{cluster} --services {self.service or 'SERVICE'}"


def symptoms_of(rollout: Rollout, *, cluster: str = "", log_lines: tuple[str, ...] = ()) -> Symptoms:
    """The signs that a rollout shows."""
    failure = rollout.failure
    return Symptoms(
        reason=failure.reason if failure else rollout.reason,
        container=failure.container if failure else "",
        container_reason=failure.container_reason if failure else "",
        image=failure.image if failure else "",
        exit_code=failure.exit_code if failure else None,
        task=failure.task if failure else "",
        cluster=cluster,
        service=rollout.service,
        target_reasons=rollout.target_reasons,
        events=rollout.troubles,
        log_lines=log_lines,
        older_serving=rollout.older_serving,
    )
