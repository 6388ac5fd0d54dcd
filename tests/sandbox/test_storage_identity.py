"""Secrets, buckets, images, roles, log groups: the rules that AWS has and moto has not."""

from __future__ import annotations

import hashlib
import json

from tests.sandbox.conftest import ACCOUNT, Aws

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
READ = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]})
EXECUTION_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"


def test_the_name_of_a_secret_that_waits_for_deletion_is_taken(aws: Aws) -> None:
    secrets = aws.client("secretsmanager")
    secrets.create_secret(Name="app", SecretString="one")
    secrets.delete_secret(SecretId="app", RecoveryWindowInDays=7)
    code, message = aws.refusal("secretsmanager", "create_secret", Name="app", SecretString="two")
    assert (code, "already scheduled for deletion" in message) == ("InvalidRequestException", True)
    code, _ = aws.refusal("secretsmanager", "put_secret_value", SecretId="app", SecretString="two")
    assert code == "InvalidRequestException"
    secrets.restore_secret(SecretId="app")
    secrets.put_secret_value(SecretId="app", SecretString="two")
    assert secrets.get_secret_value(SecretId="app")["SecretString"] == "two"


def test_the_token_of_a_secret_stands_for_its_value(aws: Aws) -> None:
    token = "0" * 32
    made = aws.client("secretsmanager").create_secret(Name="app", SecretString="one", ClientRequestToken=token)
    again = aws.client("secretsmanager").create_secret(Name="app", SecretString="one", ClientRequestToken=token)
    assert again["ARN"] == made["ARN"]
    code, _ = aws.refusal("secretsmanager", "create_secret", Name="app", SecretString="two", ClientRequestToken=token)
    assert code == "ResourceExistsException"


def test_a_new_bucket_is_encrypted_and_closed(aws: Aws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="plain-bucket")
    rules = s3.get_bucket_encryption(Bucket="plain-bucket")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    block = s3.get_public_access_block(Bucket="plain-bucket")["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    public = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::plain-bucket/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [public]})
    assert aws.refusal("s3", "put_bucket_policy", Bucket="plain-bucket", Policy=policy)[0] == "AccessDenied"
    s3.delete_public_access_block(Bucket="plain-bucket")
    s3.put_bucket_policy(Bucket="plain-bucket", Policy=policy)


def test_a_bucket_of_the_accounts_own_namespace_has_a_name_that_says_so(aws: Aws) -> None:
    s3 = aws.client("s3")
    name = f"logs-{ACCOUNT}-us-east-1-an"
    tags = [{"Key": "owner", "Value": "me"}]
    s3.create_bucket(Bucket=name, BucketNamespace="account-regional", CreateBucketConfiguration={"Tags": tags})
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == tags
    assert aws.refusal("s3", "create_bucket", Bucket="logs-elsewhere", BucketNamespace="account-regional")


def test_objects_come_back_as_they_were_put_and_hold_their_bucket(aws: Aws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="plain-bucket")
    s3.put_object(Bucket="plain-bucket", Key="a folder/ü.bin", Body=bytes(range(256)), Metadata={"some_key": "x"})
    found = s3.get_object(Bucket="plain-bucket", Key="a folder/ü.bin")
    assert (found["Body"].read(), found["Metadata"]) == (bytes(range(256)), {"some_key": "x"})
    code, _ = aws.refusal("s3", "put_object", Bucket="plain-bucket", Key="a folder/ü.bin", Body=b"", IfNoneMatch="*")
    assert code == "PreconditionFailed"
    assert aws.refusal("s3", "head_object", Bucket="plain-bucket", Key="none")[0] == "404"
    assert aws.refusal("s3", "delete_bucket", Bucket="plain-bucket")[0] == "BucketNotEmpty"


def test_a_new_repository_has_the_images_of_a_first_ci_run(aws: Aws) -> None:
    ecr = aws.client("ecr")
    ecr.create_repository(repositoryName="app")
    images = ecr.batch_get_image(
        repositoryName="app", imageIds=[{"imageTag": tag} for tag in ("latest", "v1", "main", "v2")]
    )
    assert [failure["failureCode"] for failure in images["failures"]] == ["ImageNotFound"]
    digests = {image["imageId"]["imageTag"]: image["imageId"]["imageDigest"] for image in images["images"]}
    assert set(digests) == {"latest", "v1", "main"}
    for image in images["images"]:
        expected = hashlib.sha256(image["imageManifest"].encode()).hexdigest()
        assert image["imageId"]["imageDigest"] == f"sha256:{expected}"
    assert aws.refusal("ecr", "delete_repository", repositoryName="app")[0] == "RepositoryNotEmptyException"
    ecr.delete_repository(repositoryName="app", force=True)
    ecr.create_repository(repositoryName="app")
    again = ecr.describe_images(repositoryName="app", imageIds=[{"imageTag": "v1"}])["imageDetails"]
    assert again[0]["imageDigest"] == digests["v1"]


def test_a_pushed_image_has_the_digest_of_its_manifest(aws: Aws) -> None:
    ecr = aws.client("ecr")
    ecr.create_repository(repositoryName="app")
    manifest = '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json"}'
    put = ecr.put_image(repositoryName="app", imageTag="v2", imageManifest=manifest)["image"]["imageId"]
    assert put["imageDigest"] == f"sha256:{hashlib.sha256(manifest.encode()).hexdigest()}"
    code, _ = aws.refusal("ecr", "put_image", repositoryName="none", imageTag="v2", imageManifest=manifest)
    assert code == "RepositoryNotFoundException"


def test_awss_own_policies_can_be_attached_and_hold_the_role(aws: Aws) -> None:
    iam = aws.client("iam")
    iam.create_role(RoleName="tasks", AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(RoleName="tasks", PolicyArn=EXECUTION_POLICY)
    code, _ = aws.refusal("iam", "attach_role_policy", RoleName="tasks", PolicyArn=f"{EXECUTION_POLICY}X")
    assert code == "NoSuchEntity"
    assert aws.refusal("iam", "delete_role", RoleName="tasks")[0] == "DeleteConflict"
    iam.detach_role_policy(RoleName="tasks", PolicyArn=EXECUTION_POLICY)
    iam.put_role_policy(RoleName="tasks", PolicyName="own", PolicyDocument=READ)
    assert aws.refusal("iam", "delete_role", RoleName="tasks")[0] == "DeleteConflict"
    iam.delete_role_policy(RoleName="tasks", PolicyName="own")
    iam.delete_role(RoleName="tasks")


def test_service_linked_roles_are_there_and_out_of_reach(aws: Aws) -> None:
    code, _ = aws.refusal("iam", "create_service_linked_role", AWSServiceName="ecs.amazonaws.com")
    assert code == "InvalidInput"
    assert aws.refusal("iam", "delete_role", RoleName="AWSServiceRoleForECS")[0] == "UnmodifiableEntity"


def test_a_trust_policy_names_principals_that_exist(aws: Aws) -> None:
    stranger = TRUST.replace('{"Service": "ecs-tasks.amazonaws.com"}', f'{{"AWS": "arn:aws:iam::{ACCOUNT}:role/no"}}')
    for document in (stranger, "not json"):
        code, _ = aws.refusal("iam", "create_role", RoleName="x", AssumeRolePolicyDocument=document)
        assert code == "MalformedPolicyDocument"


def test_a_policy_in_use_or_with_versions_is_not_deleted(aws: Aws) -> None:
    iam = aws.client("iam")
    arn = iam.create_policy(PolicyName="own", PolicyDocument=READ)["Policy"]["Arn"]
    iam.create_role(RoleName="tasks", AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(RoleName="tasks", PolicyArn=arn)
    assert aws.refusal("iam", "delete_policy", PolicyArn=arn)[0] == "DeleteConflict"
    iam.detach_role_policy(RoleName="tasks", PolicyArn=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=READ)
    assert aws.refusal("iam", "delete_policy", PolicyArn=arn)[0] == "DeleteConflict"


def test_log_groups_keep_logs_for_days_on_the_list_and_can_be_protected(aws: Aws) -> None:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="/app", deletionProtectionEnabled=True)
    code, _ = aws.refusal("logs", "put_retention_policy", logGroupName="/app", retentionInDays=31)
    assert code == "InvalidParameterException"
    logs.put_retention_policy(logGroupName="/app", retentionInDays=30)
    assert aws.refusal("logs", "delete_log_group", logGroupName="/app")[0] == "ValidationException"
    logs.put_log_group_deletion_protection(logGroupIdentifier="/app", deletionProtectionEnabled=False)
    logs.delete_log_group(logGroupName="/app")
