"""Where the deployment lives: a VPC of its own, one that exists already, or the account's default VPC."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wizard.blueprint.model.base import ListOf, Matches, Section
from wizard.blueprint.model.operations import LogDays

Cidr = Annotated[
    str,
    Matches(
        r"(?:10|172|192|100)(?:\.\d{1,3}){3}/(?:1[6-9]|2[0-2])",
        "a private IPv4 range between /16 and /22, such as 10.0.0.0/16",
    ),
]
ZoneLetter = Literal["a", "b", "c", "d", "e", "f"]
TaskPlace = Literal["private", "public"]
VpcId = Annotated[str, Matches(r"vpc-[0-9a-f]{8,17}", "a VPC id such as vpc-0a1b2c3d4e5f60718")]
SubnetId = Annotated[str, Matches(r"subnet-[0-9a-f]{8,17}", "a subnet id such as subnet-0a1b2c3d4e5f60718")]
EndpointName = Literal[
    "s3",
    "dynamodb",
    "ecr.api",
    "ecr.dkr",
    "logs",
    "secretsmanager",
    "ssm",
    "ssmmessages",
    "kms",
    "sts",
    "monitoring",
    "sqs",
    "bedrock-runtime",
    "transcribe",
    "xray",
    "elasticfilesystem",
]
GATEWAY_ENDPOINTS: frozenset[str] = frozenset({"s3", "dynamodb"})


class NewVpc(Section):
    """A VPC made for this deployment, with public and private subnets in each zone."""

    kind: Literal["new-vpc"] = Field(description="A VPC of its own.")
    cidr: Cidr = Field(default="10.0.0.0/16", description="Address range of the VPC. Cannot be changed later.")
    zones: ListOf[ZoneLetter] = Field(
        default=("a", "b"),
        min_length=2,
        max_length=6,
        description="Availability Zones. A load balancer needs two at least.",
    )
    nat: Literal["none", "one", "per-zone"] = Field(
        default="none",
        description="NAT gateways, the way out of private subnets: about 33 USD a month each, plus traffic. "
        "`one` is cheap and fails with its zone, `per-zone` survives the loss of a zone.",
    )
    endpoints: ListOf[EndpointName] = Field(
        default=(),
        description="VPC endpoints: AWS services reached without the internet. s3 and dynamodb are free, each other "
        "costs about 7 USD a month and zone. Private tasks without NAT get those that they need without being asked.",
    )
    tasks: TaskPlace = Field(default="private", description="The subnets in which containers run.")
    flow_logs_days: LogDays | None = Field(
        default=None, description="Keep a record of the network traffic for so many days."
    )


class ExistingVpc(Section):
    """A VPC that somebody else made. It is used and never changed."""

    kind: Literal["existing-vpc"] = Field(description="A VPC that exists already.")
    vpc: VpcId = Field(description="Its id.")
    public_subnets: ListOf[SubnetId] = Field(
        default=(), description="Subnets with a route to an internet gateway, for the load balancer."
    )
    private_subnets: ListOf[SubnetId] = Field(default=(), description="Subnets for containers, databases and brokers.")
    tasks: TaskPlace = Field(default="private", description="The subnets in which containers run.")


class DefaultVpc(Section):
    """The default VPC of the account and Region: public subnets only, nothing to pay."""

    kind: Literal["default-vpc"] = Field(description="The account's default VPC.")

    @property
    def tasks(self) -> TaskPlace:
        """A default VPC has public subnets only."""
        return "public"


Network = Annotated[NewVpc | ExistingVpc | DefaultVpc, Field(discriminator="kind")]
