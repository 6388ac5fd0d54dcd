"""Loads models and moto backends in the background, so that the first real call of each service is not slow."""

from __future__ import annotations

import logging

from moto.core.model import ServiceModel
from moto.core.routing import get_service_router

from wizard.sandbox import patterns, wire, world
from wizard.sandbox.front import FrontDoor

log = logging.getLogger("wizard.sandbox")

FIRST_READS = (
    ("ec2", "DescribeVpcs", "ec2"),
    ("iam", "ListRoles", "iam"),
    ("elbv2", "DescribeLoadBalancers", "elasticloadbalancing"),
    ("rds", "DescribeDBInstances", "rds"),
    ("sns", "ListTopics", "sns"),
    ("cloudwatch", "DescribeAlarms", "monitoring"),
)
TARGETED_READS = (
    ("ecs", "AmazonEC2ContainerServiceV20141113.ListClusters"),
    ("ecr", "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories"),
    ("acm", "CertificateManager.ListCertificates"),
    ("logs", "Logs_20140328.DescribeLogGroups"),
    ("secretsmanager", "secretsmanager.ListSecrets"),
    ("kms", "TrentService.ListKeys"),
    ("ssm", "AmazonSSM.DescribeParameters"),
    ("tagging", "ResourceGroupsTaggingAPI_20170126.GetResources"),
)
PATH_READS = (("route53", "/2013-04-01/hostedzone"), ("mq", "/v1/brokers"), ("s3", "/"))


def warm_up(front: FrontDoor) -> None:
    """Ask each service one harmless question; leaves no trace in the call log."""
    for service, action, signing_name in FIRST_READS:
        version = wire.model_of(service).api_version
        body = f"Action={action}&Version={version}".encode()
        _ask(
            front, signing_name, "POST", "/", body, {"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-8"}
        )
    for signing_name, target in TARGETED_READS:
        headers = {"HTTP_X_AMZ_TARGET": target, "CONTENT_TYPE": "application/x-amz-json-1.1"}
        _ask(front, signing_name, "POST", "/", b"{}", headers)
    for signing_name, path in PATH_READS:
        _ask(front, signing_name, "GET", path, b"", {})
    get_service_router("sts")
    for service in (*(service for service, *_ in FIRST_READS), "ecs", "ecr", "secretsmanager", "s3"):
        _compile_rules_of_tags(wire.model_of(service))


def _compile_rules_of_tags(model: ServiceModel) -> None:
    """A tag may hold letters of all languages, so its rule takes longest to compile, and every creation has tags."""
    for name in model.shape_names:
        if "tag" in name.lower() and (pattern := model.shape_for(name).metadata.get("pattern")):
            patterns.compiled(pattern)


def _ask(front: FrontDoor, signing_name: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
    scope = f"AWS4-HMAC-SHA256 Credential=sandbox/20260101/{world.DEFAULT_REGION}/{signing_name}/aws4_request"
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "RAW_URI": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": None,
        "wsgi.errors": None,
        "wsgi.version": (1, 0),
        "HTTP_AUTHORIZATION": scope,
        **headers,
    }
    answer = front.answer_unrecorded(environ, body)
    if answer.status >= 300:
        log.warning("warming up %s was answered with %s", signing_name, answer.status)
