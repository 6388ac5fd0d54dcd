"""Examples of the kinds that run containers, and of what they need: roles, logs, secrets, images, buckets, brokers."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tests.kinds.cases import Case
from wizard.engine.graph import Resource
from wizard.engine.kind import Calls
from wizard.engine.values import SecretInput, Sensitive

PATH = "/pilotage/shop/dev/"


def sensitive(value: str) -> Sensitive:
    """A secret as a run supplies it."""
    return Sensitive(hashlib.sha256(value.encode()).hexdigest(), lambda: value)


def trust(service: str) -> dict[str, Any]:
    """A trust policy for an AWS service."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def allow(action: str) -> dict[str, Any]:
    """A policy that allows one action."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": [action], "Resource": "*"}]}


def container(**more: Any) -> dict[str, Any]:
    """A web container from a public registry."""
    plain = {
        "name": "web",
        "image": "public.ecr.aws/nginx/nginx:1.29",
        "essential": True,
        "portMappings": [{"containerPort": 8080}],
        "environment": [{"name": "MODE", "value": "dev"}, {"name": "A", "value": "1"}],
    }
    return plain | more


def push_image(aws: Calls, *tags: str) -> None:
    """A repository and an image for each tag, as `docker push` leaves them."""
    aws.write("ecr", "create_repository", repositoryName="shop/api")
    media_type = "application/vnd.oci.image.manifest.v1+json"
    for tag in tags or ("v1", "v2"):
        # Of different content, or both tags would name one digest.
        content = {"schemaVersion": 2, "mediaType": media_type, "layers": [], "annotations": {"tag": tag}}
        manifest = json.dumps(content)
        aws.write("ecr", "put_image", repositoryName="shop/api", imageTag=tag, imageManifest=manifest)


VPC = Resource("vpc", "main", {"name": "shop-dev", "cidr": "10.0.0.0/16", "dns_hostnames": True})
SUBNETS = [
    Resource(
        "subnet",
        f"public-{zone}",
        {
            "name": f"shop-dev-{zone}",
            "vpc": VPC.ref("id"),
            "cidr": f"10.0.{number}.0/24",
            "zone": f"us-east-1{zone}",
            "public_ips": True,
        },
    )
    for number, zone in enumerate("ab")
]
GROUPS = [
    Resource(
        "security_group",
        name,
        {"name": f"shop-{name}", "description": "tasks", "vpc": VPC.ref("id"), "allow_all_egress": True},
    )
    for name in ("tasks", "others")
]
ROLE = Resource(
    "role",
    "execution",
    {"name": "shop-dev-execution", "path": PATH, "trust": trust("ecs-tasks.amazonaws.com"), "policy": allow("logs:*")},
)
OTHER_ROLE = Resource("role", "other", {**ROLE.properties, "name": "shop-dev-other"})
CLUSTER = Resource("cluster", "main", {"name": "shop-dev", "container_insights": False, "spot": True})


def definition(name: str, **more: Any) -> Resource:
    """A task definition of one container."""
    properties = {
        "family": f"shop-dev-{name}",
        "cpu": 256,
        "memory": 512,
        "architecture": "X86_64",
        "execution_role": ROLE.ref("arn"),
        "containers": [container()],
        "volumes": [],
    }
    return Resource("task_definition", name, properties | more)


WEB, NEXT = definition("web"), definition("next")
NETWORK = [VPC, *SUBNETS, *GROUPS]

CASES = [
    Case(
        "role",
        properties={
            "name": "shop-dev-task",
            "path": PATH,
            "description": "what the tasks may do",
            "trust": trust("ecs-tasks.amazonaws.com"),
            "policy": allow("s3:GetObject"),
            "managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        },
        changes={
            "description": "what the tasks of the shop may do",
            "trust": trust("ecs.amazonaws.com"),
            "policy": allow("s3:PutObject"),
            "managed_policies": ["arn:aws:iam::aws:policy/AmazonSQSFullAccess"],
        },
        replacements={"name": "shop-dev-other", "path": "/pilotage/shop/prod/"},
    ),
    Case(
        "log_group",
        properties={"name": "/pilotage/shop/dev/api", "retention_days": 30},
        changes={"retention_days": 365},
        replacements={"name": "/pilotage/shop/dev/other"},
    ),
    Case(
        "secret",
        properties={"name": "shop/dev/API_KEY", "value": sensitive("first"), "description": "a key"},
        changes={"value": sensitive("second"), "description": "another key"},
        replacements={"name": "shop/dev/OTHER_KEY"},
    ),
    Case(
        "secret",
        variant="generated",
        properties={"name": "shop/dev/PASSWORD", "value": SecretInput("PASSWORD", generate=24), "description": ""},
        changes={"value": sensitive("supplied later"), "description": "a password"},
        replacements={"name": "shop/dev/OTHER"},
    ),
    Case(
        "repository",
        properties={
            "name": "shop/web",
            "scan_on_push": True,
            "immutable_tags": True,
            "encryption": "aes256",
            "user": True,
        },
        changes={"scan_on_push": False, "immutable_tags": False},
        replacements={"name": "shop/other", "encryption": "arn:aws:kms:us-east-1:123456789012:key/one"},
        constant=frozenset({"user"}),
    ),
    Case(
        "image",
        prepare=push_image,
        properties={
            "repository": "shop/api",
            "repository_uri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/api",
            "tag": "v1",
            "wait_minutes": 1,
        },
    ),
    Case(
        "bucket",
        properties={
            "name": "shop-dev-files-0a1b2c",
            "versioning": True,
            "encryption": "sse-s3",
            "block_public": True,
            "tls_only": True,
            "lifecycle": [{"id": "old", "prefix": "old/", "expire_days": 90, "abort_multipart_days": 7}],
        },
        changes={
            "versioning": False,
            "encryption": "arn:aws:kms:us-east-1:123456789012:key/one",
            "block_public": False,
            "tls_only": False,
            "lifecycle": [
                {
                    "id": "cold",
                    "prefix": "",
                    "transitions": {"GLACIER": 90, "STANDARD_IA": 30},
                    "old_versions_days": 30,
                }
            ],
        },
        replacements={"name": "shop-dev-files-ffffff"},
    ),
    Case(
        "cluster",
        properties={"name": "shop-dev", "container_insights": True, "spot": False},
        changes={"container_insights": False, "spot": True},
        replacements={"name": "shop-dev-2"},
    ),
    Case(
        "task_definition",
        world=[ROLE, OTHER_ROLE],
        properties={
            "family": "shop-dev-api",
            "cpu": 512,
            "memory": 1024,
            "architecture": "X86_64",
            "execution_role": ROLE.ref("arn"),
            "task_role": ROLE.ref("arn"),
            "containers": [
                container(
                    healthCheck={"command": ["CMD-SHELL", "true"]},
                    dependsOn=[{"containerName": "init", "condition": "SUCCESS"}],
                ),
                container(name="init", essential=False, portMappings=[]),
            ],
            "volumes": [{"name": "tmp"}],
            "secret_versions": "a1a1a1",
            "keep": 3,
            "runs_in": {"cluster": "shop-dev", "name": "api"},
        },
        changes={
            "cpu": 256,
            "memory": 2048,
            "architecture": "ARM64",
            "execution_role": OTHER_ROLE.ref("arn"),
            "task_role": OTHER_ROLE.ref("arn"),
            "containers": [container(environment=[{"name": "MODE", "value": "prod"}])],
            "volumes": [],
            "secret_versions": "b2b2b2",
        },
        replacements={"family": "shop-dev-other"},
        constant=frozenset({"keep", "runs_in"}),
    ),
    Case(
        "service",
        world=[*NETWORK, ROLE, CLUSTER, WEB, NEXT],
        properties={
            "name": "api",
            "cluster": CLUSTER.ref("name"),
            "task_definition": WEB.ref("arn"),
            "count": 1,
            "spot": False,
            "subnets": [subnet.ref("id") for subnet in SUBNETS],
            "security_groups": [GROUPS[0].ref("id")],
            "public_ip": True,
            "load_balancers": [],
            "minimum_healthy": 100,
            "maximum": 200,
            "breaker": {"enable": True, "rollback": True, "threshold": 3},
            "exec": False,
        },
        changes={
            "spot": True,
            "task_definition": NEXT.ref("arn"),
            "count": 2,
            "subnets": [SUBNETS[0].ref("id")],
            "security_groups": [GROUPS[1].ref("id")],
            "public_ip": False,
            "minimum_healthy": 50,
            "maximum": 150,
            "breaker": {"enable": True, "rollback": False, "threshold": 5},
            "exec": True,
        },
        replacements={"name": "web", "cluster": "another"},
        constant=frozenset({"load_balancers"}),
    ),
    Case(
        "broker",
        world=NETWORK,
        properties={
            "name": "shop-dev",
            "mode": "single",
            "instance": "mq.m7g.medium",
            "version": "4.2",
            "storage_gib": 20,
            "user": "shop",
            "password": sensitive("correct-horse-battery"),
            "subnets": [SUBNETS[0].ref("id")],
            "security_groups": [GROUPS[0].ref("id")],
            "logs": True,
        },
        changes={
            "instance": "mq.m7g.large",
            "version": "4.3",
            "storage_gib": 40,
            "security_groups": [GROUPS[1].ref("id")],
            "logs": False,
        },
        replacements={"name": "shop-prod", "mode": "cluster", "subnets": ["subnet-0a"]},
        constant=frozenset({"user", "password"}),
    ),
]
