"""The starters on paper, and where their goldens are kept.

`python -m tests.advice.papers` writes the goldens anew; review what changed.
"""

from __future__ import annotations

import re
from pathlib import Path

from wizard.advice.cost import price_list, price_text
from wizard.advice.paper import Paper, on_paper
from wizard.advice.picture_mermaid import as_mermaid
from wizard.advice.picture_text import as_text
from wizard.advice.topology import topology
from wizard.blueprint.document import Document, load

BLUEPRINTS = Path(__file__).parents[2] / "blueprints"
GOLDEN = Path(__file__).parent / "golden"
STARTERS = (("carepolicy-hub", None), ("fasttriage", "dev"))
"""Those whose goldens are kept."""
ENVIRONMENTS = [
    (file.stem, env)
    for file in sorted(BLUEPRINTS.glob("*.yaml"))
    for env in re.findall(r"^  (dev|prod):", file.read_text(), re.MULTILINE) or [None]
]
"""Every starter in each of its environments."""


def starter(name: str, env: str | None = None, *sets: str, **known: str) -> Paper:
    """A starter in one environment."""
    return on_paper(load(BLUEPRINTS / f"{name}.yaml"), env, sets, **known)


def written(text: str) -> Paper:
    """A blueprint from its text."""
    return on_paper(Document(text, "test.yaml"), None)


def in_existing_vpc() -> Paper:
    """A service in a network that somebody else made, with a rule a path."""
    return written(
        """
blueprint: 1
name: shop
region: eu-central-1
account: "210987654321"
network:
  kind: existing-vpc
  vpc: vpc-0a1b2c3d4e5f60718
  public_subnets: [subnet-0000000a, subnet-0000000b]
  private_subnets: [subnet-0000000c, subnet-0000000d]
ingress:
  kind: alb
  host: www.shop.example.com
  routes: [{path: /api/*, service: web}]
  default: {status: 404}
services:
  web:
    containers:
      web: {image: "ghcr.io/owner/front:1", port: 80}
"""
    )


def goldens(name: str, env: str | None) -> dict[Path, str]:
    """What each golden file of a starter should hold."""
    paper = starter(name, env)
    picture = topology(paper)
    stem = "-".join(filter(None, (name, env)))
    return {
        GOLDEN / f"{stem}.diagram.txt": as_text(picture),
        GOLDEN / f"{stem}.diagram.mmd": as_mermaid(picture),
        GOLDEN / f"{stem}.cost.txt": "\n".join(price_text(price_list(paper))) + "\n",
    }


if __name__ == "__main__":
    for name, env in STARTERS:
        for file, content in goldens(name, env).items():
            file.write_text(content)
