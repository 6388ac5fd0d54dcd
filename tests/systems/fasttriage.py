"""The sentences of FastTriage's plan that hold in both environments; the sections are in the names."""

from __future__ import annotations

import re
from typing import ClassVar

from tests.systems import account as aws
from tests.systems import buckets, front, network, rights
from tests.systems.account import Account, Facts, Secret, role_name
from tests.systems.deployment import Deployment, Starter

ECR = "000000000000.dkr.ecr.us-east-1.amazonaws.com"
OURS = {"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "MONGO_URI", "AMQ_RABBITMQ_URI", "IBM_WATSONX_API_KEY"}


class FastTriage:
    """What the plan says of network, services, broker, bucket, secrets, ingress, rights and logs."""

    starter: ClassVar[Starter]
    env: ClassVar[str]
    host: ClassVar[str]

    def named(self, part: str) -> str:
        return f"fasttriage-{self.env}-{part}"

    def service(self, account: Account, part: str) -> Facts:
        return aws.service(account, self.named("cluster"), self.named(part))

    def task(self, account: Account, part: str) -> Facts:
        return aws.task_of(account, self.service(account, part))

    def container(self, account: Account, part: str) -> Facts:
        (container,) = aws.containers(self.task(account, part)).values()
        return container

    def subnets(self, account: Account) -> list[network.Subnet]:
        return network.subnets_of(account, network.vpc(account, self.named("vpc"))["VpcId"])

    def private(self, account: Account) -> set[str]:
        return {subnet.id for subnet in self.subnets(account) if not subnet.is_public}

    def broker(self, account: Account) -> Facts:
        (one,) = account.every("mq", "list_brokers", "BrokerSummaries")
        return dict(account.client("mq").describe_broker(BrokerId=one["BrokerId"]))

    def test_2_things_are_named_after_the_pattern(self, account: Account) -> None:
        assert network.vpc(account, self.named("vpc"))["State"] == "available"
        assert aws.services(account, self.named("cluster")) == {self.named("backend"), self.named("worker")}
        assert front.balancer(account, self.named("alb"))["State"] == {"Code": "active"}
        assert set(aws.repositories(account)) == {"fasttriage-backend", "fasttriage-llm-worker"}
        assert buckets.bucket(account).startswith(self.named("artifacts-"))

    def test_3_two_zones_have_a_public_and_a_private_subnet_each(self, account: Account) -> None:
        found = sorted((subnet.zone, subnet.is_public) for subnet in self.subnets(account))
        assert found == [(zone, public) for zone in ("us-east-1a", "us-east-1b") for public in (False, True)]

    def test_3_public_subnets_hold_the_balancer_and_the_nat_gateways(self, account: Account) -> None:
        public = {subnet.id for subnet in self.subnets(account) if subnet.is_public}
        zones = front.balancer(account, self.named("alb"))["AvailabilityZones"]
        assert {zone["SubnetId"] for zone in zones} == public
        assert {nat["SubnetId"] for nat in network.nat_gateways(account)} <= public

    def test_3_private_subnets_hold_the_tasks_and_the_broker(self, account: Account) -> None:
        for part in ("backend", "worker"):
            its = aws.network_of(self.service(account, part))
            assert (set(its["subnets"]), its["assignPublicIp"]) == (self.private(account), "DISABLED")
        assert set(self.broker(account)["SubnetIds"]) <= self.private(account)

    def test_3_private_subnets_go_out_through_a_nat_gateway(self, account: Account) -> None:
        gateways = {nat["NatGatewayId"] for nat in network.nat_gateways(account)}
        assert {subnet.way_out for subnet in self.subnets(account) if not subnet.is_public} == gateways

    def test_3_the_world_reaches_the_balancer_on_443_only(self, account: Account) -> None:
        assert network.may_enter(account, self.named("alb-sg")) == {(443, "anywhere")}

    def test_3_the_balancer_reaches_the_backend_on_8000_and_nothing_else(self, account: Account) -> None:
        assert network.may_leave(account, self.named("alb-sg")) == {(8000, self.named("backend-sg"))}

    def test_3_the_backend_is_reached_by_the_balancer_on_8000_only(self, account: Account) -> None:
        assert network.may_enter(account, self.named("backend-sg")) == {(8000, self.named("alb-sg"))}

    def test_3_nobody_reaches_the_worker(self, account: Account) -> None:
        assert network.may_enter(account, self.named("worker-sg")) == set()

    def test_3_the_broker_is_reached_by_backend_and_worker_on_5671_and_its_management_port_by_nobody(
        self, account: Account
    ) -> None:
        both = {self.named("backend-sg"), self.named("worker-sg")}
        assert network.may_enter(account, self.named("broker-sg")) == {(5671, group) for group in both}
        assert network.who_may_reach(account, self.named("broker-sg"), 15672) == set()

    def test_3_backend_and_worker_reach_the_broker_and_https(self, account: Account) -> None:
        for part in ("backend-sg", "worker-sg"):
            leaves = network.may_leave(account, self.named(part))
            assert {(5671, self.named("broker-sg")), (443, "anywhere")} <= leaves
            assert not [way for way in leaves if way[0] == "all"]

    def test_3_each_part_wears_its_own_group(self, account: Account) -> None:
        worn = {
            "alb-sg": front.balancer(account, self.named("alb"))["SecurityGroups"],
            "backend-sg": aws.network_of(self.service(account, "backend"))["securityGroups"],
            "worker-sg": aws.network_of(self.service(account, "worker"))["securityGroups"],
            "broker-sg": self.broker(account)["SecurityGroups"],
        }
        for name, groups in worn.items():
            assert network.group_names(account, groups) == {self.named(name)}

    def test_nobody_from_outside_reaches_anything_but_the_balancer(self, account: Account) -> None:
        vpc = network.vpc(account, self.named("vpc"))["VpcId"]
        assert network.open_to_the_world(account, vpc) == {(self.named("alb-sg"), 443)}

    def test_14_1_and_16_s3_is_reached_by_an_endpoint_and_not_through_nat(self, account: Account) -> None:
        vpc = network.vpc(account, self.named("vpc"))["VpcId"]
        endpoint = network.endpoints(account, vpc)["s3"]
        assert endpoint["VpcEndpointType"] == "Gateway"
        private = [subnet for subnet in self.subnets(account) if not subnet.is_public]
        assert all(endpoint["VpcEndpointId"] in subnet.routes for subnet in private)

    def test_4_each_service_runs_the_image_of_its_repository_by_digest(self, account: Account) -> None:
        for part, repository in (("backend", "fasttriage-backend"), ("worker", "fasttriage-llm-worker")):
            assert self.container(account, part)["image"].startswith(f"{ECR}/{repository}@sha256:")

    def test_15_image_tags_are_immutable(self, account: Account) -> None:
        assert {each["imageTagMutability"] for each in aws.repositories(account).values()} == {"IMMUTABLE"}

    def test_5_the_broker_is_rabbitmq_on_amazon_mq_private_and_running(self, account: Account) -> None:
        broker = self.broker(account)
        assert broker["EngineType"].upper() == "RABBITMQ"
        assert (broker["BrokerState"], broker["PubliclyAccessible"]) == ("RUNNING", False)

    def test_5_its_address_is_amqps_on_5671_and_its_credentials_are_in_secrets_manager(self, account: Account) -> None:
        (endpoint,) = self.broker(account)["BrokerInstances"][0]["Endpoints"]
        address = endpoint.removeprefix("amqps://").removesuffix(":5671")
        uri = aws.secret_value(account, f"fasttriage/{self.env}/amq-rabbitmq-uri")
        assert re.fullmatch(rf"amqps://fasttriage:[^@/]{{12,}}@{re.escape(address)}:5671/?(%2[Ff])?", uri)

    def test_7_the_bucket_is_private_and_encrypted(self, account: Account) -> None:
        bucket = buckets.bucket(account)
        assert buckets.is_closed_to_the_public(account, bucket)
        assert buckets.encryption(account, bucket)["SSEAlgorithm"] == "AES256"

    def test_7_old_reports_move_to_ia_and_glacier_and_are_never_deleted(self, account: Account) -> None:
        rules = buckets.lifecycle(account, buckets.bucket(account))
        (moving,) = [rule for rule in rules if "Transitions" in rule]
        assert (moving["Status"], moving["Filter"]) == ("Enabled", {"Prefix": "triage/"})
        assert [each["StorageClass"] for each in moving["Transitions"]] == ["STANDARD_IA", "GLACIER"]
        assert not [rule for rule in rules if "Expiration" in rule]

    def test_7_and_11_both_task_roles_read_and_write_under_triage_only_and_delete_nothing(
        self, account: Account
    ) -> None:
        bucket = f"arn:aws:s3:::{buckets.bucket(account)}"
        for part in ("backend", "worker"):
            role = role_name(self.task(account, part)["taskRoleArn"])
            for action in ("s3:GetObject", "s3:PutObject"):
                assert rights.may(account, role, action, f"{bucket}/triage/17/report.pdf")
                assert not rights.may(account, role, action, f"{bucket}/other/report.pdf")
                assert not rights.may(account, role, action, "arn:aws:s3:::another/triage/17/report.pdf")
            assert not rights.may(account, role, "s3:DeleteObject", f"{bucket}/triage/17/report.pdf")

    def test_8_the_typical_secrets_are_in_secrets_manager(self, account: Account) -> None:
        names = {f"fasttriage/{self.env}/{name.lower().replace('_', '-')}" for name in OURS}
        assert names <= aws.secret_names(account)

    def test_8_each_container_is_given_the_secrets_it_needs_and_no_other(self, account: Account) -> None:
        wanted = {"backend": OURS - {"IBM_WATSONX_API_KEY"}, "worker": {n for n in OURS if "TWILIO" not in n}}
        for part, names in wanted.items():
            stored = {
                name: Secret("secretsmanager", f"fasttriage/{self.env}/{name.lower().replace('_', '-')}")
                for name in names
            }
            assert aws.secrets(self.container(account, part)) == stored

    def test_8_plain_variables_hold_no_secret_and_name_bucket_and_environment(self, account: Account) -> None:
        plain = {"ENVIRONMENT": self.env, "AWS_REGION": "us-east-1", "S3_BUCKET": buckets.bucket(account)}
        assert aws.environment(self.container(account, "backend")) == plain
        assert aws.environment(self.container(account, "worker")) == plain | {"RABBITMQ_PREFETCH": "1"}

    def test_9_1_the_backend_has_half_a_vcpu_and_1_gb_on_fargate(self, account: Account) -> None:
        task = self.task(account, "backend")
        assert (task["cpu"], task["memory"]) == ("512", "1024")
        assert self.service(account, "backend")["launchType"] == "FARGATE"

    def test_9_2_the_worker_has_2_vcpu_and_at_least_4_gb_on_fargate(self, account: Account) -> None:
        task = self.task(account, "worker")
        assert (task["cpu"], int(task["memory"]) >= 4096) == ("2048", True)
        assert self.service(account, "worker")["launchType"] == "FARGATE"

    def test_9_2_one_worker_runs_without_a_balancer_and_without_a_port(self, account: Account) -> None:
        worker = self.service(account, "worker")
        assert (worker["desiredCount"], worker["runningCount"], worker["loadBalancers"]) == (1, 1, [])
        assert self.container(account, "worker")["portMappings"] == []

    def test_9_2_the_worker_is_not_scaled_by_itself(self, account: Account) -> None:
        targets = account.every(
            "application-autoscaling", "describe_scalable_targets", "ScalableTargets", ServiceNamespace="ecs"
        )
        assert targets == []

    def test_10_2_a_certificate_for_the_host_is_in_the_region_of_the_balancer(self, account: Account) -> None:
        certificate = front.certificate(account, self.named("alb"))
        assert (certificate["DomainName"], certificate["Status"]) == (self.host, "ISSUED")
        assert certificate["CertificateArn"].split(":")[3] == "us-east-1"
        assert front.leads_to(account, self.host) == front.balancer(account, self.named("alb"))["DNSName"].lower()

    def test_10_3_https_443_forwards_to_the_backend_and_no_other_port_listens(self, account: Account) -> None:
        (listener,) = front.listeners(account, self.named("alb")).values()
        assert (listener["Port"], listener["Protocol"]) == (443, "HTTPS")
        assert front.rules(account, self.named("alb"), 443) == [("default", (), f"forward to {self.named('backend')}")]

    def test_10_4_the_target_group_is_http_8000_asked_at_health(self, account: Account) -> None:
        group = front.target_group(account, self.named("backend"))
        assert (group["Protocol"], group["Port"], group["HealthCheckPath"]) == ("HTTP", 8000, "/health")
        assert group["Matcher"] == {"HttpCode": "200"}
        assert [each["containerPort"] for each in self.container(account, "backend")["portMappings"]] == [8000]

    def test_10_the_twilio_webhook_path_is_public_and_told(self, account: Account, deployed: Deployment) -> None:
        assert deployed.outputs["url"] == f"https://{self.host}"
        assert deployed.outputs["twilio_webhook"] == f"https://{self.host}/webhook/twilio"
        answer = front.answer_to(account, self.named("alb"), "/webhook/twilio")
        assert answer == f"forward to {self.named('backend')}"

    def test_11_each_service_has_a_task_role_of_its_own_for_ecs_tasks_alone(self, account: Account) -> None:
        roles = {part: role_name(self.task(account, part)["taskRoleArn"]) for part in ("backend", "worker")}
        assert roles["backend"] != roles["worker"]
        for role in roles.values():
            assert rights.who_may_be(account, role) == {"ecs-tasks.amazonaws.com"}

    def test_11_each_service_may_read_its_own_secrets_and_not_its_neighbours(self, account: Account) -> None:
        mine = {"backend": "twilio-auth-token", "worker": "ibm-watsonx-api-key"}
        read = "secretsmanager:GetSecretValue"
        for part, other in (("backend", "worker"), ("worker", "backend")):
            role = role_name(self.task(account, part)["taskRoleArn"])
            for name in ("mongo-uri", "amq-rabbitmq-uri", mine[part]):
                assert rights.may(account, role, read, aws.secret_arn(account, f"fasttriage/{self.env}/{name}"))
            foreign = aws.secret_arn(account, f"fasttriage/{self.env}/{mine[other]}")
            assert not rights.may(account, role, read, foreign)

    def test_11_logs_are_written_to_the_own_groups_only(self, account: Account) -> None:
        role = role_name(self.task(account, "backend")["executionRoleArn"])
        group = "arn:aws:logs:us-east-1:000000000000:log-group:"
        assert rights.may(account, role, "logs:PutLogEvents", f"{group}/ecs/{self.named('backend')}:log-stream:1")
        assert not rights.may(account, role, "logs:PutLogEvents", f"{group}/ecs/another:log-stream:1")

    def test_12_each_service_has_a_log_group(self, account: Account) -> None:
        assert set(aws.log_groups(account)) >= {f"/ecs/{self.named('backend')}", f"/ecs/{self.named('worker')}"}
        for part in ("backend", "worker"):
            logs = self.container(account, part)["logConfiguration"]
            assert logs["options"]["awslogs-group"] == f"/ecs/{self.named(part)}"

    def test_13_the_backend_is_rolled_with_at_least_half_healthy(self, account: Account) -> None:
        deployment = self.service(account, "backend")["deploymentConfiguration"]
        assert deployment["strategy"] == "ROLLING"
        assert 50 <= deployment["minimumHealthyPercent"] <= 100

    def test_13_the_worker_is_replaced_one_at_a_time(self, account: Account) -> None:
        deployment = self.service(account, "worker")["deploymentConfiguration"]
        assert (deployment["minimumHealthyPercent"], deployment["maximumPercent"]) == (0, 100)
