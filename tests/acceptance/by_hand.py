"""What somebody with plain boto3 can do to Rung in production: each thing breaks one control of the `hipaa` preset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import boto3

from tests.acceptance.practice import Practice
from wizard.aws import sandbox
from wizard.aws.session import SANDBOX_KEYS


class Hands:
    """Somebody with plain boto3 in the account of the deployment."""

    def __init__(self, practice: Practice) -> None:
        endpoint = sandbox.find(practice.home)
        assert endpoint is not None
        self._url = endpoint.url
        self._session = boto3.session.Session(region_name="us-east-1", **SANDBOX_KEYS)

    def __getattr__(self, service: str) -> Any:
        return self._session.client(service.replace("_", "-"), endpoint_url=self._url)

    @cached_property
    def bucket(self) -> str:
        """The bucket of the application's files."""
        names = [str(bucket["Name"]) for bucket in self.s3.list_buckets()["Buckets"]]
        return next(name for name in names if name.startswith("rung-prod-files-"))

    @cached_property
    def group(self) -> str:
        """The security group of the tasks."""
        filters = [{"Name": "group-name", "Values": ["rung-prod-rung-sg"]}]
        return str(self.ec2.describe_security_groups(Filters=filters)["SecurityGroups"][0]["GroupId"])

    def open_ports(self) -> set[int]:
        """Where the tasks' group lets somebody in."""
        group = self.ec2.describe_security_groups(GroupIds=[self.group])["SecurityGroups"][0]
        return {one["FromPort"] for one in group["IpPermissions"]}

    def open(self, port: int, block: str, **more: Any) -> None:
        """Let a block of addresses reach the tasks on a port."""
        passage = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": block}]}
        self.ec2.authorize_security_group_ingress(GroupId=self.group, IpPermissions=[passage], **more)

    def let_in_for_monitoring(self) -> None:
        """What another deployment of ours opens in this one's group."""
        tags = [{"Key": "pilotage:deployment", "Value": "monitoring/main"}]
        self.open(9090, "10.21.0.0/16", TagSpecifications=[{"ResourceType": "security-group-rule", "Tags": tags}])

    def delete_flow_log(self) -> None:
        """Delete the record of the network's traffic."""
        found = self.ec2.describe_flow_logs()["FlowLogs"]
        self.ec2.delete_flow_logs(FlowLogIds=[one["FlowLogId"] for one in found])

    def unprotect_balancer(self) -> None:
        """Let the load balancer be deleted."""
        found = self.elbv2.describe_load_balancers(Names=["rung-prod-alb"])["LoadBalancers"][0]
        off = {"Key": "deletion_protection.enabled", "Value": "false"}
        self.elbv2.modify_load_balancer_attributes(LoadBalancerArn=found["LoadBalancerArn"], Attributes=[off])

    @cached_property
    def weakened_database(self) -> Any:
        """Everything about the server at once: RDS takes no second change before the first is done."""
        return self.rds.modify_db_instance(
            DBInstanceIdentifier="rung-prod-database",
            ApplyImmediately=True,
            DeletionProtection=False,
            PubliclyAccessible=True,
            BackupRetentionPeriod=1,
        )

    def allow_plain_connections(self) -> None:
        """Have PostgreSQL take connections without TLS after the next reboot."""
        off = {"ParameterName": "rds.force_ssl", "ParameterValue": "0", "ApplyMethod": "pending-reboot"}
        self.rds.modify_db_parameter_group(DBParameterGroupName="rung-prod-postgres17", Parameters=[off])

    def stop_rotation(self) -> None:
        """Keep the key as it is for ever."""
        self.kms.disable_key_rotation(KeyId=self.kms.describe_key(KeyId="alias/rung-prod-key")["KeyMetadata"]["KeyId"])

    def scan_nothing(self) -> None:
        """Push images unseen."""
        off = {"scanOnPush": False}
        self.ecr.put_image_scanning_configuration(repositoryName="rung-prod", imageScanningConfiguration=off)


@dataclass(frozen=True)
class Break:
    """One control broken by hand, and where it must show."""

    what: str
    do: Callable[[Hands], object]
    control: str
    address: str
    difference: str
    """The property that a plan names; empty: the resource is made again."""

    def __str__(self) -> str:
        return self.what


BREAKS = (
    Break(
        "a bucket's own key is taken away",
        lambda hands: hands.s3.delete_bucket_encryption(Bucket=hands.bucket),
        "data-encrypted",
        "bucket.files",
        "encryption",
    ),
    Break(
        "a bucket forgets old versions",
        lambda hands: hands.s3.put_bucket_versioning(
            Bucket=hands.bucket, VersioningConfiguration={"Status": "Suspended"}
        ),
        "restorable",
        "bucket.files",
        "versioning",
    ),
    Break(
        "a bucket answers plain HTTP",
        lambda hands: hands.s3.delete_bucket_policy(Bucket=hands.bucket),
        "tls-to-data",
        "bucket.files",
        "tls_only",
    ),
    Break(
        "a bucket may be made public",
        lambda hands: hands.s3.delete_public_access_block(Bucket=hands.bucket),
        "data-private",
        "bucket.files",
        "block_public",
    ),
    Break(
        "a security group lets the world in",
        lambda hands: hands.open(22, "0.0.0.0/0"),
        "doors-closed",
        "security_group.rung",
        "foreign_rules",
    ),
    Break(
        "logs are kept for a week",
        lambda hands: hands.logs.put_retention_policy(logGroupName="/ecs/rung-prod", retentionInDays=7),
        "logs-kept",
        "log_group.rung",
        "retention_days",
    ),
    Break("traffic is not recorded", Hands.delete_flow_log, "traffic-recorded", "flow_log.main", ""),
    Break(
        "calls are not recorded",
        lambda hands: hands.cloudtrail.stop_logging(Name="rung-prod-trail"),
        "calls-recorded",
        "trail.main",
        "logging",
    ),
    Break(
        "the load balancer may be deleted",
        Hands.unprotect_balancer,
        "deletion-protected",
        "load_balancer.main",
        "deletion_protection",
    ),
    Break(
        "the database may be deleted",
        lambda hands: hands.weakened_database,
        "deletion-protected",
        "db_instance.main",
        "deletion_protection",
    ),
    Break(
        "the database has a public address",
        lambda hands: hands.weakened_database,
        "data-private",
        "db_instance.main",
        "public",
    ),
    Break(
        "the database has one day of backups",
        lambda hands: hands.weakened_database,
        "restorable",
        "db_instance.main",
        "backup_days",
    ),
    Break(
        "the database takes plain connections",
        Hands.allow_plain_connections,
        "tls-to-data",
        "db_parameter_group.main",
        "parameters",
    ),
    Break("the key is never renewed", Hands.stop_rotation, "key-rotated", "kms_key.main", "rotation"),
    Break("images are not scanned", Hands.scan_nothing, "images-scanned", "repository.rung", "scan_on_push"),
)
