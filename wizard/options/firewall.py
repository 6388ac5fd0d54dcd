"""AWS WAF in front of the load balancer: AWS's own rules against common attacks, kept current by AWS."""

from __future__ import annotations

from wizard.blueprint.model import Alb
from wizard.engine.graph import Resource
from wizard.engine.values import Ref
from wizard.options.site import MAIN, Site

_RULES = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
)


def add(site: Site) -> Site:
    """Add the web ACL and put it in front."""
    if not isinstance(site.blueprint.ingress, Alb) or not site.blueprint.ingress.waf:
        return site
    rules = Resource("web_acl", MAIN, {"name": site.name("waf"), "managed_rules": list(_RULES), "metrics": True})
    balancer = Ref(f"load_balancer.{MAIN}", "arn")
    return site.plus(rules, Resource("web_acl_association", MAIN, {"web_acl": rules.ref("arn"), "resource": balancer}))
