"""A service on AWS App Runner, which takes no new customers since 30 April 2026 and serves those it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling, Status
from wizard.errors import AwsError
from wizard.kinds._app_runner import GONE, find, listed, settings, status_of
from wizard.kinds._app_runner_closed import said_unless_closed
from wizard.kinds._app_runner_rules import idle_monthly_usd, problems_of
from wizard.kinds._named import addresses_by_name, ignoring, with_surplus
from wizard.release.runner import BUSY


class AppRunnerService(Kind):
    """CreateService has no token, and the name is taken until the service is deleted. Changes come one at a time."""

    name = "app_runner_service"
    title = "App Runner service"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name"})
    uses = frozenset({"app_runner_scaling", "role", "secret", "repository"})
    leaves_behind = "its log groups /aws/apprunner/<name>/..., which App Runner made and AWS keeps"
    settling = (
        Settling("create", "InvalidRequestException", "assuming", 120),
        Settling("update", "InvalidRequestException", "assuming", 120),
        Settling("update", "InvalidStateException", "", 1200),
        Settling("delete", "InvalidStateException", "", 1200),
    )
    iam = {
        "read": (
            "apprunner:ListServices",
            "apprunner:DescribeService",
            "apprunner:ListTagsForResource",
            "apprunner:ListOperations",
            "logs:FilterLogEvents",
        ),
        "create": ("apprunner:CreateService", "apprunner:TagResource", "apprunner:ListServices", "iam:PassRole"),
        "update": (
            "apprunner:UpdateService",
            "apprunner:PauseService",
            "apprunner:ResumeService",
            "apprunner:TagResource",
            "apprunner:UntagResource",
            "iam:PassRole",
        ),
        "delete": ("apprunner:DeleteService",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The name, the sizes that App Runner sells, and where its images may come from."""
        return problems_of(properties)

    def create_seconds(self, properties: Properties) -> float:
        """3-6 minutes, and an update of three once it knows its own address."""
        return 420 if properties.get("environment_with_url") else 240

    def update_seconds(self, properties: Properties) -> float:
        """About three minutes."""
        return 180

    def delete_seconds(self, properties: Properties) -> float:
        """1-3 minutes."""
        return 90

    def monthly_usd(self, properties: Properties) -> float | None:
        """The memory of one instance that waits; CPU is paid only while requests are answered."""
        return idle_monthly_usd(properties.get("memory"))

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Sizes are text there."""
        return str(desired) == str(actual) if name in ("cpu", "memory") else bool(desired == actual)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One DescribeService for each; the ARN is in the index, or in the list of all services."""
        found = (
            find(context, name, address, wanted.get(address, {})) for name, address in self._names(context, wanted)
        )
        return [live for live in found if live]

    def _names(self, context: Context, wanted: Mapping[str, Properties]) -> list[tuple[str, str]]:
        indexed = {name.partition("/")[0]: at for name, at in with_surplus(context, self.name, {}, "/").items()}
        return list((indexed | addresses_by_name(wanted)).items())

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Everything but its own address goes into the one call."""
        try:
            answer = context.aws.write(
                "apprunner",
                "create_service",
                ServiceName=properties["name"],
                Tags=tag_list(context.scope.tags(address)),
                **settings(properties, frozenset(properties), ""),
            )
        except AwsError as error:
            if "already exists" in error.message:
                # Ours or a stranger's: the read that follows says whose.
                return listed(context)[properties["name"]]
            raise said_unless_closed(address, error) from error
        return str(answer["Service"]["ServiceArn"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """One operation at a time: App Runner refuses another while one is under way, so it is not even asked."""
        if live.attributes["status"] == BUSY:
            raise AwsError("apprunner:UpdateService", "InvalidStateException", "an operation is in progress")
        if live.attributes["status"] == "PAUSED":
            context.aws.write("apprunner", "resume_service", ServiceArn=live.id)
        elif changed == {"running"}:
            context.aws.write("apprunner", "pause_service", ServiceArn=live.id)
        else:
            wanted = settings(properties, changed, live.attributes["url"])
            context.aws.write("apprunner", "update_service", ServiceArn=live.id, **wanted)

    def delete(self, context: Context, live: Live) -> None:
        """Also of one whose creation failed: it counts and holds the name until it is deleted."""
        with ignoring(GONE):
            context.aws.write("apprunner", "delete_service", ServiceArn=live.id)

    def is_on_its_way(self, live: Live) -> bool:
        """An operation that nobody has seen the end of, or a failed creation."""
        return live.attributes["status"] in (BUSY, "CREATE_FAILED")

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """What became of the operation: App Runner itself says whether it rolled back."""
        return status_of(context.aws, live, properties)
