"""Small blueprints in which each key of the language is tried, and another value for those that need one said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

IMAGE = {"repository": "web", "tag": "v1"}
BOX: dict[str, Any] = {"image": IMAGE, "port": 8080}
VPC = {"kind": "new-vpc", "nat": "one"}
ALB: dict[str, Any] = {"kind": "alb", "host": "shop.example.com", "routes": [{"service": "web"}]}
EXISTING = {
    "kind": "existing-vpc",
    "vpc": "vpc-0a1b2c3d",
    "public_subnets": ["subnet-0000000a", "subnet-0000000b"],
    "private_subnets": ["subnet-0000000c", "subnet-0000000d"],
}


def world(web: Mapping[str, Any] | None = None, box: Mapping[str, Any] | None = None, **sections: Any) -> Any:
    """A small blueprint with one service."""
    service = {**(web or {}), "containers": {"web": {**BOX, **(box or {})}}}
    plain = {"blueprint": 1, "name": "shop", "region": "us-east-1", "network": VPC, "services": {"web": service}}
    return plain | sections


URI = {"secrets": {"database-uri": {"composed": "database-uri"}}}
TOLD = {"box": {"secrets": {"DATABASE": "database-uri"}}}
CHECK = {"command": "true"}
WORLDS: dict[str, Any] = {
    "plain": world(),
    "alb": world(
        {"memory": 1024, "autoscaling": {"max": 3, "cpu": 70, "memory": 80}},
        ingress={**ALB, "routes": [{"path": "/api/*", "service": "web"}], "default": {}},
        observability={"alarms": {}, "email": "ops@example.com"},
        hardening={},
        delivery={"github": {"repository": "owner/shop"}, "images": {}},
        outputs={"page": "{url}"},
    ),
    "two containers": world(
        {"count": 4, "migrate": {"container": "web", "command": ["upgrade"]}},
        {"depends_on": {"proxy": "start"}, "health_check": CHECK, "environment": {"MODE": "dev"}},
        ingress={**ALB, "routes": [{"service": "web", "container": "web"}]},
        storage={"files": {"kind": "efs"}, "objects": {"kind": "s3", "lifecycle": [{"to_ia_after_days": 30}]}},
        secrets={"token": {"generate": {"length": 32}}, "key": {}, "spare": {}},
    ),
    "canary": world(
        {"deploy": {"strategy": "canary"}}, ingress={**ALB, "zone": "example.com"}, observability={"alarms": {}}
    ),
    "linear": world({"deploy": {"strategy": "linear"}}, ingress={**ALB, "zone": "example.com"}),
    "hardened": world(network={"kind": "new-vpc", "nat": "one"}, observability={"log_days": 365}, hardening={}),
    "existing": world(network=EXISTING, ingress=ALB),
    "express": world({"kind": "ecs-express", "autoscaling": {}}, network={"kind": "default-vpc"}),
    "app runner": world(
        {"kind": "app-runner", "memory": 4096, "autoscaling": {}, "health": {}}, network={"kind": "default-vpc"}
    ),
    "rabbitmq": world(
        box={"secrets": {"BROKER": "broker-uri"}},
        broker={"kind": "amazon-mq", "instance": "mq.m7g.large"},
        secrets={"broker-uri": {"composed": "broker-uri"}},
        observability={"alarms": {}},
    ),
    "sqs": world({"rights": [{"to": "broker", "allow": ["send"]}]}, broker={"kind": "sqs"}),
    "other broker": world(
        box={"secrets": {"A": "a"}}, broker={"kind": "external", "secret": "a"}, secrets={"a": {}, "b": {}}
    ),
    "rds": world(**TOLD, database={"kind": "rds-postgres"}, **URI, observability={"alarms": {}}),
    "rotated": world(
        box={"secrets": {"PASSWORD": "password"}},
        database={"kind": "rds-postgres"},
        secrets={"password": {"composed": "database-password"}},
    ),
    "aurora": world(**TOLD, database={"kind": "aurora-postgres"}, **URI),
    "aurora password": world(
        box={"secrets": {"PASSWORD": "password"}},
        database={"kind": "aurora-postgres"},
        secrets={"password": {"composed": "database-password"}},
    ),
    "documentdb": world(**TOLD, database={"kind": "documentdb"}, **URI),
    "dynamodb": world({"rights": [{"to": "database", "allow": ["read"]}]}, database={"kind": "dynamodb"}),
    "other database": world(
        box={"secrets": {"A": "a"}},
        database={"kind": "external", "secret": "a"},
        secrets={"a": {}, "b": {}},
    ),
    "cognito": world(ingress=ALB, identity={"kind": "cognito"}),
    "cognito in front": world(ingress=ALB, identity={"kind": "cognito", "in_front": True}),
    "bedrock": world(
        {"rights": [{"to": "bedrock", "allow": ["invoke"], "models": ["amazon.nova-*"]}]},
    ),
    "bucket": world(
        {"rights": [{"to": "files", "allow": ["read"]}]}, storage={"files": {"kind": "s3"}, "more": {"kind": "s3"}}
    ),
}
WORLDS["two containers"]["services"]["web"]["containers"]["proxy"] = {
    "image": "ghcr.io/owner/proxy:1",
    "port": 9090,
    "health_check": CHECK,
}
WORLDS["two services"] = world(ingress=ALB)
WORLDS["two services"]["services"]["api"] = {"containers": {"api": BOX}}
WEB = "services/web"
PLACES: dict[str, tuple[str, str]] = {
    "Blueprint": ("alb", ""),
    "NameRules": ("plain", "names"),
    "NewVpc": ("plain", "network"),
    "ExistingVpc": ("existing", "network"),
    "Alb": ("alb", "ingress"),
    "Alb.zone": ("canary", "ingress"),
    "Route.service": ("two services", "ingress/routes/0"),
    "Route": ("two containers", "ingress/routes/0"),
    "Health": ("alb", "ingress/routes/0/health"),
    "FixedResponse": ("alb", "ingress/default"),
    "EcsFargate": ("alb", WEB),
    "Autoscaling": ("alb", f"{WEB}/autoscaling"),
    "Deploy": ("canary", f"{WEB}/deploy"),
    "Deploy.strategy": ("canary", f"{WEB}/deploy"),
    "Deploy.minimum_healthy_percent": ("two containers", f"{WEB}/deploy"),
    "Deploy.maximum_percent": ("two containers", f"{WEB}/deploy"),
    "Deploy.step_percent": ("linear", f"{WEB}/deploy"),
    "CircuitBreaker": ("alb", f"{WEB}/deploy/circuit_breaker"),
    "Container": ("two containers", f"{WEB}/containers/web"),
    "Container.essential": ("two containers", f"{WEB}/containers/proxy"),
    "OwnImage": ("plain", f"{WEB}/containers/web/image"),
    "HealthCheck": ("two containers", f"{WEB}/containers/web/health_check"),
    "Right": ("bucket", f"{WEB}/rights/0"),
    "Right.models": ("bedrock", f"{WEB}/rights/0"),
    "Migrate": ("two containers", f"{WEB}/migrate"),
    "EcsExpress": ("express", WEB),
    "ExpressScaling": ("express", f"{WEB}/autoscaling"),
    "AppRunner": ("app runner", WEB),
    "AppRunnerScaling": ("app runner", f"{WEB}/autoscaling"),
    "AppRunnerHealth": ("app runner", f"{WEB}/health"),
    "S3": ("two containers", "storage/objects"),
    "Lifecycle": ("two containers", "storage/objects/lifecycle/0"),
    "Efs": ("two containers", "storage/files"),
    "AmazonMq": ("rabbitmq", "broker"),
    "Sqs": ("sqs", "broker"),
    "ExternalBroker": ("other broker", "broker"),
    "RdsPostgres": ("rds", "database"),
    "RdsPostgres.password": ("rotated", "database"),
    "AuroraPostgres": ("aurora", "database"),
    "AuroraPostgres.password": ("aurora password", "database"),
    "DocumentDb": ("documentdb", "database"),
    "DynamoDb": ("dynamodb", "database"),
    "ExternalDatabase": ("other database", "database"),
    "Secret": ("two containers", "secrets/key"),
    "Secret.optional": ("two containers", "secrets/spare"),
    "Secret.composed": ("rds", "secrets/database-uri"),
    "Generate": ("two containers", "secrets/token/generate"),
    "Cognito": ("cognito", "identity"),
    "Cognito.open_paths": ("cognito in front", "identity"),
    "Cognito.session_hours": ("cognito in front", "identity"),
    "Observability": ("alb", "observability"),
    "Alarms": ("alb", "observability/alarms"),
    "Alarms.broker": ("rabbitmq", "observability/alarms"),
    "Alarms.database": ("rds", "observability/alarms"),
    "Hardening": ("alb", "hardening"),
    "Hardening.preset": ("hardened", "hardening"),
    "Hardening.kms": ("two containers", "hardening"),
    "Delivery": ("alb", "delivery"),
    "GitHub": ("alb", "delivery/github"),
    "Images": ("alb", "delivery/images"),
}
"""Where a section, or one of its keys, is tried: a world, and the path in it."""

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf"
OTHER: dict[str, Any] = {
    "Blueprint.name": "store",
    "Blueprint.region": "eu-central-1",
    "Blueprint.outputs": {"page": "{url}/start"},
    "NameRules.pattern": "{env}-{app}-{part}",
    "NameRules.parts": {"vpc": "home"},
    "NewVpc.cidr": "10.9.0.0/16",
    "NewVpc.zones": ["a", "b", "c"],
    "NewVpc.endpoints": ["s3", "logs"],
    "NewVpc.tasks": "public",
    "NewVpc.flow_logs_days": 30,
    "ExistingVpc.vpc": "vpc-0a1b2c3e",
    "ExistingVpc.public_subnets": ["subnet-0000000a", "subnet-0000000e"],
    "ExistingVpc.private_subnets": ["subnet-0000000c", "subnet-0000000f"],
    "Alb.host": "store.example.com",
    "Alb.zone": "shop.example.com",
    "Alb.certificate": "arn:aws:acm:us-east-1:123456789012:certificate/1",
    "Alb.tls_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "Route.service": "api",
    "Route.path": "/shop/*",
    "Route.container": "proxy",
    "Health.path": "/up",
    "Health.codes": "200-299",
    "FixedResponse.text": "Nothing here",
    "EcsFargate.memory": 2048,
    "EcsFargate.cpu": 512,
    "Autoscaling.min": 0,
    "Autoscaling.cpu": 60,
    "Deploy.strategy": "blue-green",
    "Deploy.minimum_healthy_percent": 50,
    "Deploy.maximum_percent": 150,
    "Container.port": 8081,
    "Container.command": ["run"],
    "Container.entrypoint": ["/bin/app"],
    "Container.user": "1000",
    "Container.environment": {"MODE": "prod"},
    "Container.secrets": {"TOKEN": "token"},
    "Container.depends_on": {"proxy": "healthy"},
    "Container.writable_paths": ["/tmp"],
    "Container.mounts": {"files": "/srv"},
    "Container.cpu": 64,
    "Container.memory": 256,
    "OwnImage.repository": "other",
    "OwnImage.tag": "v2",
    "HealthCheck.command": "false",
    "Right.to": "more",
    "Right.allow": ["read", "write"],
    "Right.prefix": "reports/",
    "Right.models": ["anthropic.*"],
    "Migrate.container": "proxy",
    "Migrate.command": ["downgrade"],
    "EcsExpress.cpu": 512,
    "EcsExpress.memory": 4096,
    "AppRunner.cpu": 2048,
    "AppRunner.memory": 3072,
    "AppRunnerHealth.path": "/up",
    "Lifecycle.prefix": "old/",
    "Lifecycle.to_ia_after_days": 60,
    "Lifecycle.to_glacier_after_days": 90,
    "Lifecycle.expire_after_days": 365,
    "Lifecycle.old_versions_after_days": 30,
    "AmazonMq.instance": "mq.m7g.xlarge",
    "AmazonMq.user": "shop",
    "AmazonMq.storage_gib": 50,
    "ExternalBroker.secret": "b",
    "RdsPostgres.class": "db.t4g.small",
    "RdsPostgres.max_storage_gib": 100,
    "DocumentDb.class": "db.r6g.large",
    "RdsPostgres.name": "shop",
    "RdsPostgres.user": "shop",
    "AuroraPostgres.name": "shop",
    "AuroraPostgres.user": "shop",
    "DocumentDb.name": "shop",
    "DocumentDb.user": "shop",
    "DynamoDb.partition_key": "customer",
    "DynamoDb.sort_key": "number",
    "ExternalDatabase.secret": "b",
    "Secret.source": "API_KEY",
    "Secret.existing_arn": ARN,
    "Secret.aws_name": "shop/key",
    "Cognito.callback_paths": ["/back"],
    "Cognito.open_paths": ["/hooks/*"],
    "Observability.email": "dev@example.com",
    "Observability.budget_usd": 50,
    "Alarms.cpu": 70,
    "Alarms.memory": 70,
    "Alarms.http_5xx": 5,
    "GitHub.repository": "owner/store",
    "GitHub.branch": "release",
}
"""Another value, where none follows from the type."""
