"""A sandbox process for the tests: its clock stands almost still, and tests let AWS time pass by hand."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from wizard.aws import sandbox as process

REGION = "us-east-1"
ACCOUNT = "000000000000"
ONE_ATTEMPT = Config(retries={"total_max_attempts": 1}, parameter_validation=False)


@dataclass
class Aws:
    """The sandbox as tests see it: AWS clients, and the control endpoints."""

    endpoint: process.Endpoint
    clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    def client(self, service: str, region: str = REGION) -> Any:
        """A client that sends each call once and leaves all checking to the sandbox."""
        key = (service, region)
        if key not in self.clients:
            self.clients[key] = boto3.client(
                service,
                endpoint_url=self.endpoint.url,
                region_name=region,
                aws_access_key_id="any",
                aws_secret_access_key="any",
                config=ONE_ATTEMPT,
            )
        return self.clients[key]

    def control(self, method: str, what: str, content: dict[str, Any] | None = None) -> Any:
        """Ask a control endpoint."""
        connection = http.client.HTTPConnection("127.0.0.1", self.endpoint.port, timeout=10)
        try:
            body = None if content is None else json.dumps(content)
            connection.request(method, f"/_pilotage/{what}", body)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def pass_time(self, aws_seconds: float) -> None:
        """Let AWS seconds pass at once."""
        self.control("POST", "clock", {"skip": aws_seconds})

    def refusal(self, service: str, operation: str, **params: Any) -> tuple[str, str]:
        """Code and message of the error that a call must end with."""
        with pytest.raises(ClientError) as raised:
            getattr(self.client(service), operation)(**params)
        error = raised.value.response["Error"]
        return error["Code"], error["Message"]

    def network(self) -> Network:
        """A VPC with two subnets in two zones, an internet gateway and a security group."""
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"{REGION}{letter}")
            for index, letter in enumerate("ab")
        ]
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(VpcId=vpc, InternetGatewayId=gateway)
        group = ec2.create_security_group(GroupName="app", Description="app", VpcId=vpc)["GroupId"]
        return Network(vpc, [one["Subnet"]["SubnetId"] for one in subnets], gateway, group)


@dataclass(frozen=True)
class Network:
    """Ids of what `Aws.network` made."""

    vpc: str
    subnets: list[str]
    gateway: str
    group: str


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """One sandbox process for the session; its clock runs as slowly as AWS's own."""
    home: Path = tmp_path_factory.mktemp("sandbox")
    aws = Aws(process.start(home, scale=1.0))
    yield aws
    for client in aws.clients.values():
        client.close()
    process.stop(home)


@pytest.fixture
def aws(running: Aws) -> Aws:
    """The sandbox with a fresh world."""
    running.control("POST", "reset")
    return running
