"""AugMed: a Flask API behind /api/*, PostgreSQL, artefacts; its page is hosted elsewhere."""

from __future__ import annotations

import re

from tests.systems import account as aws
from tests.systems import buckets, front, network, rights
from tests.systems.account import Account, Facts, Secret, role_name
from tests.systems.deployment import Deployment, Starter

HOST = "augmed.example.com"
ALB = "augmed-alb"
COMMIT = "3f1c0de5a9b87c6d5e4f30219a8b7c6d5e4f3021"
GITHUB = "owner/augmed-api"
ECR = "000000000000.dkr.ecr.us-east-1.amazonaws.com"
SERVICE = "arn:aws:ecs:us-east-1:000000000000:service/augmed-cluster/augmed-api-service"


class TestAugMed:
    starter = Starter(
        "augmed.yaml",
        "augmed/main",
        frozenset({"task_definition", "secret", "oidc_provider", "db_instance"}),
        ("--set", f"delivery.github.repository={GITHUB}"),
    )

    def service(self, account: Account) -> Facts:
        return aws.service(account, "augmed-cluster", "augmed-api-service")

    def task(self, account: Account) -> Facts:
        return aws.task_of(account, self.service(account))

    def api(self, account: Account) -> Facts:
        (container,) = aws.containers(self.task(account)).values()
        return container

    def database(self, account: Account) -> Facts:
        return account.the("rds", "describe_db_instances", "DBInstances")

    def test_infrastructure_route_53_maps_the_host_to_the_load_balancer(self, account: Account) -> None:
        balancer = front.balancer(account, ALB)
        assert (balancer["Type"], balancer["Scheme"]) == ("application", "internet-facing")
        assert front.leads_to(account, HOST) == balancer["DNSName"].lower()

    def test_infrastructure_the_load_balancer_ends_tls_for_the_host(self, account: Account) -> None:
        assert set(front.listeners(account, ALB)) == {80, 443}
        assert front.listeners(account, ALB)[443]["Protocol"] == "HTTPS"
        assert front.listeners(account, ALB)[443]["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2")
        assert front.certificate(account, ALB)["DomainName"] == HOST
        assert front.answer_to(account, ALB, "/api/users", 80) == "redirect HTTPS 443 HTTP_301"
        assert front.target_group(account, "augmed-api")["Protocol"] == "HTTP"

    def test_infrastructure_api_paths_go_to_the_api(self, account: Account) -> None:
        assert front.answer_to(account, ALB, "/api/healthcheck") == "forward to augmed-api"
        assert front.answer_to(account, ALB, "/api/admin/users") == "forward to augmed-api"

    def test_infrastructure_every_other_path_is_hosted_elsewhere_and_answered_404(self, account: Account) -> None:
        assert front.answer_to(account, ALB, "/") == "answer 404"
        assert front.answer_to(account, ALB, "/login") == "answer 404"

    def test_services_the_api_runs_on_fargate_as_augmed_api_service_in_augmed_cluster(self, account: Account) -> None:
        assert aws.services(account, "augmed-cluster") == {"augmed-api-service"}
        service = self.service(account)
        assert (service["launchType"], service["runningCount"]) == ("FARGATE", service["desiredCount"])

    def test_services_the_image_lies_in_the_ecr_repository_augmed_api(self, account: Account) -> None:
        assert set(aws.repositories(account)) == {"augmed-api"}
        assert self.api(account)["image"].startswith(f"{ECR}/augmed-api@sha256:")

    def test_services_the_bucket_for_artefacts_is_private_and_encrypted(self, account: Account) -> None:
        bucket = buckets.bucket(account)
        assert buckets.is_closed_to_the_public(account, bucket)
        assert buckets.encryption(account, bucket)["SSEAlgorithm"] == "AES256"
        assert aws.environment(self.api(account))["S3_BUCKET"] == bucket

    def test_services_the_api_may_read_and_write_artefacts_and_delete_none(self, account: Account) -> None:
        role, bucket = role_name(self.task(account)["taskRoleArn"]), f"arn:aws:s3:::{buckets.bucket(account)}"
        assert rights.may(account, role, "s3:GetObject", f"{bucket}/export.csv")
        assert rights.may(account, role, "s3:PutObject", f"{bucket}/export.csv")
        assert not rights.may(account, role, "s3:DeleteObject", f"{bucket}/export.csv")
        assert not rights.may(account, role, "s3:GetObject", "arn:aws:s3:::another/export.csv")

    def test_services_the_database_is_postgresql_on_rds(self, account: Account) -> None:
        database = self.database(account)
        assert (database["Engine"], database["DBInstanceStatus"]) == ("postgres", "available")
        assert database["Endpoint"]["Port"] == 5432
        assert (database["StorageEncrypted"], database["BackupRetentionPeriod"]) == (True, 7)

    def test_services_the_database_is_private(self, account: Account) -> None:
        database = self.database(account)
        assert database["PubliclyAccessible"] is False
        ids = [each["SubnetIdentifier"] for each in database["DBSubnetGroup"]["Subnets"]]
        assert [subnet.way_out for subnet in network.subnets(account, ids)] == ["", ""]

    def test_services_only_the_api_may_reach_the_database(self, account: Account) -> None:
        (worn,) = self.database(account)["VpcSecurityGroups"]
        (group,) = network.group_names(account, [worn["VpcSecurityGroupId"]])
        assert network.may_enter(account, group) == {(5432, "augmed-api-sg")}
        assert (5432, group) in network.may_leave(account, "augmed-api-sg")

    def test_services_only_the_load_balancer_may_reach_the_api(self, account: Account) -> None:
        assert network.may_enter(account, "augmed-api-sg") == {(5000, "augmed-alb-sg")}
        assert network.may_enter(account, "augmed-alb-sg") == {(80, "anywhere"), (443, "anywhere")}
        assert network.group_names(account, aws.network_of(self.service(account))["securityGroups"]) == {
            "augmed-api-sg"
        }

    def test_nobody_from_outside_reaches_anything_but_the_balancer(self, account: Account) -> None:
        vpc = network.vpc(account, "augmed-vpc")["VpcId"]
        assert network.open_to_the_world(account, vpc) == {("augmed-alb-sg", 80), ("augmed-alb-sg", 443)}

    def test_ci_3_and_4_a_commit_is_released_by_its_sha_as_the_tag_in_a_rolling_deployment(
        self, deployed: Deployment
    ) -> None:
        account = deployed.account
        before = self.service(account)["taskDefinition"]
        released = deployed.release(COMMIT, "augmed-api")
        assert (released.code, released.last["verdict"]) == (0, "ok"), released.stdout[-2000:]
        asked = {"repositoryName": "augmed-api", "imageIds": [{"imageTag": COMMIT}]}
        digest = account.client("ecr").describe_images(**asked)["imageDetails"][0]["imageDigest"]
        assert self.api(account)["image"] == f"{ECR}/augmed-api@{digest}"
        assert self.service(account)["deploymentConfiguration"]["strategy"] == "ROLLING"
        earlier = account.client("ecs").describe_task_definition(taskDefinition=before)["taskDefinition"]
        assert earlier["status"] == "ACTIVE"

    def test_ci_only_main_of_the_repository_may_push_and_update_the_service(self, account: Account) -> None:
        (statement,) = rights.trust(account, "augmed-deploy")
        subject = statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
        assert subject == f"repo:{GITHUB}:ref:refs/heads/main"
        repository = "arn:aws:ecr:us-east-1:000000000000:repository/augmed-api"
        assert rights.may(account, "augmed-deploy", "ecr:PutImage", repository)
        assert rights.may(account, "augmed-deploy", "ecs:UpdateService", SERVICE)
        assert not rights.may(account, "augmed-deploy", "ecr:PutImage", repository.replace("augmed", "other"))
        assert not rights.may(account, "augmed-deploy", "rds:DeleteDBInstance", "*")

    def test_variables_addresses_follow_from_the_database_and_lifetimes_are_three_days(self, account: Account) -> None:
        assert aws.environment(self.api(account)) == {
            "AWS_REGION": "us-east-1",
            "S3_BUCKET": buckets.bucket(account),
            "JWT_ACCESS_TOKEN_EXPIRES": "259200",
            "JWT_REFRESH_TOKEN_EXPIRES": "259200",
            "POSTGRES_USER": self.database(account)["MasterUsername"],
            "POSTGRES_DB": self.database(account)["DBName"],
            "POSTGRES_HOST": self.database(account)["Endpoint"]["Address"],
            "POSTGRES_PORT": "5432",
        }

    def test_variables_what_holds_a_password_is_a_secret(self, account: Account) -> None:
        assert aws.secrets(self.api(account)) == {
            "DATABASE_URL": Secret("secretsmanager", "augmed/production/database-url"),
            "POSTGRES_PASSWORD": Secret("secretsmanager", "augmed/production/database-password"),
            "JWT_SECRET_KEY": Secret("ssm", "/augmed/production/jwt-secret"),
        }

    def test_variables_database_url_names_user_password_host_port_and_database(self, account: Account) -> None:
        database = self.database(account)
        user, host, name = database["MasterUsername"], database["Endpoint"]["Address"], database["DBName"]
        url = aws.secret_value(account, "augmed/production/database-url")
        assert re.match(rf"postgresql://{user}:[^@/]{{16,}}@{re.escape(host)}:5432/{name}(\?|$)", url)
        assert f":{aws.secret_value(account, 'augmed/production/database-password')}@" in url

    def test_variables_the_database_password_is_kept_and_not_rotated_under_running_tasks(
        self, account: Account
    ) -> None:
        assert "MasterUserSecret" not in self.database(account)

    def test_updating_secrets_the_jwt_secret_is_a_strong_securestring_at_its_path(self, account: Account) -> None:
        asked = {"Names": ["/augmed/production/jwt-secret"], "WithDecryption": True}
        (parameter,) = account.client("ssm").get_parameters(**asked)["Parameters"]
        assert parameter["Type"] == "SecureString"
        assert len(parameter["Value"]) >= 43

    def test_updating_secrets_ecs_may_read_these_three_and_no_other(self, account: Account) -> None:
        role = role_name(self.task(account)["executionRoleArn"])
        for name in ("database-url", "database-password"):
            arn = aws.secret_arn(account, f"augmed/production/{name}")
            assert rights.may(account, role, "secretsmanager:GetSecretValue", arn)
        parameter = "arn:aws:ssm:us-east-1:000000000000:parameter/augmed/production/jwt-secret"
        assert rights.may(account, role, "ssm:GetParameters", parameter)
        assert not rights.may(account, role, "ssm:GetParameters", parameter.replace("jwt-secret", "other"))
        assert not rights.may(account, role_name(self.task(account)["taskRoleArn"]), "ssm:GetParameters", parameter)

    def test_docker_flask_listens_on_5000(self, account: Account) -> None:
        assert [each["containerPort"] for each in self.api(account)["portMappings"]] == [5000]
        assert front.target_group(account, "augmed-api")["Port"] == 5000

    def test_migrations_run_at_start_before_the_balancers_verdict_counts(self, account: Account) -> None:
        service = self.service(account)
        assert service["healthCheckGracePeriodSeconds"] >= 120
        assert service["deploymentConfiguration"]["minimumHealthyPercent"] == 100

    def test_migrations_the_receipt_warns_of_destructive_ones(self, deployed: Deployment) -> None:
        assert "drop tables" in deployed.outputs["migrations"]

    def test_health_the_balancer_asks_api_healthcheck_and_200_is_healthy(self, account: Account) -> None:
        group = front.target_group(account, "augmed-api")
        assert (group["HealthCheckPath"], group["Matcher"]) == ("/api/healthcheck", {"HttpCode": "200"})
        assert front.health(account, "augmed-api") == ["healthy"]

    def test_monitoring_flask_logs_to_ecs_augmed_api(self, account: Account) -> None:
        options = self.api(account)["logConfiguration"]
        assert (options["logDriver"], options["options"]["awslogs-group"]) == ("awslogs", "/ecs/augmed-api")
        assert aws.log_groups(account)["/ecs/augmed-api"]["retentionInDays"] == 30

    def test_the_receipt_tells_the_address_and_where_health_is_asked(self, deployed: Deployment) -> None:
        assert deployed.outputs["url"] == f"https://{HOST}"
        assert deployed.outputs["health"] == f"https://{HOST}/api/healthcheck"

    def test_a_second_replay_changes_nothing(self, deployed: Deployment) -> None:
        deployed.is_found_unchanged()

    def test_taken_down_it_leaves_nothing_but_a_final_snapshot(self, deployed: Deployment) -> None:
        deployed.leaves_nothing()
