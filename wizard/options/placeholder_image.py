"""The stand-in that a container runs while its own image is not there yet: it answers the health check, or it waits.

It proves the way from the internet to the container, its secrets and its logs before the first image is pushed.
"""

from __future__ import annotations

import posixpath
import shlex

IMAGE = "public.ecr.aws/docker/library/busybox:stable"
_ROOT = "/tmp/www"


def command(port: int | None, health_path: str) -> list[str]:
    """What the stand-in runs: a web server that answers 200 on the health path, or nothing at all."""
    if port is None:
        return ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done"]
    file = _file(health_path)
    serve = f"httpd -f -p {port} -h {_ROOT} & wait"
    pages = " ".join(shlex.quote(page) for page in sorted({f"{_ROOT}/index.html", file}))
    script = (
        f"mkdir -p {shlex.quote(posixpath.dirname(file))}; echo placeholder | tee {pages}; trap 'exit 0' TERM; {serve}"
    )
    return ["sh", "-c", script]


def _file(health_path: str) -> str:
    """The file that busybox's web server sends for a path."""
    path = health_path.partition("?")[0]
    return posixpath.normpath(f"{_ROOT}/{path}{'index.html' if path.endswith('/') else ''}")
