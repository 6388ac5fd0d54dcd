"""A one-off ECS task that changes what a new version needs changed, before any request reaches that version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import ecs_tag_list
from wizard.engine.kind import READY, Context, Identity, Kind, Live, Properties, Settling, State, Status
from wizard.engine.values import UNKNOWN
from wizard.errors import AwsError
from wizard.kinds._migration import FAILED, MARK, REMOVED, Attempts, exit_code_of, fingerprint, id_of, is_known
from wizard.kinds._migration_failure import STATUS_ACTIONS, failed
from wizard.kinds._named import token_for

NOT_STARTED = "TaskNotStarted"
"""Our code for an answer of RunTask that holds no task: Fargate had no capacity at that moment."""
ROLE = "verify that the ECS service role being passed has the proper permissions"


class Migration(Kind):
    """Runs once for each revision and command. RunTask is idempotent by its client token.

    ECS forgets a stopped task after about an hour, so a tag on the revision of the task definition records that its
    migration ended well; `recorded` is that tag. One that failed in an earlier run is run again by the next.
    """

    name = "migration"
    title = "migration task"
    identity = Identity.TOKENED
    found_by = frozenset({"cluster", "task_definition", "container", "command"})
    set_when_ready = frozenset({"recorded"})
    uses = frozenset(
        {"cluster", "task_definition", "role", "log_group", "secret", "subnet", "security_group"}
        | {"nat_gateway", "route_table", "vpc_endpoint"}
    )
    settling = (
        Settling("create", NOT_STARTED, "", 600),
        Settling("update", NOT_STARTED, "", 600),
        Settling("create", "ClusterNotFoundException", "", 240),
        *(Settling(verb, "InvalidParameterException", ROLE, 240) for verb in ("create", "update")),
    )
    iam = {
        "read": ("ecs:ListTagsForResource", "ecs:ListTasks", "ecs:DescribeTasks", *STATUS_ACTIONS),
        "create": ("ecs:RunTask", "ecs:TagResource", "iam:PassRole"),
        "update": ("ecs:RunTask", "ecs:TagResource", "iam:PassRole"),
        "delete": ("ecs:StopTask", "ecs:TagResource"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """AWS: overrides of a task are 8192 characters at most."""
        command = properties.get("command")
        if command is None or command is UNKNOWN:
            return []
        length = sum(len(str(word)) + 4 for word in command)
        return [] if length < 8000 else [f"the command of a migration is 8,000 characters at most, not {length}"]

    def create_seconds(self, properties: Properties) -> float:
        """Start, pull and stop take a minute; how long the command runs nobody knows."""
        return 90

    def limit_seconds(self, properties: Properties) -> float:
        """An hour; one that takes longer goes on in AWS and is found by the next run."""
        return 3600

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid by the second while it runs: nothing that comes every month."""
        return 0.0

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """What it is found by is equal; network and groups count for the moment of the run only."""
        return bool(desired == actual) if name in ("task_definition", "recorded") else True

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """The tags of each revision; its tasks only where those record no success."""
        found = [
            live
            for address, properties in wanted.items()
            if is_known(properties) and (live := Attempts(context, address, properties).live())
        ]
        surplus = {a: arn for a, arn in context.index.arns(self.name).items() if a not in wanted}
        running = (Attempts.running(context, address, arn) for address, arn in surplus.items())
        return [*found, *(live for live in running if live)]

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Run it with the service's own definition, network and rights, and another command."""
        return _run(context, address, properties, token, "")

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Run one again that failed in an earlier run, or record that it ended well."""
        if "task_definition" in changed:
            _run(context, live.address, properties, context.token(live.address), live.id)
        elif "recorded" in changed:
            _mark(context, properties["task_definition"], f"{fingerprint(properties)} {id_of(live.id)}")

    def delete(self, context: Context, live: Live) -> None:
        """Stop it if it runs; what is over is struck from the record of its revision."""
        if live.attributes["status"] != "STOPPED":
            context.aws.write("ecs", "stop_task", cluster=live.properties["cluster"], task=live.id, reason="removed")
            return
        revision = live.properties["task_definition"].removesuffix(FAILED)
        _mark(context, revision, f"{REMOVED} {id_of(live.id)}")

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """Ready is a container that ended with 0; one call while it runs."""
        if live.properties["recorded"]:
            return READY
        task = Attempts(context, live.address, properties).described([live.id])
        state = task[0]["lastStatus"] if task else "PENDING"
        if state != "STOPPED":
            return Status(State.PENDING, f"the migration is {state}", {"state": state, "task": id_of(live.id)})
        return (
            READY if exit_code_of(task[0], properties["container"]) == 0 else failed(context.aws, task[0], properties)
        )


def _run(context: Context, address: str, properties: Properties, token: str, after: str) -> str:
    """RunTask. Raises `AwsError` when AWS accepts the call and starts nothing."""
    network = {
        "subnets": list(properties["subnets"]),
        "securityGroups": list(properties.get("security_groups") or ()),
        "assignPublicIp": "ENABLED" if properties.get("public_ip") else "DISABLED",
    }
    override = {"name": properties["container"], "command": list(properties["command"])}
    revision, mark = properties["task_definition"], fingerprint(properties)
    try:
        answer = context.aws.write(
            "ecs",
            "run_task",
            cluster=properties["cluster"],
            taskDefinition=revision,
            count=1,
            launchType="FARGATE",
            clientToken=token_for(token, revision, mark, sorted(network["subnets"]), network["securityGroups"], after),
            startedBy=Attempts.started_by(context, address, properties),
            networkConfiguration={"awsvpcConfiguration": network},
            overrides={"containerOverrides": [override]},
            enableECSManagedTags=True,
            tags=ecs_tag_list(context.scope.tags(address)),
        )
    except AwsError as error:
        # A dead run's request with this token was carried out, with its own run in the tags: a read will find it.
        if error.code != "ConflictException":
            raise
        return str(revision)
    if not answer["tasks"]:
        reasons = "; ".join(str(one.get("reason", "")) for one in answer.get("failures") or ())
        raise AwsError("ecs:RunTask", NOT_STARTED, reasons or "AWS started no task and gave no reason")
    return str(answer["tasks"][0]["taskArn"])


def _mark(context: Context, revision: str, value: str) -> None:
    context.aws.write("ecs", "tag_resource", resourceArn=revision, tags=ecs_tag_list({MARK: value}))
