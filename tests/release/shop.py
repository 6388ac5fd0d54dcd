"""A shop that somebody made by plain calls to AWS, without Pilotage: what the on-call commands must cope with."""

from __future__ import annotations

import json
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from wizard.aws.calls import AwsCalls
from wizard.errors import AwsError
from wizard.release.finding import Found, in_cluster
from wizard.release.standing import Standing, read_standing

ACCOUNT, REGION = "000000000000", "us-east-1"
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
ENDED = ("SUCCESSFUL", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED", "STOPPED")
BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}


def trust(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@dataclass
class Shop:
    """A cluster `main` with a service `api` behind a load balancer, and a repository `app`."""

    aws: AwsCalls
    subnets: list[str] = field(default_factory=list)
    group: str = ""
    vpc: str = ""
    targets: str = ""
    url: str = ""
    """The sandbox's own endpoint."""

    def pace(self, scale: float) -> None:
        """Let the sandbox's time pass slower, so that something is still going on when it is looked at, or quicker."""
        data = json.dumps({"scale": scale}).encode()
        request = urllib.request.Request(f"{self.url}/_pilotage/clock", method="POST", data=data)
        urllib.request.urlopen(request, timeout=10).close()

    def build(self) -> Shop:
        """What a service stands on; no service yet."""
        write = self.aws.write
        self.vpc = write("ec2", "create_vpc", CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [self.subnet(f"10.9.{number}.0/24", zone) for number, zone in enumerate("ab")]
        self.group = write("ec2", "create_security_group", GroupName="t", Description="t", VpcId=self.vpc)["GroupId"]
        gateway = write("ec2", "create_internet_gateway")["InternetGateway"]["InternetGatewayId"]
        write("ec2", "attach_internet_gateway", InternetGatewayId=gateway, VpcId=self.vpc)
        self.role("execution")
        write("logs", "create_log_group", logGroupName="/shop")
        write("ecr", "create_repository", repositoryName="app")
        write("ecs", "create_cluster", clusterName="main")
        self.targets = self.target_group("api")
        return self

    def subnet(self, cidr: str, zone: str) -> str:
        answer = self.aws.write(
            "ec2", "create_subnet", VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone=f"{REGION}{zone}"
        )
        return str(answer["Subnet"]["SubnetId"])

    def role(self, name: str, service: str = "ecs-tasks.amazonaws.com") -> str:
        answer = self.aws.write("iam", "create_role", RoleName=name, AssumeRolePolicyDocument=trust(service))
        return str(answer["Role"]["Arn"])

    def target_group(self, name: str) -> str:
        write = self.aws.write
        group = write(
            "elbv2",
            "create_target_group",
            Name=name,
            Protocol="HTTP",
            Port=8080,
            VpcId=self.vpc,
            TargetType="ip",
        )["TargetGroups"][0]["TargetGroupArn"]
        balancer = write("elbv2", "create_load_balancer", Name=name, Subnets=self.subnets)["LoadBalancers"][0]
        action = {"Type": "forward", "TargetGroupArn": group}
        write(
            "elbv2",
            "create_listener",
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=[action],
        )
        return str(group)

    def push(self, tag: str, content: str = "") -> str:
        """Push an image; its reference by tag. Another content under the same tag moves the tag."""
        kind = "application/vnd.oci.image.manifest.v1+json"
        layers = [{"digest": f"sha256:{content or tag}", "size": 1}]
        manifest = json.dumps({"schemaVersion": 2, "mediaType": kind, "layers": layers})
        try:
            self.aws.write("ecr", "put_image", repositoryName="app", imageManifest=manifest, imageTag=tag)
        except AwsError as error:
            if error.code != "ImageAlreadyExistsException":
                raise
        return f"{REGISTRY}/app:{tag}"

    def remove_image(self, tag: str) -> None:
        self.aws.write("ecr", "batch_delete_image", repositoryName="app", imageIds=[{"imageTag": tag}])

    def register(self, image: str, container: dict[str, Any] | None = None, **more: Any) -> str:
        """Register a revision of `api`; its ARN."""
        options = {"awslogs-group": "/shop", "awslogs-region": REGION, "awslogs-stream-prefix": "web"}
        web = {
            "name": "web",
            "image": image,
            "portMappings": [{"containerPort": 8080}],
            "logConfiguration": {"logDriver": "awslogs", "options": options},
        }
        plain = {
            "family": "api",
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": "256",
            "memory": "512",
            "executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/execution",
            "containerDefinitions": [web | (container or {})],
        }
        answer = self.aws.once("ecs", "register_task_definition", **(plain | more))
        return str(answer["taskDefinition"]["taskDefinitionArn"])

    def create(self, definition: str, *, name: str = "api", balanced: bool = True, **more: Any) -> None:
        """Create a service and wait for the end of its first deployment."""
        network = {"subnets": self.subnets, "securityGroups": [self.group], "assignPublicIp": "ENABLED"}
        balancers = [{"targetGroupArn": self.targets, "containerName": "web", "containerPort": 8080}]
        plain = {
            "cluster": "main",
            "serviceName": name,
            "taskDefinition": definition,
            "desiredCount": 2,
            "launchType": "FARGATE",
            "networkConfiguration": {"awsvpcConfiguration": network},
            "deploymentConfiguration": BREAKER,
            **({"loadBalancers": balancers} if balanced else {}),
        }
        self.aws.write("ecs", "create_service", **(plain | more))
        self.settle(name)

    def deploy(self, definition: str, *, name: str = "api", wait: bool = True) -> str:
        """Move the service; how its deployment ended, or its state when nobody waits."""
        self.aws.write("ecs", "update_service", cluster="main", service=name, taskDefinition=definition)
        return self.settle(name) if wait else self.newest(name)["status"]

    def newest(self, name: str = "api") -> dict[str, Any]:
        """The newest service deployment."""
        answer = self.aws.read("ecs", "list_service_deployments", cluster="main", service=name)
        return dict(answer["serviceDeployments"][0])

    def settle(self, name: str = "api") -> str:
        """Wait for the end of the newest service deployment."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            status = str(self.newest(name)["status"])
            if status in ENDED:
                return status
            self.aws.clock.sleep(60)
        raise AssertionError(f"{name} did not settle: {self.newest(name)}")

    def three_versions(self) -> list[str]:
        """`api` with revisions 1, 2 and 3, all of which worked; 3 runs."""
        definitions = [self.register(self.push(f"v{number}")) for number in (1, 2, 3)]
        self.create(definitions[0])
        for definition in definitions[1:]:
            assert self.deploy(definition) == "SUCCESSFUL"
        return definitions

    def found(self, name: str = "api") -> Found:
        found = in_cluster(self.aws, "main", name)
        assert found is not None
        return found

    def standing(self, name: str = "api") -> Standing:
        return read_standing(self.aws, self.found(name), self.aws.clock.now(), pace=self.aws.clock.scale)

    def runs(self, name: str = "api") -> str:
        """What the service is set to, as `family:revision`."""
        return str(self.found(name).shown["taskDefinition"]).rpartition("/")[2]

    def tags(self, arn: str) -> dict[str, str]:
        answer = self.aws.read("ecs", "list_tags_for_resource", resourceArn=arn)
        return {tag["key"]: tag["value"] for tag in answer["tags"]}
