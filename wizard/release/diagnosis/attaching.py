"""Causes that keep a file system, a volume or a network interface from being attached to a task."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Rule, event_says, says

EFS = r"(?:efs|nfs4?|EFSVolume)"

RULES: tuple[Rule, ...] = (
    Rule(
        "file system access point missing",
        says(rf"{EFS}.*access point.*(?:not exist|not found|failed to locate|does not)", r"AccessPointNotFound"),
        "the EFS access point of the task does not exist",
        "aws efs describe-access-points --query AccessPoints[].[AccessPointId,FileSystemId,LifeCycleState]",
        final=True,
    ),
    Rule(
        "file system access denied",
        says(rf"{EFS}.*(?:access denied by server|AccessDenied|not authorized|permission denied)"),
        "EFS refuses the task: the task role, the file system's policy or the access point does not allow the mount",
        "aws efs describe-file-system-policy --file-system-id FILE_SYSTEM",
        final=True,
    ),
    Rule(
        "file system name not resolved",
        says(
            r"Failed to resolve \"?(?P<host>[\w.-]*efs[\w.-]*)",
            rf"{EFS}.*(?:Failed to resolve|name or service not known|cannot resolve)",
            rf"{EFS}.*mount target.*(?:not exist|not found)",
        ),
        "the name of the EFS file system cannot be resolved: it has no mount target in the task's zone, or the VPC has "
        "no DNS names",
        "aws efs describe-mount-targets --file-system-id FILE_SYSTEM "
        "--query MountTargets[].[AvailabilityZoneName,LifeCycleState]",
        final=True,
    ),
    Rule(
        "file system directory missing",
        says(rf"{EFS}.*No such file or directory"),
        "the directory that the task mounts does not exist on the EFS file system",
        "aws efs describe-access-points --file-system-id FILE_SYSTEM   (an access point can create its directory)",
        final=True,
    ),
    Rule(
        "file system not reachable",
        says(
            rf"{EFS}.*(?:timed out|timeout|connection reset|connection refused|deadline exceeded|terminated)",
            rf"{EFS}.*(?:mount\.nfs4|stunnel|exit status)",
        ),
        "the EFS file system does not answer: the security group of its mount target must let in port 2049",
        "aws efs describe-mount-target-security-groups --mount-target-id MOUNT_TARGET",
    ),
    Rule(
        "volume cannot be attached",
        says(r"CannotCreateVolumeError", r"(?:EBS|volume).*(?:attach|creat)\w*.*(?:fail|error|timed? ?out|unable)"),
        "a volume of the task cannot be made or attached",
        final=True,
    ),
    Rule(
        "no free addresses",
        event_says(r"insufficient ?free ?(?:IP ?)?addresses", r"not have enough (?:free|available) (?:IP )?addresses"),
        "the subnets have no free IP address for another task",
        "aws ec2 describe-subnets --query Subnets[].[SubnetId,AvailableIpAddressCount]",
        final=True,
    ),
    Rule(
        "network interface quota reached",
        event_says(
            r"NetworkInterfaceLimitExceeded",
            r"(?:limit|quota|maximum) (?:on|of|for|number of)(?: the)?(?: number of)? network interfaces",
        ),
        "the account's quota of network interfaces in this Region is used up",
        "aws service-quotas request-service-quota-increase --service-code vpc --quota-code L-DF5E4CA3 "
        "--desired-value NUMBER",
        final=True,
    ),
    Rule(
        "subnet missing",
        event_says(r"InvalidSubnetID\.NotFound", r"subnet ID '?(?P<subnet>subnet-\w+)'? does not exist"),
        "a subnet of the service no longer exists: {subnet}",
        "aws ec2 describe-subnets --query Subnets[].[SubnetId,VpcId,CidrBlock]",
        final=True,
    ),
    Rule(
        "security group missing",
        event_says(
            r"InvalidGroup\.NotFound",
            r"InvalidSecurityGroupID\.NotFound",
            r"security group '?(?P<group>sg-\w+)'? does not exist",
        ),
        "a security group of the service no longer exists: {group}",
        "aws ec2 describe-security-groups --query SecurityGroups[].[GroupId,GroupName]",
        final=True,
    ),
    Rule(
        "network interface not ready",
        event_says(
            r"network interface provisioning",
            r"(?:setup|set up|configure|create|attach)\w* (?:regular |the )?(?:ENI|network interface)",
            r"netplugin|ipamd?.*fail",
            r"RESOURCE:ENI",
        ),
        "AWS could not give the task its network interface; it tries again",
        "aws ec2 describe-subnets --query Subnets[].[SubnetId,AvailableIpAddressCount]",
    ),
)
