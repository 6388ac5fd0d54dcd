"""A small sound blueprint that tests bend and break, and ways to look at the outcome."""

from __future__ import annotations

import textwrap
from pathlib import Path

from wizard.blueprint.document import Document
from wizard.blueprint.environments import problems_of, resolve
from wizard.blueprint.model import Blueprint
from wizard.blueprint.problems import Problem

BLUEPRINTS = Path(__file__).parents[2] / "blueprints"
STARTERS = tuple(sorted(path.stem for path in BLUEPRINTS.glob("*.yaml")))

SMALL = textwrap.dedent(
    """\
    blueprint: 1
    name: shop
    region: us-east-1
    ingress:
      kind: alb
      host: shop.example.com
      routes:
        - service: web
    services:
      web:
        containers:
          web:
            image: ghcr.io/owner/shop:1.2
            port: 8080
    """
)


def sample(*, replace: tuple[str, str] | None = None, add: str = "") -> Document:
    """The small blueprint with one piece replaced and lines added at its end."""
    text = SMALL
    if replace is not None:
        assert replace[0] in text, f"{replace[0]!r} is not in the sample"
        text = text.replace(*replace, 1)
    return Document(text + textwrap.dedent(add), "shop.yaml")


def blueprint(*, replace: tuple[str, str] | None = None, add: str = "", env: str | None = None) -> Blueprint:
    """The blueprint of a sample, which must be sound."""
    return resolve(sample(replace=replace, add=add), env)[0]


def problems(*, replace: tuple[str, str] | None = None, add: str = "") -> list[Problem]:
    """The problems of a sample."""
    return problems_of(sample(replace=replace, add=add))


def told(found: list[Problem]) -> str:
    """The problems as a person reads them."""
    return "\n".join(str(problem) for problem in found)
