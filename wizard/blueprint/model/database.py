"""Where the application keeps its data: a database made here, one that exists elsewhere, or none."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wizard.blueprint.model.base import Matches, PartName, Section

DatabaseName = Annotated[
    str, Matches(r"[a-z][a-z0-9_]{0,62}", "up to 63 lower-case letters, digits and _, starting with a letter")
]
UserName = Annotated[
    str,
    Matches(
        r"(?!(?:admin|rdsadmin|postgres_admin|root|user)$)[a-z][a-z0-9_]{0,15}",
        "up to 16 lower-case letters, digits and _, starting with a letter, and none that AWS reserves (admin, root)",
    ),
]
PostgresClass = Annotated[
    str,
    Matches(
        r"db\.(?:t3|t4g|m6g|m7g|m8g|r6g|r7g|r8g)\.(?:micro|small|medium|large|xlarge|2xlarge|4xlarge|8xlarge)",
        "an RDS class such as db.t4g.micro or db.m8g.large",
    ),
]
DocumentDbClass = Annotated[
    str,
    Matches(
        r"db\.(?:t3\.medium|t4g\.medium|(?:r5|r6g|r6gd|r8g)\.(?:large|xlarge|2xlarge|4xlarge))",
        "a DocumentDB class such as db.t4g.medium or db.r8g.large",
    ),
]
Password = Literal["generated", "rotated"]
_PASSWORD = (
    "`generated`: made once and kept. `rotated`: RDS changes it every seven days, and tasks that run then must be "
    "started again to learn it."
)


class RdsPostgres(Section):
    """PostgreSQL on Amazon RDS: private, encrypted, TLS demanded."""

    kind: Literal["rds-postgres"] = Field(description="PostgreSQL on RDS.")
    version: Literal["18", "17", "16", "15", "14"] = Field(default="17", description="Major version, in quotes.")
    class_: PostgresClass = Field(
        default="db.t4g.micro",
        alias="class",
        description="Size. db.t4g.micro costs about 12 USD a month, db.t4g.medium 47; twice that with multi_az.",
    )
    storage_gib: int = Field(
        default=20, ge=20, le=65536, description="Disk, 0.115 USD a GiB and month. It can only grow."
    )
    max_storage_gib: int | None = Field(
        default=None, ge=22, le=65536, description="Let the disk grow by itself up to this."
    )
    multi_az: bool = Field(
        default=False, description="A second instance in another zone takes over within two minutes."
    )
    deletion_protection: bool = Field(default=False, description="AWS refuses to delete the database.")
    backup_days: int = Field(
        default=7, ge=1, le=35, description="Days of backups. An account on the AWS Free plan allows 1."
    )
    password: Password = Field(default="generated", description=_PASSWORD)
    name: DatabaseName = Field(default="app", description="Name of the database in the server.")
    user: UserName = Field(default="app", description="The user that the application logs in as.")
    kms: bool = Field(
        default=False, description="Encrypt with an own KMS key instead of AWS's. Cannot be changed later."
    )


class AuroraPostgres(Section):
    """Aurora PostgreSQL Serverless v2: capacity follows the load."""

    kind: Literal["aurora-postgres"] = Field(description="Aurora PostgreSQL, serverless.")
    version: Literal["17", "16", "15"] = Field(default="17", description="Major version, in quotes.")
    min_acu: float = Field(
        default=0.5,
        ge=0,
        le=256,
        strict=False,
        description="Least capacity (ACU, 0.12 USD an hour each). 0: pause when idle.",
    )
    max_acu: float = Field(default=4, ge=1, le=256, strict=False, description="Most capacity.")
    instances: int = Field(default=1, ge=1, le=15, description="Instances. Two or more survive the loss of a zone.")
    deletion_protection: bool = Field(default=False, description="AWS refuses to delete the database.")
    backup_days: int = Field(default=7, ge=1, le=35, description="Days of backups.")
    password: Password = Field(default="generated", description=_PASSWORD)
    name: DatabaseName = Field(default="app", description="Name of the database in the server.")
    user: UserName = Field(default="app", description="The user that the application logs in as.")
    kms: bool = Field(
        default=False, description="Encrypt with an own KMS key instead of AWS's. Cannot be changed later."
    )


class DocumentDb(Section):
    """Amazon DocumentDB, which speaks the MongoDB protocol: private, encrypted, TLS demanded."""

    kind: Literal["documentdb"] = Field(description="Amazon DocumentDB (MongoDB-compatible).")
    version: Literal["8.0", "5.0"] = Field(default="5.0", description="Version, in quotes. 5.0 has long-term support.")
    class_: DocumentDbClass = Field(
        default="db.t4g.medium",
        alias="class",
        description="Size. db.t4g.medium costs about 55 USD a month an instance.",
    )
    instances: int = Field(default=1, ge=1, le=16, description="Instances. Two or more survive the loss of a zone.")
    deletion_protection: bool = Field(default=False, description="AWS refuses to delete the cluster.")
    backup_days: int = Field(default=1, ge=1, le=35, description="Days of backups.")
    password: Literal["generated"] = Field(default="generated", description="Made once and kept.")
    name: DatabaseName = Field(default="app", description="Name of the database in the address that containers get.")
    user: UserName = Field(default="app", description="The user that the application logs in as.")
    kms: bool = Field(
        default=False, description="Encrypt with an own KMS key instead of AWS's. Cannot be changed later."
    )


class DynamoDb(Section):
    """A DynamoDB table, paid by the request."""

    kind: Literal["dynamodb"] = Field(description="A DynamoDB table.")
    partition_key: Annotated[str, Matches(r"[A-Za-z0-9_.-]{1,255}", "letters, digits and _ . -")] = Field(
        default="id", description="Name of the text attribute that identifies an item. Cannot be changed later."
    )
    sort_key: Annotated[str, Matches(r"[A-Za-z0-9_.-]{1,255}", "letters, digits and _ . -")] | None = Field(
        default=None, description="A second text attribute that orders items with the same partition key."
    )
    point_in_time_recovery: bool = Field(default=True, description="Any second of the last 35 days can be restored.")
    deletion_protection: bool = Field(default=False, description="AWS refuses to delete the table.")


class ExternalDatabase(Section):
    """A database that somebody else runs, such as MongoDB Atlas."""

    kind: Literal["external"] = Field(description="A database elsewhere.")
    engine: Literal["mongodb", "postgres"] = Field(default="mongodb", description="Its kind.")
    secret: PartName = Field(description="The secret that holds its address, user and password as one URI.")


class NoDatabase(Section):
    """No database."""

    kind: Literal["none"] = Field(default="none", description="No database.")


Database = Annotated[
    RdsPostgres | AuroraPostgres | DocumentDb | DynamoDb | ExternalDatabase | NoDatabase, Field(discriminator="kind")
]
