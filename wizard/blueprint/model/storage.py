"""Places for files: S3 buckets and EFS file systems, each under a name of its own."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wizard.blueprint.model.base import ListOf, Matches, Section

Prefix = Annotated[
    str, Matches(r"[A-Za-z0-9!_.'()-][A-Za-z0-9!_.'()/-]{0,255}", "the start of a key such as reports/, without a *")
]


class Lifecycle(Section):
    """Move or remove old objects under a prefix."""

    prefix: Prefix | None = Field(default=None, description="Only objects whose key starts so. Left out: all.")
    to_ia_after_days: int | None = Field(
        default=None, ge=30, description="Move to Infrequent Access: half the price, small fee a read. From day 30 on."
    )
    to_glacier_after_days: int | None = Field(
        default=None, ge=1, description="Move to Glacier Flexible Retrieval: a fifth of the price, hours to read."
    )
    expire_after_days: int | None = Field(default=None, ge=1, description="Delete for good. Left out: never.")
    old_versions_after_days: int | None = Field(
        default=None, ge=1, description="Delete versions that were overwritten or deleted so many days ago."
    )


class S3(Section):
    """A private S3 bucket: public access is always blocked, TLS is always demanded."""

    kind: Literal["s3"] = Field(description="An S3 bucket.")
    versioning: bool = Field(
        default=False, description="Keep what is overwritten or deleted. Doubles the bill at worst."
    )
    encryption: Literal["sse-s3", "kms"] = Field(
        default="sse-s3", description="Keys of S3 (free), or an own KMS key (1 USD a month) whose use can be audited."
    )
    lifecycle: ListOf[Lifecycle] = Field(default=(), description="What happens to old objects.")


class Efs(Section):
    """A shared file system that containers mount."""

    kind: Literal["efs"] = Field(description="An EFS file system.")
    to_ia_after_days: Literal[7, 14, 30, 60, 90] | None = Field(
        default=None, description="Files that nobody reads move to a cheaper class."
    )
    backup: bool = Field(default=True, description="Daily backups by AWS Backup.")


Storage = Annotated[S3 | Efs, Field(discriminator="kind")]
