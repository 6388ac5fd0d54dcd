"""Managed ChatKit (its document's sections in the names): a page and its API in one task, routed by path."""

from __future__ import annotations

from tests.systems import account as aws
from tests.systems import buckets, front, network, rights
from tests.systems.account import Account, Facts, Secret, role_name
from tests.systems.deployment import Deployment, Starter

HOST = "chatkit.example.com"
ALB = "chatkit-alb"
SERVICE = "arn:aws:ecs:us-east-1:000000000000:service/chatkit-cluster/chatkit"
GITHUB = "owner/managed-chatkit"


class TestChatKit:
    starter = Starter(
        "chatkit.yaml",
        "chatkit/main",
        frozenset({"task_definition", "secret", "oidc_provider"}),
        ("--set", f"delivery.github.repository={GITHUB}"),
    )

    def service(self, account: Account) -> Facts:
        return aws.service(account, "chatkit-cluster", "chatkit")

    def containers(self, account: Account) -> dict[str, Facts]:
        return aws.containers(aws.task_of(account, self.service(account)))

    def test_1_https_ends_at_the_load_balancer_with_a_certificate_for_the_host(self, account: Account) -> None:
        listener = front.listeners(account, ALB)[443]
        assert listener["Protocol"] == "HTTPS"
        assert listener["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2")
        certificate = front.certificate(account, ALB)
        assert (certificate["DomainName"], certificate["Status"]) == (HOST, "ISSUED")
        assert {front.target_group(account, name)["Protocol"] for name in ("tg-frontend", "tg-backend")} == {"HTTP"}

    def test_1_the_host_leads_to_the_load_balancer(self, account: Account) -> None:
        balancer = front.balancer(account, ALB)
        assert balancer["Scheme"] == "internet-facing"
        assert front.leads_to(account, HOST) == balancer["DNSName"].lower()

    def test_1_both_containers_run_in_the_same_task_and_share_its_interface(self, account: Account) -> None:
        task = aws.task_of(account, self.service(account))
        assert set(aws.containers(task)) == {"frontend", "backend"}
        assert task["networkMode"] == "awsvpc"
        assert task["requiresCompatibilities"] == ["FARGATE"]

    def test_2a1_the_world_may_reach_alb_sg_on_80_and_443_only(self, account: Account) -> None:
        assert network.may_enter(account, "alb-sg") == {(80, "anywhere"), (443, "anywhere")}

    def test_2a1_all_traffic_may_leave_alb_sg(self, account: Account) -> None:
        assert network.may_leave(account, "alb-sg") == {("all", "anywhere")}

    def test_2a2_only_alb_sg_may_reach_fargate_sg_on_80_and_8000(self, account: Account) -> None:
        assert network.may_enter(account, "fargate-sg") == {(80, "alb-sg"), (8000, "alb-sg")}

    def test_2a2_all_traffic_may_leave_fargate_sg(self, account: Account) -> None:
        assert network.may_leave(account, "fargate-sg") == {("all", "anywhere")}

    def test_2a_balancer_and_tasks_wear_those_groups_and_no_other(self, account: Account) -> None:
        assert network.group_names(account, front.balancer(account, ALB)["SecurityGroups"]) == {"alb-sg"}
        groups = aws.network_of(self.service(account))["securityGroups"]
        assert network.group_names(account, groups) == {"fargate-sg"}

    def test_nobody_from_outside_reaches_anything_but_the_balancer(self, account: Account) -> None:
        vpc = network.vpc(account, "chatkit-vpc")["VpcId"]
        assert network.open_to_the_world(account, vpc) == {("alb-sg", 80), ("alb-sg", 443)}

    def test_2b1_tg_frontend_is_http_80_by_ip_and_asked_at_the_root(self, account: Account) -> None:
        group = front.target_group(account, "tg-frontend")
        assert (group["Protocol"], group["Port"], group["TargetType"]) == ("HTTP", 80, "ip")
        assert group["HealthCheckPath"] == "/"

    def test_2b1_tg_backend_is_http_8000_by_ip_and_asked_at_health(self, account: Account) -> None:
        group = front.target_group(account, "tg-backend")
        assert (group["Protocol"], group["Port"], group["TargetType"]) == ("HTTP", 8000, "ip")
        assert group["HealthCheckPath"] == "/health"

    def test_2b2_http_80_is_redirected_to_https_443(self, account: Account) -> None:
        assert set(front.listeners(account, ALB)) == {80, 443}
        assert front.rules(account, ALB, 80) == [("default", (), "redirect HTTPS 443 HTTP_301")]

    def test_2b2_api_paths_go_to_tg_backend_and_all_others_to_tg_frontend(self, account: Account) -> None:
        rules = [(paths, happens) for _, paths, happens in front.rules(account, ALB, 443)]
        assert rules == [(("/api/*",), "forward to tg-backend"), ((), "forward to tg-frontend")]
        assert front.answer_to(account, ALB, "/api/chatkit/session") == "forward to tg-backend"
        assert front.answer_to(account, ALB, "/assets/app.js") == "forward to tg-frontend"

    def test_2c2_the_task_has_256_cpu_units_and_512_mb(self, account: Account) -> None:
        task = aws.task_of(account, self.service(account))
        assert (task["cpu"], task["memory"]) == ("256", "512")

    def test_2c2_the_images_come_from_ghcr_without_a_login(self, account: Account) -> None:
        containers = self.containers(account)
        images = {name: each["image"] for name, each in containers.items()}
        assert images == {
            "frontend": f"ghcr.io/{GITHUB}-frontend:latest",
            "backend": f"ghcr.io/{GITHUB}-backend:latest",
        }
        assert not [each for each in containers.values() if each.get("repositoryCredentials")]
        assert aws.repositories(account) == {}

    def test_2c3_one_task_runs_on_fargate_with_a_public_ip(self, account: Account) -> None:
        service = self.service(account)
        assert (service["launchType"], service["desiredCount"], service["runningCount"]) == ("FARGATE", 1, 1)
        assert aws.network_of(service)["assignPublicIp"] == "ENABLED"

    def test_2c3_there_is_no_nat_gateway_to_pay_for(self, account: Account) -> None:
        assert network.nat_gateways(account) == []
        subnets = network.subnets(account, aws.network_of(self.service(account))["subnets"])
        assert len({subnet.zone for subnet in subnets}) == 2
        assert all(subnet.is_public for subnet in subnets)

    def test_2c3_the_service_is_attached_to_both_target_groups_and_healthy_in_them(self, account: Account) -> None:
        attached = {
            (each["containerName"], each["containerPort"], each["targetGroupArn"].split("/")[1])
            for each in self.service(account)["loadBalancers"]
        }
        assert attached == {("frontend", 80, "tg-frontend"), ("backend", 8000, "tg-backend")}
        assert front.health(account, "tg-frontend") == front.health(account, "tg-backend") == ["healthy"]

    def test_3_the_workflow_id_is_no_run_time_value(self, account: Account) -> None:
        assert "VITE_CHATKIT_WORKFLOW_ID" not in str(self.containers(account))
        assert aws.environment(self.containers(account)["frontend"]) == {}

    def test_3_4_a_new_version_is_a_rolling_update(self, account: Account) -> None:
        deployment = self.service(account)["deploymentConfiguration"]
        assert deployment["strategy"] == "ROLLING"
        assert (deployment["minimumHealthyPercent"], deployment["maximumPercent"]) == (100, 200)

    def test_4_the_openai_key_is_a_secret_of_the_backend_alone(self, account: Account) -> None:
        containers = self.containers(account)
        assert aws.secrets(containers["backend"]) == {
            "OPENAI_API_KEY": Secret("secretsmanager", "chatkit/main/openai-api-key")
        }
        assert aws.secrets(containers["frontend"]) == {}
        assert aws.secret_names(account) == {"chatkit/main/openai-api-key"}

    def test_4_the_backend_has_environment_and_allowed_origins_and_nothing_else(self, account: Account) -> None:
        assert aws.environment(self.containers(account)["backend"]) == {
            "ENVIRONMENT": "production",
            "ALLOWED_ORIGINS": f"https://{HOST}",
        }

    def test_4_ecs_alone_may_read_the_key_and_the_code_may_do_nothing_in_aws(self, account: Account) -> None:
        task = aws.task_of(account, self.service(account))
        execution, code = role_name(task["executionRoleArn"]), role_name(task["taskRoleArn"])
        arn = aws.secret_arn(account, "chatkit/main/openai-api-key")
        assert rights.may(account, execution, "secretsmanager:GetSecretValue", arn)
        assert not rights.may(account, execution, "secretsmanager:GetSecretValue", f"{arn[:-7]}-other")
        assert rights.statements(account, code) == []
        assert rights.who_may_be(account, execution) == rights.who_may_be(account, code) == {"ecs-tasks.amazonaws.com"}

    def test_5_4_the_workflow_may_register_a_revision_and_update_this_service(self, account: Account) -> None:
        revision = "arn:aws:ecs:us-east-1:000000000000:task-definition/chatkit-chatkit:7"
        assert rights.may(account, "chatkit-deploy", "ecs:RegisterTaskDefinition", revision)
        assert rights.may(account, "chatkit-deploy", "ecs:UpdateService", SERVICE)

    def test_5_4_the_workflow_may_touch_no_other_service_and_delete_nothing(self, account: Account) -> None:
        assert not rights.may(account, "chatkit-deploy", "ecs:UpdateService", SERVICE.replace("/chatkit", "/other"))
        assert not rights.may(account, "chatkit-deploy", "ecs:DeleteService", SERVICE)
        assert not rights.may(account, "chatkit-deploy", "iam:PassRole", "arn:aws:iam::000000000000:role/admin")

    def test_3_1_only_a_push_to_main_of_the_repository_may_deploy_and_without_a_key(self, account: Account) -> None:
        (statement,) = rights.trust(account, "chatkit-deploy")
        assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
        assert statement["Condition"]["StringEquals"] == {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": f"repo:{GITHUB}:ref:refs/heads/main",
        }
        assert account.every("iam", "list_users", "Users") == []

    def test_5_3_both_containers_log_to_cloudwatch(self, account: Account) -> None:
        logs = [each["logConfiguration"] for each in self.containers(account).values()]
        assert [(each["logDriver"], each["options"]["awslogs-group"]) for each in logs] == [
            ("awslogs", "/ecs/chatkit"),
            ("awslogs", "/ecs/chatkit"),
        ]
        assert aws.log_groups(account)["/ecs/chatkit"]["retentionInDays"] == 30

    def test_the_receipt_tells_the_address(self, deployed: Deployment) -> None:
        assert deployed.outputs["url"] == f"https://{HOST}"
        assert deployed.outputs["api"] == f"https://{HOST}/api/"

    def test_5_4_the_receipt_tells_cluster_and_service_for_the_workflow(self, deployed: Deployment) -> None:
        told = deployed.outputs
        assert (told["cluster"], told["service_chatkit"]) == ("chatkit-cluster", "chatkit")
        assert told["deploy_role"].endswith("/chatkit-deploy")

    def test_there_is_no_bucket_no_database_and_no_broker(self, account: Account) -> None:
        assert buckets.buckets(account) == set()
        assert account.every("rds", "describe_db_instances", "DBInstances") == []
        assert account.every("mq", "list_brokers", "BrokerSummaries") == []

    def test_a_second_replay_changes_nothing(self, deployed: Deployment) -> None:
        deployed.is_found_unchanged()

    def test_taken_down_it_leaves_nothing(self, deployed: Deployment) -> None:
        deployed.leaves_nothing()
