"""The sentences of CarePolicy Hub's document that hold wherever it runs: on ECS, App Runner or Express."""

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from tests.acceptance.practice import SECRETS
from tests.systems import account as aws
from tests.systems import buckets, rights
from tests.systems.account import Account, Secret
from tests.systems.deployment import Deployment, Starter

ECR = "000000000000.dkr.ecr.us-east-1.amazonaws.com"
REPOSITORY = "arn:aws:ecr:us-east-1:000000000000:repository/"
REQUIRED = {
    "SECRET_KEY": Secret("secretsmanager", "carepolicy-hub/secret-key"),
    "JWT_SECRET": Secret("secretsmanager", "carepolicy-hub/jwt-secret"),
    "GROQ_API_KEY": Secret("secretsmanager", "carepolicy-hub/groq-api-key"),
}
SIGN_IN = {
    "GOOGLE_CLIENT_ID": Secret("secretsmanager", "carepolicy-hub/google-client-id"),
    "GOOGLE_CLIENT_SECRET": Secret("secretsmanager", "carepolicy-hub/google-client-secret"),
    "MS_CLIENT_ID": Secret("secretsmanager", "carepolicy-hub/ms-client-id"),
    "MS_CLIENT_SECRET": Secret("secretsmanager", "carepolicy-hub/ms-client-secret"),
}


@dataclass(frozen=True)
class Running:
    """What runs, in words that fit all three ways."""

    cpu: str
    memory: str
    port: int
    image: str
    environment: dict[str, str]
    secrets: dict[str, Secret]
    health_path: str
    code_role: str
    pulling_role: str
    secret_reading_role: str
    log_group: str


class CarePolicyHub:
    """What the document says of the container, its secrets, its bucket and its rights."""

    starter: ClassVar[Starter]
    secrets: ClassVar[dict[str, Secret]] = REQUIRED

    @abstractmethod
    def running(self, account: Account) -> Running:
        """What runs in the account."""

    def test_3_1_the_repository_is_carepolicy_hub_and_scans_on_push(self, account: Account) -> None:
        (repository,) = aws.repositories(account).values()
        assert repository["repositoryUri"] == f"{ECR}/carepolicy-hub"
        assert repository["imageScanningConfiguration"] == {"scanOnPush": True}

    def test_3_6_the_image_is_the_one_tagged_v1_in_that_repository(self, account: Account) -> None:
        asked = {"repositoryName": "carepolicy-hub", "imageIds": [{"imageTag": "v1"}]}
        digest = account.client("ecr").describe_images(**asked)["imageDetails"][0]["imageDigest"]
        assert self.running(account).image == f"{ECR}/carepolicy-hub@{digest}"

    def test_1_1_the_container_listens_on_5001(self, account: Account) -> None:
        assert self.running(account).port == 5001

    def test_3_6_it_has_1024_cpu_units_and_2048_mb(self, account: Account) -> None:
        assert (self.running(account).cpu, self.running(account).memory) == ("1024", "2048")

    def test_3_7_and_3_8_its_health_is_asked_at_health(self, account: Account) -> None:
        assert self.running(account).health_path == "/health"

    def test_3_5_it_has_the_required_and_the_s3_variables_and_no_other(
        self, account: Account, deployed: Deployment
    ) -> None:
        # Neither AWS_ACCESS_KEY_ID nor AWS_SECRET_ACCESS_KEY: the role has access.
        assert self.running(account).environment == {
            "ENVIRONMENT": "production",
            "DEBUG": "false",
            "PORT": "5001",
            "APP_BASE_URL": deployed.outputs["url"],
            "STORAGE_BACKEND": "s3",
            "S3_BUCKET": buckets.bucket(account),
            "AWS_REGION": "us-east-1",
        }

    def test_3_5_secrets_come_from_secrets_manager_under_the_names_of_3_2(self, account: Account) -> None:
        assert self.running(account).secrets == self.secrets
        assert aws.secret_names(account) == {secret.name for secret in self.secrets.values()}

    def test_1_2_no_secret_stands_in_a_plain_variable(self, account: Account) -> None:
        plain = set(self.running(account).environment.values())
        assert plain.isdisjoint(aws.secret_value(account, secret.name) for secret in self.secrets.values())

    def test_3_2_the_flask_and_jwt_secrets_are_32_random_bytes_each(self, account: Account) -> None:
        flask, jwt = (aws.secret_value(account, f"carepolicy-hub/{name}") for name in ("secret-key", "jwt-secret"))
        assert re.fullmatch(r"[\w-]{43,}", flask)
        assert re.fullmatch(r"[\w-]{43,}", jwt)
        assert flask != jwt

    def test_3_2_the_groq_key_is_the_one_that_was_given(self, account: Account) -> None:
        assert f"GROQ_API_KEY={aws.secret_value(account, 'carepolicy-hub/groq-api-key')}\n" in SECRETS.read_text()

    def test_3_3_the_bucket_is_versioned_encrypted_and_private_in_us_east_1(self, account: Account) -> None:
        bucket = buckets.bucket(account)
        assert buckets.keeps_old_versions(account, bucket)
        assert buckets.encryption(account, bucket)["SSEAlgorithm"] == "AES256"
        assert buckets.is_closed_to_the_public(account, bucket)
        assert buckets.region(account, bucket) == "us-east-1"

    def test_3_4_the_code_may_read_write_and_list_its_bucket(self, account: Account) -> None:
        role, bucket = self.running(account).code_role, f"arn:aws:s3:::{buckets.bucket(account)}"
        assert rights.may(account, role, "s3:GetObject", f"{bucket}/policy.pdf")
        assert rights.may(account, role, "s3:PutObject", f"{bucket}/policy.pdf")
        assert rights.may(account, role, "s3:ListBucket", bucket)

    def test_3_4_the_code_may_delete_nothing_and_touch_no_other_bucket(self, account: Account) -> None:
        role, bucket = self.running(account).code_role, f"arn:aws:s3:::{buckets.bucket(account)}"
        assert not rights.may(account, role, "s3:DeleteObject", f"{bucket}/policy.pdf")
        assert not rights.may(account, role, "s3:DeleteBucket", bucket)
        assert not rights.may(account, role, "s3:GetObject", "arn:aws:s3:::another/policy.pdf")

    def test_3_4_secrets_are_read_by_their_arn_and_no_other_secret_is(self, account: Account) -> None:
        role, read = self.running(account).secret_reading_role, "secretsmanager:GetSecretValue"
        assert all(rights.may(account, role, read, aws.secret_arn(account, s.name)) for s in self.secrets.values())
        assert not rights.may(account, role, read, "arn:aws:secretsmanager:us-east-1:000000000000:secret:other-AbCdEf")
        own = aws.secret_arn(account, "carepolicy-hub/jwt-secret")
        assert not rights.may(account, role, "secretsmanager:PutSecretValue", own)

    def test_3_4_the_image_is_pulled_from_its_repository_and_no_other(self, account: Account) -> None:
        role = self.running(account).pulling_role
        assert rights.may(account, role, "ecr:GetAuthorizationToken", "*")
        for action in ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"):
            assert rights.may(account, role, action, f"{REPOSITORY}carepolicy-hub")
            assert not rights.may(account, role, action, f"{REPOSITORY}another")
        assert not rights.may(account, role, "ecr:PutImage", f"{REPOSITORY}carepolicy-hub")

    def test_3_4_what_pulls_the_image_and_what_the_code_may_are_roles_apart(self, account: Account) -> None:
        running = self.running(account)
        assert running.pulling_role != running.code_role
        assert not rights.may(account, running.code_role, "ecr:BatchGetImage", f"{REPOSITORY}carepolicy-hub")
        bucket = f"arn:aws:s3:::{buckets.bucket(account)}/policy.pdf"
        assert not rights.may(account, running.pulling_role, "s3:GetObject", bucket)

    def test_2_container_logs_go_to_cloudwatch(self, account: Account) -> None:
        assert self.running(account).log_group in aws.log_groups(account)

    def test_3_8_the_receipt_tells_the_redirect_uris_of_google_and_microsoft(self, deployed: Deployment) -> None:
        outputs = deployed.outputs
        assert outputs["url"].startswith("https://")
        assert outputs["google_redirect"] == f"{outputs['url']}/auth/callback/google"
        assert outputs["microsoft_redirect"] == f"{outputs['url']}/auth/callback/microsoft"

    def test_2_there_is_no_database_and_no_broker(self, account: Account) -> None:
        assert account.every("rds", "describe_db_instances", "DBInstances") == []
        assert account.every("mq", "list_brokers", "BrokerSummaries") == []
