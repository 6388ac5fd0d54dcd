"""An EFS file system, which grows and shrinks with its files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import ADDRESS_TAG, Context, Identity, Kind, Live, Properties, Settling, Status
from wizard.errors import AwsError
from wizard.kinds._efs import LEAVING, our_file_systems, status_of
from wizard.kinds._named import Tags, ignoring, owner_of, token_for

GONE = "FileSystemNotFound"
TO_IA = "TransitionToIA"
IA_DAYS = (1, 7, 14, 30, 60, 90, 180, 270, 365)


class FileSystem(Kind):
    """CreationToken makes the create safe to repeat: a second one is refused and tells that the first is there."""

    name = "file_system"
    title = "EFS file system"
    identity = Identity.TOKENED
    found_by = frozenset()
    immutable = frozenset({"encrypted", "kms_key", "performance"})
    uses = frozenset({"kms_key"})
    data = True
    settling = (
        Settling("update", "IncorrectFileSystemLifeCycleState", "", 300),
        Settling("delete", "FileSystemInUse", "", 900),
        Settling("delete", "IncorrectFileSystemLifeCycleState", "", 300),
    )
    iam = {
        "read": (
            "elasticfilesystem:DescribeFileSystems",
            "elasticfilesystem:DescribeBackupPolicy",
            "elasticfilesystem:DescribeLifecycleConfiguration",
        ),
        "create": (
            "elasticfilesystem:CreateFileSystem",
            "elasticfilesystem:TagResource",
            "elasticfilesystem:DescribeFileSystems",
            "elasticfilesystem:PutBackupPolicy",
            "kms:CreateGrant",
            "kms:DescribeKey",
            "kms:GenerateDataKeyWithoutPlaintext",
            "iam:CreateServiceLinkedRole",
        ),
        "update": (
            "elasticfilesystem:TagResource",
            "elasticfilesystem:PutBackupPolicy",
            "elasticfilesystem:DescribeLifecycleConfiguration",
            "elasticfilesystem:PutLifecycleConfiguration",
        ),
        "delete": ("elasticfilesystem:DeleteFileSystem",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The performance mode, and that a key encrypts."""
        found = []
        mode = properties.get("performance")
        if isinstance(mode, str) and mode not in ("generalPurpose", "maxIO"):
            found.append(f"the performance mode of a file system is generalPurpose or maxIO, not {mode}")
        if isinstance(properties.get("kms_key"), str) and properties.get("encrypted") is False:
            found.append("a file system with a KMS key is an encrypted one: kms_key needs encrypted")
        days = properties.get("to_ia_days")
        if isinstance(days, int) and days and days not in IA_DAYS:
            found.append(f"EFS moves files after {', '.join(map(str, IA_DAYS))} days, not after {days}")
        return found

    def create_seconds(self, properties: Properties) -> float:
        """Some seconds."""
        return 5

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid by the gigabyte."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One paged DescribeFileSystems, and a call for each declared setting: backups, and the move of old files."""
        return [
            self._live(context, item, tags, wanted.get(tags.get(ADDRESS_TAG, ""), {}))
            for item, tags in our_file_systems(context)
        ]

    @staticmethod
    def _live(context: Context, item: Mapping[str, Any], tags: Tags, wanted: Properties) -> Live:
        id_, state = item["FileSystemId"], item["LifeCycleState"]
        properties: dict[str, Any] = {
            "name": tags.get("Name", ""),
            "encrypted": item.get("Encrypted", False),
            "kms_key": item.get("KmsKeyId"),
            "performance": item.get("PerformanceMode"),
        }
        if state in LEAVING:
            # On its way out: as a whole it is not what is wanted, so a plan replaces it.
            properties = {"name": properties["name"]}
        else:
            if wanted.get("backups") is not None:
                properties["backups"] = _backed_up(context, id_)
            if wanted.get("to_ia_days") is not None:
                properties["to_ia_days"] = _days_to_ia(_policies(context, id_))
        attributes = {"id": id_, "arn": item["FileSystemArn"], "status": state}
        return Live(tags.get(ADDRESS_TAG, ""), id_, properties, attributes, owner_of(tags))

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Everything in one call; what AWS would choose unsafely, encryption, is always said."""
        creation = token_for(token, properties.get("kms_key"))
        key = {"KmsKeyId": properties["kms_key"]} if properties.get("kms_key") else {}
        try:
            answer = context.aws.write(
                "efs",
                "create_file_system",
                CreationToken=creation,
                PerformanceMode=properties.get("performance") or "generalPurpose",
                Encrypted=bool(properties.get("encrypted")),
                Backup=bool(properties.get("backups")),
                Tags=tag_list(context.scope.tags(address) | {"Name": properties["name"]}),
                **key,
            )
        except AwsError as error:
            if error.code != "FileSystemAlreadyExists":
                raise
            found = context.aws.read("efs", "describe_file_systems", CreationToken=creation)
            answer = found["FileSystems"][0]
        return str(answer["FileSystemId"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """The Name tag, daily backups, and when files that nobody reads move; other moves stay as they are."""
        if "name" in changed:
            tags = tag_list({"Name": properties["name"]})
            context.aws.write("efs", "tag_resource", ResourceId=live.id, Tags=tags)
        if "backups" in changed:
            policy = {"Status": "ENABLED" if properties["backups"] else "DISABLED"}
            context.aws.write("efs", "put_backup_policy", FileSystemId=live.id, BackupPolicy=policy)
        if "to_ia_days" in changed:
            others = [one for one in _policies(context, live.id) if TO_IA not in one]
            days = properties["to_ia_days"]
            policies = [*([{TO_IA: f"AFTER_{days}_DAYS"}] if days else []), *others]
            context.aws.write("efs", "put_lifecycle_configuration", FileSystemId=live.id, LifecyclePolicies=policies)

    def delete(self, context: Context, live: Live) -> None:
        """With its files; the mount targets must be gone."""
        if live.attributes["status"] not in LEAVING:
            with ignoring(GONE):
                context.aws.write("efs", "delete_file_system", FileSystemId=live.id)

    def is_on_its_way(self, live: Live) -> bool:
        """In creation."""
        return live.attributes["status"] not in ("available", "updating")

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """`available` is ready."""
        answer = context.aws.read("efs", "describe_file_systems", FileSystemId=live.id)
        return status_of(answer["FileSystems"][0]["LifeCycleState"], "file system")


def _backed_up(context: Context, id_: str) -> bool:
    with ignoring("PolicyNotFound"):
        policy = context.aws.read("efs", "describe_backup_policy", FileSystemId=id_)["BackupPolicy"]
        return policy["Status"] in ("ENABLED", "ENABLING")
    return False


def _policies(context: Context, id_: str) -> list[Mapping[str, str]]:
    answer = context.aws.read("efs", "describe_lifecycle_configuration", FileSystemId=id_)
    return list(answer.get("LifecyclePolicies") or ())


def _days_to_ia(policies: list[Mapping[str, str]]) -> int:
    """After how many days files move to Infrequent Access; 0 for never."""
    after = next((one[TO_IA] for one in policies if TO_IA in one), "AFTER_0_DAYS")
    return int(after.split("_")[1])
