"""Where a migration stands: what the tag on its revision records, and the tasks that ECS still shows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from wizard.aws.ownership import tag_map
from wizard.engine.kind import RUN_TAG, Context, Live, Properties
from wizard.kinds._named import Tags, ignoring, owner_of

MARK = "pilotage:migrated"
"""Tag key on a revision of a task definition. Its value: what was run, as a fingerprint, and the id of the task."""
REMOVED = "removed"
"""In place of the fingerprint: the task counts no more."""
FAILED = " (its migration failed)"
"""Follows a revision whose migration failed in an earlier run: so it differs from the wanted one and is run again."""
GONE = ("ClusterNotFoundException",)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


def is_known(properties: Properties) -> bool:
    """Whether enough is known to look for it."""
    texts = (properties.get(name) for name in ("cluster", "task_definition", "container"))
    return all(isinstance(text, str) for text in texts) and isinstance(properties.get("command"), (list, tuple))


def fingerprint(properties: Properties) -> str:
    """What is run, in 16 digits: another command is another migration."""
    words = [properties["container"], *properties["command"]]
    return hashlib.sha256(repr(words).encode()).hexdigest()[:16]


def id_of(arn: str) -> str:
    """The id at the end of a task's ARN."""
    return arn.rpartition("/")[2]


def exit_code_of(task: Mapping[str, Any], container: str) -> int | None:
    """With what a container ended; None when it did not run."""
    found: int | None = next((c.get("exitCode") for c in task.get("containers") or () if c["name"] == container), None)
    return found


@dataclass(frozen=True)
class Attempts:
    """Everything that is known about the migration of one revision."""

    context: Context
    address: str
    properties: Properties

    @staticmethod
    def started_by(context: Context, address: str, properties: Properties) -> str:
        """Marks the tasks of one migration, so that ListTasks finds them: AWS takes 36 characters at most."""
        whose = (context.scope.deployment, address, properties["task_definition"], fingerprint(properties))
        return "migrate-" + hashlib.sha256(repr(whose).encode()).hexdigest()[:24]

    @classmethod
    def running(cls, context: Context, address: str, arn: str) -> Live | None:
        """A task that only its tags still know, unless it is over."""
        cluster = context.scope.arn("ecs", f"cluster/{arn.split('/')[-2]}")
        for task in cls(context, address, {"cluster": cluster}).described([arn]):
            override = next((o for o in task["overrides"]["containerOverrides"] if o.get("command")), None)
            if task["lastStatus"] != "STOPPED" and override:
                how = {"container": override["name"], "command": override["command"]}
                properties = {"cluster": cluster, "task_definition": task["taskDefinitionArn"], **how}
                return cls(context, address, properties)._of_task(task)
        return None

    def live(self) -> Live | None:
        """The recorded success, else the newest attempt that counts; None when it was never run."""
        revision = self.properties["task_definition"]
        answer = self.context.aws.read("ecs", "list_tags_for_resource", resourceArn=revision)
        tags = tag_map(answer.get("tags"))
        what, _, task = tags.get(MARK, "").partition(" ")
        if what == fingerprint(self.properties):
            return self._recorded(task, tags)
        attempts = [one for one in self._tasks() if id_of(one["taskArn"]) != task]
        return self._of_task(max(attempts, key=_newest)) if attempts else None

    def described(self, tasks: Sequence[str]) -> list[Mapping[str, Any]]:
        """These tasks, as far as ECS still shows them."""
        if not tasks:
            return []
        with ignoring(*GONE):
            answer = self.context.aws.read(
                "ecs", "describe_tasks", cluster=self.properties["cluster"], tasks=list(tasks), include=["TAGS"]
            )
            return list(answer["tasks"])
        return []

    def _tasks(self) -> list[Mapping[str, Any]]:
        """Everything that was started for it and that ECS still shows."""
        mine = self.started_by(self.context, self.address, self.properties)
        arns: list[str] = []
        with ignoring(*GONE):
            for state in ("RUNNING", "STOPPED"):
                how = {"cluster": self.properties["cluster"], "startedBy": mine, "desiredStatus": state}
                arns += self.context.aws.pages("ecs", "list_tasks", "taskArns", **how)
        return self.described(arns[-100:])

    def _recorded(self, task: str, tags: Tags) -> Live:
        cluster = id_of(self.properties["cluster"])
        return self._live(self.context.scope.arn("ecs", f"task/{cluster}/{task}"), "STOPPED", True, owner_of(tags))

    def _of_task(self, task: Mapping[str, Any]) -> Live:
        tags = tag_map(task.get("tags"))
        state, code = task["lastStatus"], exit_code_of(task, self.properties["container"])
        # A failure of this very run is its own to report; one of an earlier run is tried again.
        again = state == "STOPPED" and code != 0 and tags.get(RUN_TAG) != self.context.scope.run
        return self._live(task["taskArn"], state, False, owner_of(tags), FAILED if again else "")

    def _live(self, arn: str, state: str, recorded: bool, owner: str, failed: str = "") -> Live:
        named = {name: self.properties[name] for name in ("cluster", "container", "command")}
        revision = self.properties["task_definition"].removesuffix(FAILED) + failed
        properties = {**named, "task_definition": revision, "recorded": recorded}
        attributes = {"id": arn, "arn": arn, "status": state, "task": id_of(arn)}
        return Live(self.address, arn, properties, attributes, owner)


def _newest(task: Mapping[str, Any]) -> tuple[bool, datetime]:
    return task["lastStatus"] != "STOPPED", task.get("createdAt") or LONG_AGO
