"""FastTriage: `dev` is cheap and has its MongoDB elsewhere, `prod` is hardened and has DocumentDB."""

from __future__ import annotations

import re

from tests.systems import account as aws
from tests.systems import front, network
from tests.systems.account import Account, Facts
from tests.systems.deployment import Deployment, Starter
from tests.systems.fasttriage import FastTriage

SHA = "9d2f6b1c0a8e7f5d4c3b2a190f8e7d6c5b4a3921"


class TestDev(FastTriage):
    starter = Starter(
        "fasttriage.yaml", "fasttriage/dev", frozenset({"task_definition", "secret"}), ("--env", "dev"), most_calls=40
    )
    env = "dev"
    host = "fasttriage-dev.example.com"

    def test_3_one_nat_gateway_in_all_is_cheaper(self, account: Account) -> None:
        assert len(network.nat_gateways(account)) == 1

    def test_6a_mongodb_is_atlas_at_the_address_that_was_given(self, account: Account) -> None:
        assert aws.secret_value(account, "fasttriage/dev/mongo-uri").startswith("mongodb+srv://")
        assert account.every("docdb", "describe_db_clusters", "DBClusters") == []
        for part in ("backend-sg", "worker-sg"):
            assert (27017, "anywhere") in network.may_leave(account, self.named(part))

    def test_6a_the_nat_addresses_to_allow_in_atlas_are_told(self, account: Account, deployed: Deployment) -> None:
        (gateway,) = network.nat_gateways(account)
        assert deployed.outputs["nat_addresses"] == gateway["NatGatewayAddresses"][0]["PublicIp"]

    def test_9_1_one_backend_runs_and_is_healthy(self, account: Account) -> None:
        backend = self.service(account, "backend")
        assert (backend["desiredCount"], backend["runningCount"]) == (1, 1)
        assert front.health(account, self.named("backend")) == ["healthy"]

    def test_16_the_broker_is_a_single_small_instance(self, account: Account) -> None:
        broker = self.broker(account)
        assert (broker["DeploymentMode"], broker["HostInstanceType"]) == ("SINGLE_INSTANCE", "mq.m7g.medium")

    def test_dev_logs_are_kept_a_month(self, account: Account) -> None:
        kept = {
            aws.log_groups(account)[f"/ecs/{self.named(part)}"]["retentionInDays"] for part in ("backend", "worker")
        }
        assert kept == {30}

    def test_13_and_15_a_release_has_the_commit_as_its_tag_and_the_earlier_revision_stays(
        self, deployed: Deployment
    ) -> None:
        account = deployed.account
        before = {part: self.service(account, part)["taskDefinition"] for part in ("backend", "worker")}
        released = deployed.release(SHA, "fasttriage-backend", "fasttriage-llm-worker")
        assert (released.code, released.last["verdict"]) == (0, "ok"), released.stdout[-2000:]
        for part, earlier in before.items():
            assert self.service(account, part)["taskDefinition"] != earlier
            found = account.client("ecs").describe_task_definition(taskDefinition=earlier)["taskDefinition"]
            assert found["status"] == "ACTIVE"

    def test_a_second_replay_changes_nothing(self, deployed: Deployment) -> None:
        deployed.is_found_unchanged()

    def test_taken_down_it_leaves_nothing(self, deployed: Deployment) -> None:
        deployed.leaves_nothing()


class TestProd(FastTriage):
    starter = Starter(
        "fasttriage.yaml",
        "fasttriage/prod",
        frozenset({"task_definition", "secret", "db_cluster"}),
        ("--env", "prod"),
        fewer_secrets=frozenset({"MONGO_URI"}),
    )
    env = "prod"
    host = "fasttriage.example.com"

    def database(self, account: Account) -> Facts:
        return account.the("docdb", "describe_db_clusters", "DBClusters")

    def test_3_one_nat_gateway_stands_in_each_zone_and_serves_its_own(self, account: Account) -> None:
        gateways = {nat["NatGatewayId"]: nat["SubnetId"] for nat in network.nat_gateways(account)}
        subnets = self.subnets(account)
        zone_of = {subnet.id: subnet.zone for subnet in subnets}
        assert len(gateways) == 2
        assert all(zone_of[gateways[s.way_out]] == s.zone for s in subnets if not s.is_public)

    def test_5_the_broker_is_a_cluster(self, account: Account) -> None:
        assert self.broker(account)["DeploymentMode"] == "CLUSTER_MULTI_AZ"

    def test_6b_documentdb_stands_in_private_subnets_by_a_subnet_group(self, account: Account) -> None:
        database = self.database(account)
        assert (database["Engine"], database["Status"], database["Port"]) == ("docdb", "available", 27017)
        asked = {"DBSubnetGroupName": database["DBSubnetGroup"]}
        group = account.the("docdb", "describe_db_subnet_groups", "DBSubnetGroups", **asked)
        assert {each["SubnetIdentifier"] for each in group["Subnets"]} == self.private(account)

    def test_6b_only_the_tasks_may_reach_it(self, account: Account) -> None:
        (worn,) = self.database(account)["VpcSecurityGroups"]
        assert network.group_names(account, [worn["VpcSecurityGroupId"]]) == {self.named("database-sg")}
        both = {self.named("backend-sg"), self.named("worker-sg")}
        assert network.may_enter(account, self.named("database-sg")) == {(27017, group) for group in both}
        for group in both:
            assert (27017, self.named("database-sg")) in network.may_leave(account, group)
            assert (27017, "anywhere") not in network.may_leave(account, group)

    def test_6b_it_is_encrypted_kept_seven_days_and_protected_with_two_instances(self, account: Account) -> None:
        database = self.database(account)
        assert (database["StorageEncrypted"], database["DeletionProtection"]) == (True, True)
        assert (database["BackupRetentionPeriod"], len(database["DBClusterMembers"])) == (7, 2)

    def test_6b_mongo_uri_is_composed_of_its_address_over_tls(self, account: Account) -> None:
        uri = aws.secret_value(account, "fasttriage/prod/mongo-uri")
        address = re.escape(self.database(account)["Endpoint"])
        assert re.match(rf"mongodb://fasttriage:[^@/]{{8,}}@{address}:27017/fasttriage\?.*tls=true", uri)
        assert "retryWrites=false" in uri

    def test_9_1_two_backends_run_and_are_healthy(self, account: Account) -> None:
        backend = self.service(account, "backend")
        assert (backend["desiredCount"], backend["runningCount"]) == (2, 2)
        assert front.health(account, self.named("backend")) == ["healthy", "healthy"]

    def test_12_the_balancer_is_watched_for_5xx_and_for_fewer_healthy_targets_than_desired(
        self, account: Account
    ) -> None:
        for metric in ("HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"):
            (alarm,) = aws.watches(account, metric)
            assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 10)
        (alarm,) = aws.watches(account, "HealthyHostCount")
        assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 2)

    def test_12_cpu_and_memory_of_both_services_are_watched_above_80_sustained(self, account: Account) -> None:
        for part in ("backend", "worker"):
            for metric in ("CPUUtilization", "MemoryUtilization"):
                where = {"ClusterName": self.named("cluster"), "ServiceName": self.named(part)}
                (alarm,) = [each for each in aws.watches(account, metric, **where) if each["Statistic"] == "Average"]
                assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 80)
                assert alarm["EvaluationPeriods"] * alarm["Period"] >= 300

    def test_12_queue_depth_cpu_and_memory_of_the_broker_are_watched(self, account: Account) -> None:
        for metric in ("MessageReadyCount", "SystemCpuUtilization", "RabbitMQMemUsed"):
            (alarm,) = aws.watches(account, metric, Broker=self.named("broker"))
            assert alarm["Namespace"] == "AWS/AmazonMQ"

    def test_17_a_worker_that_does_not_run_raises_an_alarm(self, account: Account) -> None:
        where = {"ClusterName": self.named("cluster"), "ServiceName": self.named("worker")}
        watching = aws.watches(account, "CPUUtilization", **where)
        (alarm,) = [each for each in watching if each["Statistic"] == "SampleCount"]
        # ECS reports the CPU of each task once a minute: no report means no task.
        assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
        assert alarm["TreatMissingData"] == "breaching"

    def test_12_every_alarm_tells_the_topic(self, account: Account, deployed: Deployment) -> None:
        topic = deployed.outputs["alarm_topic"]
        assert [each["TopicArn"] for each in account.every("sns", "list_topics", "Topics")] == [topic]
        assert {action for alarm in aws.alarms(account) for action in alarm["AlarmActions"]} == {topic}

    def test_12_logs_are_kept_a_year(self, account: Account) -> None:
        kept = {
            aws.log_groups(account)[f"/ecs/{self.named(part)}"]["retentionInDays"] for part in ("backend", "worker")
        }
        assert kept == {365}

    def test_14_5_a_firewall_stands_before_the_balancer(self, account: Account) -> None:
        arn = front.balancer(account, self.named("alb"))["LoadBalancerArn"]
        acl = account.client("wafv2").get_web_acl_for_resource(ResourceArn=arn)["WebACL"]
        managed = {rule["Statement"]["ManagedRuleGroupStatement"]["Name"] for rule in acl["Rules"]}
        assert "AWSManagedRulesCommonRuleSet" in managed

    def test_2_prod_is_hardened_the_balancer_cannot_be_deleted_by_accident(self, account: Account) -> None:
        arn = front.balancer(account, self.named("alb"))["LoadBalancerArn"]
        assert front.attributes(account, arn)["deletion_protection.enabled"] == "true"

    def test_a_second_replay_changes_nothing(self, deployed: Deployment) -> None:
        deployed.is_found_unchanged()

    def test_taken_down_it_leaves_nothing_but_a_final_snapshot(self, deployed: Deployment) -> None:
        deployed.leaves_nothing()
