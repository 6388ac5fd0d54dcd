"""The sentences of Rung's guide that hold in both environments; its headings are in the names."""

from __future__ import annotations

from typing import ClassVar

from tests.systems import account as aws
from tests.systems import buckets, front, network, rights
from tests.systems.account import Account, Facts, role_name
from tests.systems.deployment import Deployment, Starter

ACCOUNT = "000000000000"
ECR = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com"
YEAR = 365
CALLED = {"s3", "bedrock-runtime", "transcribe", "kms", "monitoring", "secretsmanager", "logs", "ecr.api", "ecr.dkr"}
"""What the tasks call in AWS, and so an endpoint for each."""


class Rung:
    """What the guide says of network, encryption, rights, scaling, alarms and audit."""

    starter: ClassVar[Starter]
    env: ClassVar[str]
    host: ClassVar[str]
    says: ClassVar[str]
    """The value of RUNG_ENV."""
    size: ClassVar[tuple[str, str]]
    tasks: ClassVar[tuple[int, int]]
    """Fewest and most tasks."""

    def named(self, part: str) -> str:
        return f"rung-{self.env}-{part}"

    def service(self, account: Account) -> Facts:
        return aws.service(account, self.named("cluster"), f"rung-{self.env}")

    def task(self, account: Account) -> Facts:
        return aws.task_of(account, self.service(account))

    def container(self, account: Account) -> Facts:
        (container,) = aws.containers(self.task(account)).values()
        return container

    def code(self, account: Account) -> str:
        return role_name(self.task(account)["taskRoleArn"])

    def execution(self, account: Account) -> str:
        return role_name(self.task(account)["executionRoleArn"])

    def database(self, account: Account) -> Facts:
        return account.the("rds", "describe_db_instances", "DBInstances")

    def key(self, account: Account) -> str:
        asked = {"KeyId": f"alias/{self.named('key')}"}
        return str(account.client("kms").describe_key(**asked)["KeyMetadata"]["Arn"])

    def files(self, account: Account) -> str:
        (bucket,) = [name for name in buckets.buckets(account) if name.startswith(self.named("files"))]
        return bucket

    def vpc(self, account: Account) -> str:
        return str(network.vpc(account, self.named("vpc"))["VpcId"])

    def test_architecture_the_balancer_stands_in_public_subnets_and_ends_https(self, account: Account) -> None:
        balancer = front.balancer(account, self.named("alb"))
        ids = [zone["SubnetId"] for zone in balancer["AvailabilityZones"]]
        assert (balancer["Scheme"], len(ids)) == ("internet-facing", 2)
        assert all(subnet.is_public for subnet in network.subnets(account, ids))
        assert front.listeners(account, self.named("alb"))[443]["Protocol"] == "HTTPS"
        assert front.listeners(account, self.named("alb"))[443]["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2")
        assert front.answer_to(account, self.named("alb"), "/", 80) == "redirect HTTPS 443 HTTP_301"

    def test_architecture_certificate_and_route_53_are_those_of_the_host(self, account: Account) -> None:
        assert front.certificate(account, self.named("alb"))["DomainName"] == self.host
        assert front.leads_to(account, self.host) == front.balancer(account, self.named("alb"))["DNSName"].lower()

    def test_architecture_health_is_asked_at_health_on_8000(self, account: Account) -> None:
        (attached,) = self.service(account)["loadBalancers"]
        group = front.target_group_of(account, attached["targetGroupArn"])
        assert (group["Protocol"], group["Port"], group["HealthCheckPath"]) == ("HTTP", 8000, "/health")
        states = front.health(account, group["TargetGroupName"])
        assert states == ["healthy"] * self.tasks[0]

    def test_architecture_tasks_run_on_fargate_in_private_subnets_without_a_public_address(
        self, account: Account
    ) -> None:
        service = self.service(account)
        assert (service["launchType"], service["runningCount"]) == ("FARGATE", self.tasks[0])
        its = aws.network_of(service)
        assert its["assignPublicIp"] == "DISABLED"
        assert [subnet.way_out for subnet in network.subnets(account, its["subnets"])] == ["", ""]

    def test_ecr_the_repository_scans_images_and_is_encrypted_with_kms(self, account: Account) -> None:
        repository = aws.repositories(account)[f"rung-{self.env}"]
        assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
        assert repository["encryptionConfiguration"] == {"encryptionType": "KMS", "kmsKey": self.key(account)}
        assert self.container(account)["image"].startswith(f"{ECR}/rung-{self.env}@sha256:")

    def test_cluster_container_insights_are_on(self, account: Account) -> None:
        asked = {"clusters": [self.named("cluster")], "include": ["SETTINGS"]}
        (cluster,) = account.client("ecs").describe_clusters(**asked)["clusters"]
        assert cluster["settings"] == [{"name": "containerInsights", "value": "enabled"}]

    def test_task_definition_has_the_size_of_the_environment(self, account: Account) -> None:
        task = self.task(account)
        assert (task["cpu"], task["memory"]) == self.size

    def test_service_the_circuit_breaker_puts_the_previous_version_back(self, account: Account) -> None:
        breaker = self.service(account)["deploymentConfiguration"]["deploymentCircuitBreaker"]
        assert (breaker["enable"], breaker["rollback"]) == (True, True)

    def test_auto_scaling_follows_cpu_at_70_and_memory_at_80(self, account: Account) -> None:
        asked = {"ServiceNamespace": "ecs"}
        target = account.the("application-autoscaling", "describe_scalable_targets", "ScalableTargets", **asked)
        assert (target["MinCapacity"], target["MaxCapacity"]) == self.tasks
        policies = account.every("application-autoscaling", "describe_scaling_policies", "ScalingPolicies", **asked)
        tracked = [policy["TargetTrackingScalingPolicyConfiguration"] for policy in policies]
        aims = {each["PredefinedMetricSpecification"]["PredefinedMetricType"]: each["TargetValue"] for each in tracked}
        assert aims == {"ECSServiceAverageCPUUtilization": 70, "ECSServiceAverageMemoryUtilization": 80}

    def test_encryption_the_own_key_is_enabled_and_renewed(self, account: Account) -> None:
        key = self.key(account)
        assert account.client("kms").describe_key(KeyId=key)["KeyMetadata"]["Enabled"] is True
        assert account.client("kms").get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True

    def test_encryption_database_bucket_logs_and_password_have_the_own_key(self, account: Account) -> None:
        key, database = self.key(account), self.database(account)
        assert (database["StorageEncrypted"], database["KmsKeyId"]) == (True, key)
        assert database["MasterUserSecret"]["KmsKeyId"] == key
        assert buckets.encryption(account, self.files(account)) == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
        assert {group["kmsKeyId"] for group in aws.log_groups(account).values()} == {key}

    def test_encryption_the_bucket_is_private_and_refuses_plain_http(self, account: Account) -> None:
        bucket = self.files(account)
        assert buckets.is_closed_to_the_public(account, bucket)
        assert not buckets.takes_plain_http(account, bucket)

    def test_network_aws_is_reached_by_endpoints_and_there_is_no_nat(self, account: Account) -> None:
        assert network.nat_gateways(account) == []
        found = network.endpoints(account, self.vpc(account))
        assert set(found) == CALLED
        for name, endpoint in found.items():
            if name != "s3":
                assert (endpoint["VpcEndpointType"], endpoint["PrivateDnsEnabled"]) == ("Interface", True)
                assert len(endpoint["SubnetIds"]) == 2

    def test_network_s3_is_reached_from_the_tasks_subnets_by_its_gateway(self, account: Account) -> None:
        endpoint = network.endpoints(account, self.vpc(account))["s3"]
        subnets = network.subnets(account, aws.network_of(self.service(account))["subnets"])
        assert endpoint["VpcEndpointType"] == "Gateway"
        assert all(endpoint["VpcEndpointId"] in subnet.routes for subnet in subnets)

    def test_network_only_the_tasks_may_reach_the_endpoints(self, account: Account) -> None:
        for name, endpoint in network.endpoints(account, self.vpc(account)).items():
            if name != "s3":
                assert {group["GroupName"] for group in endpoint["Groups"]} == {self.named("endpoints-sg")}
        assert network.may_enter(account, self.named("endpoints-sg")) == {(443, self.named("rung-sg"))}

    def test_network_only_the_balancer_may_reach_the_tasks(self, account: Account) -> None:
        worn = aws.network_of(self.service(account))["securityGroups"]
        assert network.group_names(account, worn) == {self.named("rung-sg")}
        assert network.may_enter(account, self.named("rung-sg")) == {(8000, self.named("alb-sg"))}
        assert network.may_enter(account, self.named("alb-sg")) == {(80, "anywhere"), (443, "anywhere")}
        assert network.may_leave(account, self.named("alb-sg")) == {(8000, self.named("rung-sg"))}

    def test_network_tasks_leave_by_https_and_to_the_database_alone(self, account: Account) -> None:
        leaves = network.may_leave(account, self.named("rung-sg"))
        assert (5432, self.named("database-sg")) in leaves
        assert {port for port, _ in leaves} == {443, 5432}

    def test_nobody_from_outside_reaches_anything_but_the_balancer(self, account: Account) -> None:
        vpc = network.vpc(account, self.named("vpc"))["VpcId"]
        assert network.open_to_the_world(account, vpc) == {(self.named("alb-sg"), 80), (self.named("alb-sg"), 443)}

    def test_database_is_postgresql_private_and_in_the_same_vpc(self, account: Account) -> None:
        database = self.database(account)
        assert (database["Engine"], database["Endpoint"]["Port"]) == ("postgres", 5432)
        assert database["PubliclyAccessible"] is False
        assert database["DBSubnetGroup"]["VpcId"] == self.vpc(account)
        ids = [each["SubnetIdentifier"] for each in database["DBSubnetGroup"]["Subnets"]]
        assert not any(subnet.is_public for subnet in network.subnets(account, ids))

    def test_database_is_reached_from_the_tasks_on_5432_and_from_nowhere_else(self, account: Account) -> None:
        (worn,) = self.database(account)["VpcSecurityGroups"]
        assert network.group_names(account, [worn["VpcSecurityGroupId"]]) == {self.named("database-sg")}
        assert network.may_enter(account, self.named("database-sg")) == {(5432, self.named("rung-sg"))}

    def test_audit_container_logs_are_kept_365_days(self, account: Account) -> None:
        logs = self.container(account)["logConfiguration"]
        assert (logs["logDriver"], logs["options"]["awslogs-group"]) == ("awslogs", f"/ecs/rung-{self.env}")
        assert aws.log_groups(account)[f"/ecs/rung-{self.env}"]["retentionInDays"] == YEAR

    def test_audit_vpc_flow_logs_record_all_traffic_and_are_kept_365_days(self, account: Account) -> None:
        flow = account.the("ec2", "describe_flow_logs", "FlowLogs")
        assert (flow["ResourceId"], flow["TrafficType"]) == (self.vpc(account), "ALL")
        assert flow["FlowLogStatus"] == "ACTIVE"
        assert aws.log_groups(account)[flow["LogGroupName"]]["retentionInDays"] == YEAR

    def test_configuration_database_credentials_are_rotated_by_rds(self, account: Account) -> None:
        name = aws.secret_of(self.database(account)["MasterUserSecret"]["SecretArn"]).name
        given = aws.secrets(self.container(account))
        assert given == {
            "DATABASE_USER": aws.Secret("secretsmanager", name, "username"),
            "DATABASE_PASSWORD": aws.Secret("secretsmanager", name, "password"),
        }

    def test_configuration_the_receipt_says_what_rotation_means_for_running_tasks(self, deployed: Deployment) -> None:
        assert "start the service again after each change" in deployed.outputs["database_password"]

    def test_configuration_plain_variables_hold_no_secret(self, account: Account) -> None:
        database = self.database(account)
        assert aws.environment(self.container(account)) == {
            "RUNG_ENV": self.says,
            "AWS_REGION": "us-east-1",
            "S3_BUCKET": self.files(account),
            "DATABASE_HOST": database["Endpoint"]["Address"],
            "DATABASE_PORT": "5432",
            "DATABASE_NAME": database["DBName"],
        }

    def test_image_the_container_is_not_root_and_cannot_write_to_its_root(self, account: Account) -> None:
        container = self.container(account)
        assert (container["user"], container["readonlyRootFilesystem"]) == ("rung", True)
        assert [mount["containerPath"] for mount in container["mountPoints"]] == ["/tmp"]

    def test_image_its_health_is_checked_every_30_seconds_with_10_of_grace(self, account: Account) -> None:
        check = self.container(account)["healthCheck"]
        assert "http://localhost:8000/health" in check["command"][1]
        assert (check["interval"], check["startPeriod"]) == (30, 10)

    def test_image_it_listens_on_8000(self, account: Account) -> None:
        assert [each["containerPort"] for each in self.container(account)["portMappings"]] == [8000]

    def test_execution_role_pulls_the_image_writes_logs_and_reads_the_secret(self, account: Account) -> None:
        role, database = self.execution(account), self.database(account)
        assert rights.who_may_be(account, role) == {"ecs-tasks.amazonaws.com"}
        repository = f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/rung-"
        assert rights.may(account, role, "ecr:BatchGetImage", f"{repository}{self.env}")
        assert not rights.may(account, role, "ecr:BatchGetImage", f"{repository}other")
        group = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/ecs/rung-{self.env}:log-stream:rung/1"
        assert rights.may(account, role, "logs:PutLogEvents", group)
        secret = database["MasterUserSecret"]["SecretArn"]
        assert rights.may(account, role, "secretsmanager:GetSecretValue", secret)
        assert rights.may(account, role, "kms:Decrypt", self.key(account))
        assert not rights.may(account, role, "secretsmanager:GetSecretValue", f"{secret[:-7]}-other1")

    def test_task_role_invokes_claude_and_no_other_model(self, account: Account) -> None:
        role, models = self.code(account), "arn:aws:bedrock:us-east-1::foundation-model/"
        assert rights.who_may_be(account, role) == {"ecs-tasks.amazonaws.com"}
        assert rights.may(account, role, "bedrock:InvokeModel", f"{models}anthropic.claude-3-5-sonnet-20241022-v2:0")
        assert not rights.may(account, role, "bedrock:InvokeModel", f"{models}meta.llama3-70b-instruct-v1:0")
        assert not rights.may(account, role, "bedrock:CreateModelCustomizationJob", "*")

    def test_task_role_transcribes_medical_speech_and_nothing_else(self, account: Account) -> None:
        role, job = self.code(account), f"arn:aws:transcribe:us-east-1:{ACCOUNT}:medical-transcription-job/visit"
        assert rights.may(account, role, "transcribe:StartMedicalTranscriptionJob", "*")
        assert rights.may(account, role, "transcribe:GetMedicalTranscriptionJob", job)
        assert not rights.may(account, role, "transcribe:StartTranscriptionJob", "*")

    def test_task_role_reads_files_and_neither_writes_nor_deletes_them(self, account: Account) -> None:
        role, file = self.code(account), f"arn:aws:s3:::{self.files(account)}/voice/visit.wav"
        assert rights.may(account, role, "s3:GetObject", file)
        for action in ("s3:PutObject", "s3:DeleteObject"):
            assert not rights.may(account, role, action, file)
        assert not rights.may(account, role, "s3:GetObject", "arn:aws:s3:::another/voice/visit.wav")

    def test_task_role_encrypts_and_decrypts_with_the_own_key_alone(self, account: Account) -> None:
        role, key = self.code(account), self.key(account)
        for action in ("kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"):
            assert rights.may(account, role, action, key)
            assert not rights.may(account, role, action, f"arn:aws:kms:us-east-1:{ACCOUNT}:key/another")
        assert not rights.may(account, role, "kms:ScheduleKeyDeletion", key)

    def test_task_role_writes_metrics_in_its_own_namespace(self, account: Account) -> None:
        role, put = self.code(account), "cloudwatch:PutMetricData"
        assert rights.may(account, role, put, "*", cloudwatch__namespace=f"rung/{self.env}")
        assert not rights.may(account, role, put, "*", cloudwatch__namespace="AWS/ECS")

    def test_alarms_cpu_above_80_memory_above_85_and_ill_targets_go_to_sns(
        self, account: Account, deployed: Deployment
    ) -> None:
        where = {"ClusterName": self.named("cluster"), "ServiceName": f"rung-{self.env}"}
        topic = deployed.outputs["alarm_topic"]
        for metric, threshold in (("CPUUtilization", 80), ("MemoryUtilization", 85)):
            found = [each for each in aws.watches(account, metric, **where) if each["AlarmActions"] == [topic]]
            assert [(a["ComparisonOperator"], a["Threshold"]) for a in found] == [("GreaterThanThreshold", threshold)]
        (ill,) = aws.watches(account, "UnHealthyHostCount")
        assert (ill["ComparisonOperator"], ill["Threshold"]) == ("GreaterThanOrEqualToThreshold", 1)
        assert ill["AlarmActions"] == [topic]

    def test_outputs_tell_url_repository_cluster_service_and_logs(self, deployed: Deployment) -> None:
        told = deployed.outputs
        assert told["url"] == f"https://{self.host}"
        assert told["repository_rung"] == f"{ECR}/rung-{self.env}"
        assert (told["cluster"], told["service_rung"]) == (self.named("cluster"), f"rung-{self.env}")
        assert told["log_group_rung"] == f"/ecs/rung-{self.env}"
        assert told["load_balancer"].endswith(".elb.amazonaws.com")
