"""A crowded account for the console: many services that nobody made with Pilotage, and one with many revisions."""

from __future__ import annotations

import json
import sys
import time
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
CLUSTERS = 4
CROWDED = "shop"
"""The service with the many revisions; it stands in cluster `c0`."""


class Crowd:
    """Makes services by plain boto3, as somebody else's tools would."""

    def __init__(self, url: str) -> None:
        session = boto3.session.Session(
            region_name="us-east-1", aws_access_key_id="sandbox", aws_secret_access_key="sandbox"
        )
        self._session, self._url = session, url
        self.ecs = self._client("ecs")
        self.logs = self._client("logs")

    def _client(self, name: str) -> Any:
        return self._session.client(name, endpoint_url=self._url, config=Config(retries={"max_attempts": 1}))

    def settle(self) -> None:
        """A network, a role, a log group and the clusters."""
        ec2 = self._client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        self._subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/20")["Subnet"]["SubnetId"]
        self._group = ec2.create_security_group(GroupName="crowd", Description="crowd", VpcId=vpc)["GroupId"]
        role = self._client("iam").create_role(RoleName="crowd", AssumeRolePolicyDocument=TRUST)
        self._role = role["Role"]["Arn"]
        self.logs.create_log_group(logGroupName="/crowd")
        ecr = self._client("ecr").create_repository(repositoryName="crowd")
        self._image = ecr["repository"]["repositoryUri"] + ":v1"
        for number in range(CLUSTERS):
            self.ecs.create_cluster(clusterName=f"c{number}")

    def register(self, family: str, **more: Any) -> str:
        """Another revision of a family."""
        container = {
            "name": "app",
            "image": self._image,
            "essential": True,
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {
                    "awslogs-group": "/crowd",
                    "awslogs-region": "us-east-1",
                    "awslogs-stream-prefix": family,
                },
            },
            **more,
        }
        answer = self.ecs.register_task_definition(
            family=family,
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            executionRoleArn=self._role,
            containerDefinitions=[container],
        )
        return str(answer["taskDefinition"]["taskDefinitionArn"])

    def serve(self, number: int, definition: str, name: str = "", *, desired: int = 1) -> None:
        """A service in one of the clusters."""
        self.ecs.create_service(
            cluster=f"c{number % CLUSTERS}",
            serviceName=name or f"svc-{number:03}",
            taskDefinition=definition,
            desiredCount=desired,
            launchType="FARGATE",
            networkConfiguration={
                "awsvpcConfiguration": {
                    "subnets": [self._subnet],
                    "securityGroups": [self._group],
                    "assignPublicIp": "ENABLED",
                }
            },
        )

    def gather(self, services: int, revisions: int) -> None:
        """Everything: the crowd, and one service with as many revisions."""
        self.settle()
        definition = self.register("crowd")
        for number in range(1, services):
            self.serve(number, definition, desired=1 if number % 10 else 0)
        newest = ""
        for number in range(revisions):
            newest = self.register(CROWDED, environment=[{"name": "BUILD", "value": str(number)}])
        self.serve(0, newest, CROWDED)

    @cached_property
    def stream(self) -> str:
        """Where the crowded service's first task writes."""
        tasks = self.ecs.list_tasks(cluster="c0", serviceName=CROWDED)["taskArns"]
        return f"{CROWDED}/app/{tasks[0].rpartition('/')[2]}"

    def chatter(self, lines: int) -> None:
        """So many lines in that log."""
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": f"line {number} of the crowd"} for number in range(lines)]
        self.logs.put_log_events(logGroupName="/crowd", logStreamName=self.stream, logEvents=events)


def main() -> None:
    """Write so many lines a second into the log of the crowded service, until somebody ends it."""
    url, lines = sys.argv[1], int(sys.argv[2])
    crowd = Crowd(url)
    while True:
        crowd.chatter(lines // 2)
        time.sleep(0.5)


if __name__ == "__main__":
    main()
