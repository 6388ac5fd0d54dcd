"""Rung: `dev` is small, `prod` has what its guide lists for production; HIPAA asks the same of both."""

from __future__ import annotations

from tests.systems import account as aws
from tests.systems import buckets, front, rights
from tests.systems.account import Account, Facts
from tests.systems.deployment import Deployment, Starter
from tests.systems.rung import Rung


class TestDev(Rung):
    starter = Starter(
        "rung.yaml", "rung/dev", frozenset({"task_definition", "kms_key", "db_instance"}), ("--env", "dev")
    )
    env = "dev"
    host = "rung-dev.example.com"
    says = "dev"
    size = ("512", "1024")
    tasks = (1, 3)

    def test_cost_dev_has_the_smallest_database_without_a_second_one(self, account: Account) -> None:
        database = self.database(account)
        assert (database["DBInstanceClass"], database["MultiAZ"]) == ("db.t4g.micro", False)
        assert (database["DeletionProtection"], database["BackupRetentionPeriod"]) == (False, 7)

    def test_a_second_replay_changes_nothing(self, deployed: Deployment) -> None:
        deployed.is_found_unchanged()

    def test_taken_down_it_leaves_nothing_but_a_final_snapshot(self, deployed: Deployment) -> None:
        deployed.leaves_nothing()


class TestProd(Rung):
    starter = Starter(
        "rung.yaml", "rung/prod", frozenset({"task_definition", "kms_key", "db_instance"}), ("--env", "prod")
    )
    env = "prod"
    host = "rung.example.com"
    says = "production"
    size = ("1024", "2048")
    tasks = (2, 6)

    def test_ci_cd_4_a_new_version_is_released_blue_green_and_the_old_one_waits(self, account: Account) -> None:
        deployment = self.service(account)["deploymentConfiguration"]
        assert deployment["strategy"] == "BLUE_GREEN"
        assert deployment["bakeTimeInMinutes"] >= 5

    def pool(self, account: Account) -> Facts:
        cognito = account.client("cognito-idp")
        (one,) = cognito.list_user_pools(MaxResults=10)["UserPools"]
        return dict(cognito.describe_user_pool(UserPoolId=one["Id"])["UserPool"])

    def test_production_3_users_sign_in_with_cognito_by_invitation_and_a_second_factor(self, account: Account) -> None:
        pool = self.pool(account)
        assert pool["MfaConfiguration"] == "ON"
        assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
        assert pool["DeletionProtection"] == "ACTIVE"

    def test_production_3_sign_in_returns_to_the_application(self, account: Account, deployed: Deployment) -> None:
        cognito, pool = account.client("cognito-idp"), self.pool(account)["Id"]
        (one,) = cognito.list_user_pool_clients(UserPoolId=pool)["UserPoolClients"]
        asked = {"UserPoolId": pool, "ClientId": one["ClientId"]}
        client = cognito.describe_user_pool_client(**asked)["UserPoolClient"]
        assert client["CallbackURLs"] == [f"https://{self.host}/auth/callback"]
        assert client["AllowedOAuthFlows"] == ["code"]
        assert deployed.outputs["sign_in"].endswith(".auth.us-east-1.amazoncognito.com")

    def test_production_4_the_database_is_protected_doubled_and_kept_35_days(self, account: Account) -> None:
        database = self.database(account)
        assert (database["DeletionProtection"], database["MultiAZ"]) == (True, True)
        assert database["BackupRetentionPeriod"] == 35

    def test_production_5_cloudtrail_records_every_region_with_validation_and_the_own_key(
        self, account: Account
    ) -> None:
        trail = account.the("cloudtrail", "describe_trails", "trailList")
        assert (trail["IsMultiRegionTrail"], trail["LogFileValidationEnabled"]) == (True, True)
        assert trail["KmsKeyId"] == self.key(account)
        assert account.client("cloudtrail").get_trail_status(Name=trail["TrailARN"])["IsLogging"] is True

    def test_production_5_its_bucket_is_private_encrypted_and_written_by_cloudtrail(self, account: Account) -> None:
        bucket = account.the("cloudtrail", "describe_trails", "trailList")["S3BucketName"]
        assert buckets.is_closed_to_the_public(account, bucket)
        assert buckets.encryption(account, bucket)["KMSMasterKeyID"] == self.key(account)
        assert not buckets.takes_plain_http(account, bucket)
        file = f"arn:aws:s3:::{bucket}/AWSLogs/000000000000/CloudTrail/today.json.gz"
        assert not rights.may(account, self.code(account), "s3:GetObject", file)

    def test_production_6_alarms_have_a_topic_with_the_own_key(self, account: Account, deployed: Deployment) -> None:
        topic = deployed.outputs["alarm_topic"]
        found = account.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
        assert found["KmsMasterKeyId"] == self.key(account)

    def test_observability_a_monthly_budget_watches_the_bill(self, account: Account) -> None:
        budget = account.the("budgets", "describe_budgets", "Budgets", AccountId="000000000000")
        assert (budget["TimeUnit"], budget["BudgetType"]) == ("MONTHLY", "COST")
        assert float(budget["BudgetLimit"]["Amount"]) == 600

    def test_the_balancer_cannot_be_deleted_by_accident_and_has_a_firewall(self, account: Account) -> None:
        arn = front.balancer(account, self.named("alb"))["LoadBalancerArn"]
        assert front.attributes(account, arn)["deletion_protection.enabled"] == "true"
        acl = account.client("wafv2").get_web_acl_for_resource(ResourceArn=arn)["WebACL"]
        assert [rule for rule in acl["Rules"] if "ManagedRuleGroupStatement" in rule["Statement"]]

    def test_alarms_fewer_healthy_targets_than_the_least_are_told(self, account: Account) -> None:
        (alarm,) = aws.watches(account, "HealthyHostCount")
        assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 2)

    def test_a_second_replay_changes_nothing(self, deployed: Deployment) -> None:
        deployed.is_found_unchanged()

    def test_taken_down_it_leaves_nothing_but_a_final_snapshot(self, deployed: Deployment) -> None:
        deployed.leaves_nothing()
