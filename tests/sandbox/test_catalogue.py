"""The inventory and the tagging API: everything that was made is in them, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from tests.sandbox.conftest import ACCOUNT, Aws

TAG = {"Key": "owner", "Value": "me"}
LOWER = {"key": "owner", "value": "me"}


def _spread(aws: Aws) -> None:
    """One tagged resource of each kind that moto's own tagging API leaves out, and some others."""
    net, ec2, elbv2 = aws.network(), aws.client("ec2"), aws.client("elbv2")

    def tagged(kind: str) -> dict[str, Any]:
        return {"TagSpecifications": [{"ResourceType": kind, "Tags": [TAG]}]}

    address = ec2.allocate_address(Domain="vpc", **tagged("elastic-ip"))["AllocationId"]
    ec2.create_nat_gateway(SubnetId=net.subnets[0], AllocationId=address, **tagged("natgateway"))
    ec2.create_vpc_endpoint(VpcId=net.vpc, ServiceName="com.amazonaws.us-east-1.s3", **tagged("vpc-endpoint"))
    balancer = elbv2.create_load_balancer(Name="app", Subnets=net.subnets, Tags=[TAG])["LoadBalancers"][0]
    group = elbv2.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=net.vpc, TargetType="ip", Tags=[TAG])[
        "TargetGroups"
    ][0]
    forward = [{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}]
    listener = elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=forward, Tags=[TAG]
    )["Listeners"][0]
    paths = [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}}]
    elbv2.create_rule(ListenerArn=listener["ListenerArn"], Priority=1, Conditions=paths, Actions=forward, Tags=[TAG])
    aws.client("ecr").create_repository(repositoryName="app", tags=[TAG])
    aws.client("mq").create_broker(
        BrokerName="queue",
        EngineType="RABBITMQ",
        HostInstanceType="mq.m7g.medium",
        DeploymentMode="SINGLE_INSTANCE",
        PubliclyAccessible=False,
        AutoMinorVersionUpgrade=True,
        SubnetIds=net.subnets[:1],
        Users=[{"Username": "app", "Password": "not-a-secret-1"}],
        Tags={"owner": "me"},
    )
    aws.client("ecs").create_cluster(clusterName="app", tags=[LOWER])
    aws.client("logs").create_log_group(logGroupName="/app", tags={"owner": "me"})
    aws.client("secretsmanager").create_secret(Name="app", SecretString="x", Tags=[TAG])
    aws.client("sns").create_topic(Name="alarms", Tags=[TAG])
    aws.client("acm").request_certificate(DomainName="app.example.com", ValidationMethod="DNS", Tags=[TAG])
    aws.client("s3").create_bucket(Bucket="plain-bucket", CreateBucketConfiguration={"Tags": [TAG]})


KINDS = {
    "acm:certificate",
    "ec2:elastic-ip",
    "ec2:natgateway",
    "ec2:vpc-endpoint",
    "ecr:repository",
    "ecs:cluster",
    "elasticloadbalancing:listener",
    "elasticloadbalancing:listener-rule",
    "elasticloadbalancing:loadbalancer",
    "elasticloadbalancing:targetgroup",
    "logs:log-group",
    "mq:broker",
    "s3",
    "secretsmanager:secret",
    "sns",
}


def _found(aws: Aws, **params: Any) -> set[str]:
    pages = aws.client("resourcegroupstaggingapi").get_paginator("get_resources").paginate(**params)
    return {one["ResourceARN"] for page in pages for one in page["ResourceTagMappingList"]}


def test_every_tagged_kind_is_found_by_tag_and_by_type(aws: Aws) -> None:
    _spread(aws)
    by_tag = _found(aws, TagFilters=[{"Key": "owner", "Values": ["me"]}], ResourcesPerPage=4)
    assert len(by_tag) == len(KINDS)
    for kind in KINDS:
        of_kind = _found(aws, ResourceTypeFilters=[kind], TagFilters=[{"Key": "owner"}])
        assert len(of_kind) == 1, kind
        assert of_kind <= by_tag
    assert _found(aws, TagFilters=[{"Key": "owner", "Values": ["you"]}]) == set()
    one = min(by_tag)
    assert _found(aws, ResourceARNList=[one]) == {one}


def test_the_inventory_has_what_was_made_and_not_what_aws_put_there(aws: Aws) -> None:
    assert aws.control("GET", "inventory") == []
    _spread(aws)
    inventory = aws.control("GET", "inventory")
    owned = {(entry["service"], entry["type"]) for entry in inventory if entry["tags"].get("owner") == "me"}
    assert ("elbv2", "listener-rule") in owned
    assert ("ecs", "cluster") in owned
    kinds = [entry["type"] for entry in inventory]
    assert (kinds.count("vpc"), kinds.count("subnet"), kinds.count("security-group")) == (1, 2, 1)
    assert kinds.count("network-interface") == 4
    ids = [(entry["service"], entry["id"]) for entry in inventory]
    assert len(ids) == len(set(ids))


def test_what_leaves_traces_shows_its_state(aws: Aws) -> None:
    aws.client("secretsmanager").create_secret(Name="app", SecretString="x")
    aws.client("secretsmanager").delete_secret(SecretId="app")
    secret = next(one for one in aws.control("GET", "inventory") if one["type"] == "secret")
    assert secret["deletion_date"]
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "x.amazonaws.com"}}]}
    aws.client("iam").create_role(RoleName="tasks", AssumeRolePolicyDocument=json.dumps(trust))
    role = next(one for one in aws.control("GET", "inventory") if one["type"] == "role")
    assert role["id"] == f"arn:aws:iam::{ACCOUNT}:role/tasks"


def test_other_regions_are_in_the_inventory_too(aws: Aws) -> None:
    aws.client("logs", "eu-west-1").create_log_group(logGroupName="/there")
    assert [(one["name"], one["region"]) for one in aws.control("GET", "inventory")] == [("/there", "eu-west-1")]
