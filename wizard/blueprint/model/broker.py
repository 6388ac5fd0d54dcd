"""How parts of the application hand work to each other: RabbitMQ on Amazon MQ, SQS, a broker elsewhere, or none."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wizard.blueprint.model.base import Matches, PartName, Section

BrokerInstance = Annotated[
    str,
    Matches(
        r"mq\.(?:m7g\.(?:medium|large|xlarge|2xlarge|4xlarge|8xlarge|12xlarge|16xlarge)|m5\.(?:large|xlarge|2xlarge|4xlarge))",
        "a size that Amazon MQ offers for RabbitMQ: mq.m7g.medium (the smallest) to mq.m7g.16xlarge, or mq.m5.large "
        "to mq.m5.4xlarge; mq.t3 sizes are refused by AWS for new RabbitMQ brokers",
    ),
]
BrokerUser = Annotated[
    str, Matches(r"(?!guest$)[A-Za-z0-9._-]{2,100}", "2 to 100 letters, digits and . _ -, and not `guest`")
]


class AmazonMq(Section):
    """RabbitMQ run by AWS: private, TLS on port 5671, management console closed to the world."""

    kind: Literal["amazon-mq"] = Field(description="RabbitMQ on Amazon MQ.")
    mode: Literal["single", "cluster"] = Field(
        default="single",
        description="One node, or three in several zones for three times the price. Cannot be changed later.",
    )
    instance: BrokerInstance = Field(
        default="mq.m7g.medium", description="Size of a node. mq.m7g.medium costs about 56 to 100 USD a month."
    )
    version: Literal["4.3", "4.2", "3.13"] = Field(
        default="4.2", description="RabbitMQ version, in quotes. 4.3 refuses what many Celery applications still use."
    )
    user: BrokerUser = Field(default="pilotage", description="The user that the application logs in as.")
    storage_gib: int | None = Field(
        default=None, ge=5, le=1000, description="Disk of each node. Left out: AWS's default."
    )


class Sqs(Section):
    """A queue on Amazon SQS with a dead-letter queue: no servers, a million messages a month free."""

    kind: Literal["sqs"] = Field(description="An SQS queue.")
    fifo: bool = Field(default=False, description="Keep the order and deliver once. Fewer messages a second.")
    visibility_timeout: int = Field(
        default=60, ge=0, le=43200, description="Seconds that a worker has for a message before another one gets it."
    )
    retention_days: int = Field(default=4, ge=1, le=14, description="Days that an unread message is kept.")
    dead_letter_after: int = Field(
        default=5,
        ge=1,
        le=1000,
        description="Failed attempts after which a message is put aside for a person to look at.",
    )


class ExternalBroker(Section):
    """A broker that somebody else runs."""

    kind: Literal["external"] = Field(description="A broker elsewhere.")
    secret: PartName = Field(description="The secret that holds its address, user and password as one URI.")


class NoBroker(Section):
    """No broker."""

    kind: Literal["none"] = Field(default="none", description="No broker.")


Broker = Annotated[AmazonMq | Sqs | ExternalBroker | NoBroker, Field(discriminator="kind")]
