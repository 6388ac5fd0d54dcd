"""CarePolicy Hub (its document's sections in the names): ECS with Fargate, App Runner, and ECS Express Mode."""

from __future__ import annotations

from typing import ClassVar

from tests.systems import account as aws
from tests.systems import front, network, rights
from tests.systems.account import Account, Facts, Secret, role_name
from tests.systems.carepolicy_hub import REQUIRED, SIGN_IN, CarePolicyHub, Running
from tests.systems.deployment import Deployment, Starter

NAME = "carepolicy-hub/main"
HOST = "carepolicy-hub.example.com"
FEWEST_CALLS = 40


class TestOnEcs(CarePolicyHub):
    starter = Starter(
        "carepolicy-hub.yaml",
        NAME,
        frozenset({"task_definition", "secret"}),
        more_secrets={name: f"practice-{name.lower()}" for name in SIGN_IN},
        most_calls=FEWEST_CALLS + len(SIGN_IN),
    )
    secrets: ClassVar[dict[str, Secret]] = REQUIRED | SIGN_IN
    """The optional four are given here; App Runner and Express go without."""

    def service(self, account: Account) -> Facts:
        return aws.service(account, "carepolicy-hub-cluster", "carepolicy-hub")

    def running(self, account: Account) -> Running:
        task = aws.task_of(account, self.service(account))
        container = aws.containers(task)["carepolicy-hub"]
        return Running(
            cpu=task["cpu"],
            memory=task["memory"],
            port=container["portMappings"][0]["containerPort"],
            image=container["image"],
            environment=aws.environment(container),
            secrets=aws.secrets(container),
            health_path=front.target_group(account, "carepolicy-hub")["HealthCheckPath"],
            code_role=role_name(task["taskRoleArn"]),
            pulling_role=role_name(task["executionRoleArn"]),
            secret_reading_role=role_name(task["executionRoleArn"]),
            log_group=container["logConfiguration"]["options"]["awslogs-group"],
        )

    def test_2_one_task_with_one_container_runs_on_fargate(self, account: Account) -> None:
        service = self.service(account)
        assert (service["launchType"], service["desiredCount"], service["runningCount"]) == ("FARGATE", 1, 1)
        assert set(aws.containers(aws.task_of(account, service))) == {"carepolicy-hub"}
        assert aws.services(account, "carepolicy-hub-cluster") == {"carepolicy-hub"}

    def test_3_6_it_logs_with_awslogs_to_ecs_carepolicy_hub(self, account: Account) -> None:
        container = aws.containers(aws.task_of(account, self.service(account)))["carepolicy-hub"]
        assert container["logConfiguration"]["logDriver"] == "awslogs"
        assert container["logConfiguration"]["options"]["awslogs-group"] == "/ecs/carepolicy-hub"
        assert container["logConfiguration"]["options"]["awslogs-region"] == "us-east-1"
        assert set(aws.log_groups(account)) == {"/ecs/carepolicy-hub"}
        assert aws.log_groups(account)["/ecs/carepolicy-hub"]["retentionInDays"] == 30

    def test_3_6_the_container_asks_its_own_health_with_curl(self, account: Account) -> None:
        container = aws.containers(aws.task_of(account, self.service(account)))["carepolicy-hub"]
        assert container["healthCheck"]["command"] == [
            "CMD-SHELL",
            "curl -f http://localhost:5001/health || exit 1",
        ]

    def test_3_4_only_ecs_tasks_may_take_on_the_two_roles(self, account: Account) -> None:
        running = self.running(account)
        for role in (running.code_role, running.pulling_role):
            assert rights.who_may_be(account, role) == {"ecs-tasks.amazonaws.com"}

    def test_3_4_the_code_cannot_read_secrets_itself(self, account: Account) -> None:
        secret = aws.secret_arn(account, "carepolicy-hub/jwt-secret")
        assert not rights.may(account, self.running(account).code_role, "secretsmanager:GetSecretValue", secret)

    def test_3_8_1_the_load_balancer_is_in_the_vpc_of_the_service_and_public(self, account: Account) -> None:
        balancer = front.balancer(account, "carepolicy-hub-alb")
        assert (balancer["Type"], balancer["Scheme"]) == ("application", "internet-facing")
        vpc = network.vpc(account, "carepolicy-hub-vpc")["VpcId"]
        assert balancer["VpcId"] == vpc
        assert {subnet.id for subnet in network.subnets_of(account, vpc)} >= set(
            aws.network_of(self.service(account))["subnets"]
        )

    def test_3_8_2_the_target_group_is_http_5001_asked_at_health(self, account: Account) -> None:
        group = front.target_group(account, "carepolicy-hub")
        assert (group["Protocol"], group["Port"], group["TargetType"]) == ("HTTP", 5001, "ip")
        assert (group["HealthCheckPath"], group["Matcher"]) == ("/health", {"HttpCode": "200"})

    def test_3_8_3_https_forwards_to_it_and_http_is_sent_on_to_https(self, account: Account) -> None:
        assert set(front.listeners(account, "carepolicy-hub-alb")) == {80, 443}
        assert front.answer_to(account, "carepolicy-hub-alb", "/auth.html") == "forward to carepolicy-hub"
        assert front.answer_to(account, "carepolicy-hub-alb", "/", 80) == "redirect HTTPS 443 HTTP_301"

    def test_3_8_3_a_certificate_for_the_domain_is_attached(self, account: Account) -> None:
        listener = front.listeners(account, "carepolicy-hub-alb")[443]
        assert (listener["Protocol"], "TLS13" in listener["SslPolicy"]) == ("HTTPS", True)
        certificate = front.certificate(account, "carepolicy-hub-alb")
        assert (certificate["DomainName"], certificate["Status"]) == (HOST, "ISSUED")

    def test_3_8_4_the_service_is_a_healthy_target(self, account: Account) -> None:
        (attached,) = self.service(account)["loadBalancers"]
        assert (attached["containerName"], attached["containerPort"]) == ("carepolicy-hub", 5001)
        assert attached["targetGroupArn"] == front.target_group(account, "carepolicy-hub")["TargetGroupArn"]
        assert front.health(account, "carepolicy-hub") == ["healthy"]

    def test_3_8_5_route_53_has_an_alias_to_the_load_balancer(self, account: Account) -> None:
        balancer = front.balancer(account, "carepolicy-hub-alb")
        assert front.leads_to(account, HOST) == balancer["DNSName"].lower()

    def test_3_8_6_app_base_url_is_the_domain(self, account: Account) -> None:
        assert self.running(account).environment["APP_BASE_URL"] == f"https://{HOST}"

    def test_only_the_load_balancer_reaches_the_container_and_everyone_the_load_balancer(
        self, account: Account
    ) -> None:
        assert network.may_enter(account, "carepolicy-hub-sg") == {(5001, "carepolicy-hub-alb-sg")}
        assert network.may_enter(account, "carepolicy-hub-alb-sg") == {(80, "anywhere"), (443, "anywhere")}
        assert (443, "anywhere") in network.may_leave(account, "carepolicy-hub-sg")
        groups = aws.network_of(self.service(account))["securityGroups"]
        assert network.group_names(account, groups) == {"carepolicy-hub-sg"}

    def test_nobody_from_outside_reaches_anything_but_the_balancer(self, account: Account) -> None:
        vpc = network.vpc(account, "carepolicy-hub-vpc")["VpcId"]
        assert network.open_to_the_world(account, vpc) == {
            ("carepolicy-hub-alb-sg", 80),
            ("carepolicy-hub-alb-sg", 443),
        }

    def test_public_tasks_need_no_nat_gateway_and_reach_s3_inside_aws(self, account: Account) -> None:
        its = aws.network_of(self.service(account))
        assert its["assignPublicIp"] == "ENABLED"
        assert all(subnet.is_public for subnet in network.subnets(account, its["subnets"]))
        assert network.nat_gateways(account) == []
        vpc = network.vpc(account, "carepolicy-hub-vpc")["VpcId"]
        assert set(network.endpoints(account, vpc)) == {"s3"}

    def test_a_new_version_is_rolled_out_and_put_back_when_it_fails(self, account: Account) -> None:
        deployment = self.service(account)["deploymentConfiguration"]
        assert deployment["strategy"] == "ROLLING"
        assert (deployment["minimumHealthyPercent"], deployment["maximumPercent"]) == (100, 200)
        breaker = deployment["deploymentCircuitBreaker"]
        assert (breaker["enable"], breaker["rollback"]) == (True, True)

    def test_a_second_replay_changes_nothing(self, deployed: Deployment) -> None:
        deployed.is_found_unchanged()

    def test_taken_down_it_leaves_nothing(self, deployed: Deployment) -> None:
        deployed.leaves_nothing()


class TestOnAppRunner(CarePolicyHub):
    starter = Starter(
        "carepolicy-hub-apprunner.yaml", NAME, frozenset({"app_runner_service", "secret"}), most_calls=FEWEST_CALLS
    )

    def service(self, account: Account) -> Facts:
        arn = account.the("apprunner", "list_services", "ServiceSummaryList")["ServiceArn"]
        return dict(account.client("apprunner").describe_service(ServiceArn=arn)["Service"])

    def running(self, account: Account) -> Running:
        service = self.service(account)
        source, size = service["SourceConfiguration"], service["InstanceConfiguration"]
        image = source["ImageRepository"]["ImageConfiguration"]
        secrets = {name: aws.secret_of(arn) for name, arn in image["RuntimeEnvironmentSecrets"].items()}
        return Running(
            cpu=size["Cpu"],
            memory=size["Memory"],
            port=int(image["Port"]),
            image=source["ImageRepository"]["ImageIdentifier"],
            environment=image["RuntimeEnvironmentVariables"],
            secrets=secrets,
            health_path=service["HealthCheckConfiguration"]["Path"],
            code_role=role_name(size["InstanceRoleArn"]),
            pulling_role=role_name(source["AuthenticationConfiguration"]["AccessRoleArn"]),
            secret_reading_role=role_name(size["InstanceRoleArn"]),
            log_group=f"/aws/apprunner/carepolicy-hub/{service['ServiceId']}/application",
        )

    def test_3_7_the_service_runs_and_its_health_is_asked_over_http(self, account: Account) -> None:
        service = self.service(account)
        assert (service["ServiceName"], service["Status"]) == ("carepolicy-hub", "RUNNING")
        assert service["HealthCheckConfiguration"]["Protocol"] == "HTTP"

    def test_3_7_the_source_is_ecr_and_a_push_alone_deploys_nothing(self, account: Account) -> None:
        source = self.service(account)["SourceConfiguration"]
        assert source["ImageRepository"]["ImageRepositoryType"] == "ECR"
        assert source["AutoDeploymentsEnabled"] is False

    def test_3_7_its_own_address_is_app_base_url(self, account: Account) -> None:
        address = self.service(account)["ServiceUrl"]
        assert address.endswith(".us-east-1.awsapprunner.com")
        assert self.running(account).environment["APP_BASE_URL"] == f"https://{address}"

    def test_3_7_anybody_may_call_it_and_it_may_call_out(self, account: Account) -> None:
        its = self.service(account)["NetworkConfiguration"]
        assert its["IngressConfiguration"]["IsPubliclyAccessible"] is True
        assert its["EgressConfiguration"]["EgressType"] == "DEFAULT"

    def test_3_4_each_role_is_app_runners_own(self, account: Account) -> None:
        running = self.running(account)
        assert rights.who_may_be(account, running.code_role) == {"tasks.apprunner.amazonaws.com"}
        assert rights.who_may_be(account, running.pulling_role) == {"build.apprunner.amazonaws.com"}

    def test_3_8_no_load_balancer_and_no_network_is_made(self, account: Account) -> None:
        assert front.balancers(account) == []
        assert [vpc for vpc in account.every("ec2", "describe_vpcs", "Vpcs") if not vpc["IsDefault"]] == []

    def test_a_second_replay_changes_nothing(self, deployed: Deployment) -> None:
        deployed.is_found_unchanged()

    def test_taken_down_it_leaves_nothing(self, deployed: Deployment) -> None:
        deployed.leaves_nothing()


class TestOnExpress(CarePolicyHub):
    starter = Starter(
        "carepolicy-hub-express.yaml", NAME, frozenset({"express_service", "secret"}), most_calls=FEWEST_CALLS
    )

    def configuration(self, account: Account) -> Facts:
        arn = "arn:aws:ecs:us-east-1:000000000000:service/carepolicy-hub-cluster/carepolicy-hub"
        service = account.client("ecs").describe_express_gateway_service(serviceArn=arn)["service"]
        (active,) = service["activeConfigurations"]
        return dict(active) | {"infrastructureRoleArn": service["infrastructureRoleArn"]}

    def running(self, account: Account) -> Running:
        active = self.configuration(account)
        main = active["primaryContainer"]
        return Running(
            cpu=active["cpu"],
            memory=active["memory"],
            port=main["containerPort"],
            image=main["image"],
            environment=aws.environment(main),
            secrets=aws.secrets(main),
            health_path=active["healthCheckPath"],
            code_role=role_name(active["taskRoleArn"]),
            pulling_role=role_name(active["executionRoleArn"]),
            secret_reading_role=role_name(active["executionRoleArn"]),
            log_group=main["awsLogsConfiguration"]["logGroup"],
        )

    def test_3_6_it_logs_to_ecs_carepolicy_hub(self, account: Account) -> None:
        assert self.running(account).log_group == "/ecs/carepolicy-hub"
        assert aws.log_groups(account)["/ecs/carepolicy-hub"]["retentionInDays"] == 30

    def test_3_8_it_has_a_public_https_address_that_is_app_base_url(self, account: Account) -> None:
        (path,) = self.configuration(account)["ingressPaths"]
        assert path["accessType"] == "PUBLIC"
        assert self.running(account).environment["APP_BASE_URL"] == "https://carepolicy-hub.ecs.us-east-1.on.aws"
        assert path["endpoint"].removeprefix("https://") == "carepolicy-hub.ecs.us-east-1.on.aws"

    def test_3_4_only_ecs_tasks_may_take_on_the_two_roles_and_ecs_the_third(self, account: Account) -> None:
        running = self.running(account)
        for role in (running.code_role, running.pulling_role):
            assert rights.who_may_be(account, role) == {"ecs-tasks.amazonaws.com"}
        third = role_name(self.configuration(account)["infrastructureRoleArn"])
        assert rights.who_may_be(account, third) == {"ecs.amazonaws.com"}

    def test_2_its_tasks_stand_in_public_subnets_of_two_zones(self, account: Account) -> None:
        subnets = network.subnets(account, self.configuration(account)["networkConfiguration"]["subnets"])
        assert {subnet.zone for subnet in subnets} == {"us-east-1a", "us-east-1b"}
        assert all(subnet.is_public for subnet in subnets)

    def test_2_one_task_runs_and_at_most_two(self, account: Account) -> None:
        scaling = self.configuration(account)["scalingTarget"]
        assert (scaling["minTaskCount"], scaling["maxTaskCount"]) == (1, 2)

    def test_a_second_replay_changes_nothing(self, deployed: Deployment) -> None:
        deployed.is_found_unchanged()

    def test_taken_down_it_leaves_nothing(self, deployed: Deployment) -> None:
        deployed.leaves_nothing()
