"""What surrounds a running deployment: logs and alarms, hardening, user accounts, delivery from GitHub."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wizard.blueprint.model.base import AbsolutePath, Email, ListOf, Matches, Percent, Section, TrueMeansDefaults
from wizard.blueprint.model.ingress import RoutePath

# CloudWatch Logs takes these and no other (PutRetentionPolicy).
LogDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]


class Alarms(Section):
    """Thresholds of the CloudWatch alarms."""

    cpu: Percent | None = Field(default=80, description="CPU of a service in percent, over five minutes. null: none.")
    memory: Percent | None = Field(default=80, description="Memory of a service in percent. null: no alarm.")
    http_5xx: int | None = Field(default=10, ge=1, description="Server errors in five minutes. null: no alarm.")
    unhealthy_targets: bool = Field(
        default=True,
        description="Fewer healthy containers than wanted behind the load balancer, or none of a worker running.",
    )
    broker: bool = Field(
        default=True, description="CPU and memory of the message broker, and queue depth where it is known."
    )
    database: bool = Field(default=True, description="CPU and free storage of the database.")


class Observability(Section):
    """Logs, alarms and the bill."""

    log_days: LogDays = Field(
        default=30, description="Days that container logs are kept. CloudWatch knows a fixed list."
    )
    alarms: Annotated[Alarms | None, TrueMeansDefaults()] = Field(
        default=None, description="CloudWatch alarms: about 0.10 USD a month each. `true`, or thresholds of your own."
    )
    email: Email | None = Field(
        default=None, description="Who is told of alarms. The person must confirm an e-mail from AWS."
    )
    container_insights: bool = Field(default=False, description="Finer metrics of containers, some USD a month.")
    budget_usd: int | None = Field(
        default=None, ge=1, description="A monthly budget. AWS tells when 80 % of it is spent."
    )


class Hardening(Section):
    """Stricter settings than a first experiment needs."""

    preset: Literal["none", "hipaa"] = Field(
        default="none",
        description="`hipaa`: an own KMS key for everything at rest, flow logs, 365 days of logs, no public tasks.",
    )
    deletion_protection: bool = Field(default=False, description="AWS refuses to delete load balancer and database.")
    cloudtrail: bool = Field(default=False, description="A record of every API call in the account, kept in S3.")
    kms: bool = Field(default=False, description="An own KMS key for storage, secrets and logs: 1 USD a month.")


class Cognito(Section):
    """A Cognito user pool: sign-up, sign-in and tokens for the application's users."""

    kind: Literal["cognito"] = Field(description="An Amazon Cognito user pool.")
    mfa: Literal["off", "optional", "required"] = Field(default="optional", description="A second factor at sign-in.")
    self_sign_up: bool = Field(default=False, description="May people register themselves?")
    callback_paths: ListOf[AbsolutePath] = Field(
        default=(), description="Paths under the host to which sign-in returns."
    )
    in_front: bool = Field(
        default=False,
        description="The load balancer asks everybody to sign in before a request reaches a container. "
        "Health checks are not asked.",
    )
    open_paths: ListOf[RoutePath] = Field(
        default=(),
        max_length=40,
        description="With `in_front`: path patterns that nobody signs in for, such as those of webhooks. "
        "Each goes where its route leads.",
    )
    session_hours: int = Field(
        default=12, ge=1, le=168, description="With `in_front`: hours until a person has to sign in again."
    )


class NoIdentity(Section):
    """The application knows its users itself."""

    kind: Literal["none"] = Field(default="none", description="No user pool.")


Identity = Annotated[Cognito | NoIdentity, Field(discriminator="kind")]

GitHubRepository = Annotated[
    str, Matches(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}", "OWNER/REPOSITORY as GitHub spells it")
]


class GitHub(Section):
    """The repository that may deploy, through OpenID Connect: no long-lived AWS key is kept in GitHub."""

    repository: GitHubRepository = Field(description="OWNER/REPOSITORY.")
    branch: Annotated[str, Matches(r"[A-Za-z0-9._/-]{1,200}", "a branch name")] = Field(
        default="main", description="The branch that may deploy."
    )


class Images(Section):
    """How the deployment's own image repositories (ECR) behave."""

    scan: bool = Field(default=True, description="Look for known weaknesses when an image is pushed.")
    immutable_tags: bool = Field(
        default=True, description="A tag, once pushed, never means another image. Roll-backs rely on it."
    )


class Delivery(Section):
    """How new versions get here."""

    github: GitHub | None = Field(default=None, description="Let a GitHub Actions workflow deploy.")
    images: Images = Field(default=Images(), description="The deployment's own image repositories.")
    keep_revisions: int = Field(
        default=10,
        ge=2,
        le=100,
        description="Old revisions that stay ready for a roll-back. A release clears older ones away.",
    )
