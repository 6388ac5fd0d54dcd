"""Which ARNs AWS looks at for a call, where a kind has several sorts (AWS's service authorization reference)."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

_FITS = (
    ("apprunner:*AutoScalingConfiguration*", "*:autoscalingconfiguration/*"),
    ("apprunner:[DLPR]*", "*:service/*"),
    ("ec2:CreateNetworkInterfacePermission", "*:network-interface/*"),
    ("ec2:*NetworkInterface*", "*:network-interface/* *:security-group/* *:subnet/*"),
    ("ec2:*tachInternetGateway", "*:internet-gateway/* *:vpc/*"),
    ("ec2:*InternetGateway", "*:internet-gateway/*"),
    ("ec2:CreateNatGateway", "*:natgateway/* *:elastic-ip/* *:subnet/* *:vpc/*"),
    ("ec2:DeleteNatGateway", "*:natgateway/*"),
    ("ec2:*RouteTableAssociation", "*:route-table/* *:subnet/*"),
    ("ec2:*ssociateRouteTable", "*:route-table/* *:subnet/*"),
    ("ec2:CreateRouteTable", "*:route-table/* *:vpc/*"),
    ("ec2:DeleteRouteTable", "*:route-table/*"),
    ("ec2:*Route", "*:route-table/*"),
    ("ec2:DeleteFlowLogs", "*:vpc-flow-log/*"),
    ("ec2:DeleteSubnet", "*:subnet/*"),
    ("ec2:ModifySubnetAttribute", "*:subnet/*"),
    ("ec2:DeleteVpcEndpoints", "*:vpc-endpoint/*"),
    ("ec2:ModifyVpcEndpoint", "*:vpc-endpoint/* *:route-table/* *:security-group/* *:subnet/*"),
    ("ec2:CreateSecurityGroup", "*"),
    ("ec2:UpdateSecurityGroupRuleDescriptions*", "*:security-group/*"),
    ("ec2:*SecurityGroup*", "*:security-group*/*"),
    ("ecs:RunTask", "*:task-definition/*"),
    ("ecs:StopTask", "*:task/*"),
    ("ecs:ListServiceDeployments", "*:service/*"),
    ("ecs:*ServiceDeployment*", "*:service/* *:service-deployment/*"),
    ("ecs:*ServiceRevision*", "*:service/* *:service-revision/*"),
    ("ecs:*Service*", "*:service/*"),
    ("ecs:*agResource", "*:cluster/* *:service/* *:task/* *:task-definition/*"),
    ("elasticfilesystem:CreateAccessPoint", "*:file-system/*"),
    ("elasticfilesystem:DeleteAccessPoint", "*:access-point/*"),
    ("elasticloadbalancing:CreateListener", "*:loadbalancer/*"),
    ("elasticloadbalancing:CreateRule", "*:listener/*"),
    ("elasticloadbalancing:*Listener", "*:listener/*"),
    ("elasticloadbalancing:*Rule", "*:listener-rule/*"),
    ("kms:*Alias", "*"),
    ("kms:*", "*:key/*"),
    ("logs:GetLogEvents", "*:log-group:*:[*]"),
    ("rds:*DBClusterParameter*", "*:cluster-pg:*"),
    ("rds:*DBParameter*", "*:pg:*"),
    ("rds:*DBSnapshot", "*:db:* *:snapshot:*"),
    ("rds:*DBClusterSnapshot", "*:cluster:* *:cluster-snapshot:*"),
    ("rds:DeleteDBInstance", "*:db:*"),
    ("rds:DeleteDBCluster", "*:cluster:* *:cluster-snapshot:*"),
    ("rds:*DBInstance", "*:db:* *:cluster:* *:pg:* *:subgrp:*"),
    ("rds:*DBCluster", "*:cluster:* *:cluster-pg:* *:subgrp:*"),
    ("s3:*Object*", "*/[*]"),
    ("s3:AbortMultipartUpload", "*/[*]"),
    ("s3:*", "*[!*]"),
    ("wafv2:DisassociateWebACL", "*:loadbalancer/*"),
    ("wafv2:*ssociateWebACL", "*:loadbalancer/* */webacl/*"),
    ("wafv2:List*", "*/webacl/*"),
)
"""The first pattern of calls that fits says which ARNs count; without one all do. `[*]` is an asterisk of an ARN."""


def fitting(action: str, arns: Iterable[str]) -> list[str]:
    """Those of a kind's ARNs that AWS looks at for a call: any other one would be a right to nothing."""
    fits = next((words for pattern, words in _FITS if fnmatchcase(action, pattern)), "*").split()
    return [arn for arn in arns if any(fnmatchcase(arn, pattern) for pattern in fits)]
