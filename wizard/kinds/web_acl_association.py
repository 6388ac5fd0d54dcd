"""The association of a web ACL with a load balancer."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.engine.kind import Context, Identity, Kind, Live, Properties
from wizard.errors import AwsError
from wizard.kinds import _web_acls
from wizard.kinds._named import ignoring, owner_of

BALANCER = "APPLICATION_LOAD_BALANCER"


class WebAclAssociation(Kind):
    """A load balancer has one web ACL at most, and AWS would replace a stranger's without a word.

    So the association belongs to whom the ACL belongs to that stands there now. One that is no longer wanted is found
    through our ACLs, and counts only when the load balancer is ours as well.
    """

    name = "web_acl_association"
    title = "WAF association"
    identity = Identity.NAMED
    found_by = frozenset({"resource"})
    found_with = frozenset({"web_acl"})
    immutable = frozenset({"resource"})
    uses = frozenset({"web_acl", "load_balancer"})
    settling = _web_acls.UNAVAILABLE
    iam = {
        "read": ("wafv2:GetWebACLForResource", "wafv2:ListResourcesForWebACL", "wafv2:ListTagsForResource"),
        "create": ("wafv2:AssociateWebACL", "elasticloadbalancing:SetWebAcl"),
        "update": ("wafv2:AssociateWebACL", "elasticloadbalancing:SetWebAcl"),
        "delete": ("wafv2:DisassociateWebACL", "elasticloadbalancing:SetWebAcl"),
    }

    def create_seconds(self, properties: Properties) -> float:
        """WAF is often not ready for a new load balancer at once."""
        return 10

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid with the web ACL."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One read for each load balancer, and one for each ACL of ours."""
        addresses = {one["resource"]: at for at, one in wanted.items() if isinstance(one.get("resource"), str)}
        found = [self._live(context, address, resource) for resource, address in addresses.items()]
        lives = [live for live in found if live is not None]
        for acl in context.index.arns("web_acl").values() if context.neighbours else ():
            lives += [
                self._of(context, f"{self.name}.{resource.split('/')[-2]}", resource, acl)
                for resource in self._resources(context, acl)
                if resource not in addresses
                and owner_of(context.index.tags(resource) or {}) == context.scope.deployment
            ]
        return lives

    @staticmethod
    def _resources(context: Context, acl: str) -> list[str]:
        with ignoring(*_web_acls.GONE):
            answer = context.aws.read("wafv2", "list_resources_for_web_acl", WebACLArn=acl, ResourceType=BALANCER)
            return list(answer.get("ResourceArns", ()))
        return []

    def _live(self, context: Context, address: str, resource: str) -> Live | None:
        try:
            answer = context.aws.read("wafv2", "get_web_acl_for_resource", ResourceArn=resource)
        except AwsError as error:
            if error.code not in _web_acls.GONE:
                raise
            return None
        acl = answer.get("WebACL")
        return self._of(context, address, resource, acl["ARN"]) if acl else None

    @staticmethod
    def _of(context: Context, address: str, resource: str, acl: str) -> Live:
        properties = {"web_acl": acl, "resource": resource}
        return Live(address, resource, properties, {"id": resource}, owner_of(_web_acls.tags(context, acl)))

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Associating again with the same ACL changes nothing."""
        self._associate(context, properties)
        return str(properties["resource"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Another ACL takes the place of the one before without a gap."""
        self._associate(context, properties)

    @staticmethod
    def _associate(context: Context, properties: Properties) -> None:
        acl, resource = properties["web_acl"], properties["resource"]
        context.aws.write("wafv2", "associate_web_acl", WebACLArn=acl, ResourceArn=resource)

    def delete(self, context: Context, live: Live) -> None:
        """By the load balancer."""
        with ignoring(*_web_acls.GONE):
            context.aws.write("wafv2", "disassociate_web_acl", ResourceArn=live.id)
