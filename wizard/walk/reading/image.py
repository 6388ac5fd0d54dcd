"""An image in a registry as an application: all that its address tells."""

from __future__ import annotations

import re

from wizard.walk.reading.finding import App, Finding, Part, Unreadable
from wizard.walk.reading.naming import app_name, part_name

ADDRESS = re.compile(r"[a-z0-9][a-z0-9._:/-]*[a-z0-9](?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?")
ECR = re.compile(r"public\.ecr\.aws/.+|\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/.+")
_TAG = re.compile(r"(?P<name>.+?)(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]*))?(?P<digest>@sha256:[0-9a-f]{64})?")
_KNOWN_PORTS = {"nginx": 80, "httpd": 80, "caddy": 80, "whoami": 80}
"""Well-known images that people try first."""
ALLOWED = "an image with its tag, a folder with a Dockerfile or compose.yaml, or a starter's name"


def looks_like_image(where: str) -> bool:
    """Whether this can be meant as an image: it has a tag or a digest, or begins with a registry's name."""
    first, _, rest = where.partition("/")
    return bool(rest and "." in first) or ":" in where.rsplit("/", 1)[-1] or "@sha256:" in where


def read_image(where: str) -> App:
    """The application that an image holds. Raises `Unreadable` for what no registry takes."""
    where = where.removeprefix("docker://")
    if not ADDRESS.fullmatch(where) or len(where) > 255:
        raise Unreadable(
            f"`{where[:80]}` is no address of an image",
            "lower-case letters, digits and . _ - /, then a tag",
            "ghcr.io/owner/app:1.2",
        )
    matched = _TAG.fullmatch(where)
    tag, digest = (matched["tag"], matched["digest"]) if matched else (None, None)
    bare = (matched["name"] if matched else where).rsplit("/", 1)[-1]
    port = _KNOWN_PORTS.get(bare)
    findings = [Finding("image", where, "what you typed")]
    notes = []
    if port is not None:
        findings.append(Finding(f"port of {part_name(bare)}", str(port), f"known of {bare}"))
    if not digest and tag in (None, "latest"):
        notes.append("`latest` may mean another image tomorrow: a tag such as 1.2 makes a roll-back certain")
    if not ECR.fullmatch(where):
        notes.append("ECS pulls it without a login, so the image must be public")
    part = Part(part_name(bare), where, port=port, health_path="/" if port is not None else "")
    return App(where, "image", app_name(bare), (part,), findings=tuple(findings), notes=tuple(notes))
