"""The builders that machines have, each with its command line: docker, finch, nerdctl, podman, buildah.

Six verbs: build, holds, tag, login, push, logout. A registry's password goes to `login` on stdin and into a folder
that is gone when the push ends; the person's own logins are neither used nor changed by a push.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from wizard.errors import NeedsPerson, PreflightError
from wizard.images.process import Ended, Told, asked, run, stop_all

NAMES = ("docker", "finch", "nerdctl", "podman", "buildah")
"""In the order in which they are tried."""
PATIENCE_S = 8.0
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_open_folders: set[Path] = set()
"""Where logins are at this moment."""
_TOLD_DIGEST = re.compile(r"digest:\s*(sha256:[0-9a-f]{64})")


@dataclass(frozen=True)
class Login:
    """How to sign in to a registry."""

    host: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Order:
    """One image to build."""

    reference: str
    platform: str
    context: Path
    dockerfile: Path
    target: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Builder:
    """A builder that answered."""

    name: str
    path: str
    has_buildx: bool = False
    """docker's newer builder; without it the older one of the daemon builds."""

    @property
    def _keeps_digest_file(self) -> bool:
        """podman and buildah write the digest into a file; the others tell it in their last line."""
        return self.name in ("podman", "buildah")

    def build(self, order: Order, told: Told) -> Ended:
        """Build one image for one platform, into the builder's own store."""
        words: list[str | Path] = [self.path, "bud" if self.name == "buildah" else "build"]
        words += ["--progress=plain", "--load"] if self.has_buildx else []
        words += ["--platform", order.platform, "--file", order.dockerfile, "--tag", order.reference]
        words += ["--target", order.target] if order.target else []
        for name, value in order.arguments.items():
            words += ["--build-arg", f"{name}={value}"]
        return run([*words, order.context], told)

    def id_of(self, reference: str) -> str:
        """The id of an image in the builder's store; empty when it has none of that name."""
        words = ["inspect", "--type", "image", "--format", "{{.FromImageID}}"]
        words = words if self.name == "buildah" else ["image", "inspect", "--format", "{{.Id}}"]
        answer = asked([self.path, *words, reference], PATIENCE_S)
        return answer.lines[-1].removeprefix("sha256:") if answer.code == 0 and answer.lines else ""

    def tag(self, reference: str, other: str) -> Ended:
        """Give an image another name."""
        return asked([self.path, "tag", reference, other], PATIENCE_S)

    @contextmanager
    def signed_in(self, login: Login, told: Told) -> Iterator[SignedIn]:
        """Sign in for as long as the block lasts, in a folder of its own. Raises `NeedsPerson` when refused."""
        with _folder() as folder:
            environment = self._environment(folder, login.host)
            words = [self.path, "login", "--username", login.user, "--password-stdin", login.host]
            # docker warns that the password is stored; it is, for as long as this block lasts.
            ended = run(words, _nobody, stdin=login.password, environment=environment, hidden=[login.password])
            if ended.code != 0:
                raise NeedsPerson(
                    f"{self.name} could not sign in to {login.host}",
                    evidence=ended.text or f"exit code {ended.code}",
                    safe="nothing was pushed; no password was left on this computer",
                    next_step=f"look whether {self.name} reaches {login.host}, then run the same command again",
                )
            told(f"signed in to {login.host}")
            try:
                yield SignedIn(self, folder, environment)
            finally:
                # finch keeps logins in a machine of its own, which the folder does not reach.
                asked([self.path, "logout", login.host], PATIENCE_S, environment)

    def _environment(self, folder: Path, host: str) -> dict[str, str]:
        found = dict(os.environ)
        if self._keeps_digest_file:
            file = folder / "auth.json"
            file.write_text("{}")
            return found | {"REGISTRY_AUTH_FILE": str(file)}
        # A folder of settings without a login makes docker look for the keychain: the entry keeps it from that.
        (folder / "config.json").write_text(json.dumps({"auths": {host: {}}}))
        if self.name == "docker" and not found.get("DOCKER_HOST") and (daemon := self._daemon()):
            found["DOCKER_HOST"] = daemon
        found.pop("DOCKER_CONTEXT", None)
        return found | {"DOCKER_CONFIG": str(folder)}

    def _daemon(self) -> str:
        """Where the daemon of docker's current context is: another folder of settings knows no context."""
        answer = asked([self.path, "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"], PATIENCE_S)
        return answer.lines[-1] if answer.code == 0 and answer.lines else ""


@dataclass(frozen=True)
class SignedIn:
    """A builder that a registry knows for a while."""

    builder: Builder
    folder: Path
    environment: Mapping[str, str] = field(repr=False)

    def push(self, reference: str, told: Told) -> tuple[Ended, str]:
        """Push one image; its digest where the builder tells it."""
        words: list[str | Path] = [self.builder.path, "push"]
        file = self.folder / "digest"
        words += ["--digestfile", file] if self.builder._keeps_digest_file else []
        ended = run([*words, reference], told, environment=self.environment)
        if file.is_file():
            return ended, next(iter(DIGEST.findall(file.read_text())), "")
        found = _TOLD_DIGEST.findall(ended.text)
        return ended, found[-1] if found else ""


def leave_nothing() -> None:
    """End builders that run, and remove what they were signed in with: for a process that leaves at once."""
    stop_all()
    for folder in list(_open_folders):
        shutil.rmtree(folder, ignore_errors=True)


atexit.register(leave_nothing)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="pilotage-login-"))
    _open_folders.add(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _open_folders.discard(folder)


def _nobody(line: str) -> None:
    """Nobody needs to read it."""


def find_builder(names: Sequence[str] = NAMES) -> Builder:
    """The first builder that is installed and answers; raises `PreflightError` when there is none."""
    silent: list[str] = []
    for name in names:
        path = shutil.which(name)
        if path is None:
            continue
        answer = asked([path, "version"], PATIENCE_S)
        if answer.code == 0:
            buildx = name == "docker" and asked([path, "buildx", "version"], PATIENCE_S).code == 0
            return Builder(name, path, buildx)
        silent.append(f"{name} is installed and does not answer: {answer.lines[-1] if answer.lines else 'no words'}")
    raise PreflightError(
        "no container builder answers on this computer",
        evidence="\n".join(silent) or f"none of {', '.join(names)} is installed",
        safe="nothing was built or pushed",
        next_step="start it (docker: Docker Desktop, or sudo systemctl start docker), or install one: "
        "https://podman.io/docs/installation; or let CI build and push; or name an image that exists: image: ADDRESS",
    )
