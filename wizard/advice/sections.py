"""Which section of a blueprint a kind of resource belongs to."""

from __future__ import annotations

OTHER = "other"
_KINDS = {
    "network": "vpc subnet internet_gateway elastic_ip nat_gateway route_table vpc_endpoint security_group "
    "security_group_rule flow_log",
    "ingress": "load_balancer target_group listener listener_rule certificate certificate_validation hosted_zone "
    "record web_acl web_acl_association",
    "services": "cluster service migration task_definition repository image scalable_target scaling_policy "
    "app_runner_service app_runner_scaling vpc_connector express_service",
    "broker": "broker queue",
    "database": "db_instance db_cluster db_cluster_instance db_subnet_group db_parameter_group table",
    "storage": "bucket file_system mount_target access_point",
    "secrets": "secret parameter kms_key",
    "rights": "role oidc_provider user_pool user_pool_client user_pool_domain",
    "watching": "log_group alarm topic subscription trail budget",
}
SECTIONS = (*_KINDS, OTHER)
"""In the order in which a deployment is explained."""
_SECTION_OF = {kind: section for section, kinds in _KINDS.items() for kind in kinds.split()}


def section_of(kind: str) -> str:
    """The section of a kind; `other` for one that has no place of its own."""
    return _SECTION_OF.get(kind, OTHER)
