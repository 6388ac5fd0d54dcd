"""Stand-ins for container builders: programs on a PATH of their own that behave as the real ones do, and write down
what they were given. Nothing is built, and no daemon is needed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = """#!{python} -SE
import json, os, sys
from pathlib import Path

name, here = Path(sys.argv[0]).name, Path(__file__).parent
words = sys.argv[1:]
verb = " ".join(words[:2]) if words[0] in ("image", "buildx", "context") else words[0]
given = sys.stdin.read() if verb == "login" else ""
settings = os.environ.get("DOCKER_CONFIG", "")
auth_file = os.environ.get("REGISTRY_AUTH_FILE", "")
auth = Path(auth_file) if auth_file else Path(settings, "config.json") if settings else None
knows = json.loads(auth.read_text()) if auth and auth.is_file() else None
with open(here / "calls.jsonl", "a") as log:
    kept = dict(builder=name, words=words, stdin=given, settings=settings, auth_file=auth_file, knows=knows)
    kept |= {{"docker_host": os.environ.get("DOCKER_HOST", ""), "docker_context": os.environ.get("DOCKER_CONTEXT", "")}}
    log.write(json.dumps(kept) + "\\n")
store = here / "store.json"
images = json.loads(store.read_text()) if store.is_file() else []
failing = json.loads((here / "failing.json").read_text())
if verb in failing:
    print(failing[verb].replace("PASSWORD", given), file=sys.stderr)
    sys.exit(125 if name in ("podman", "buildah") else 1)
if verb == "version":
    print(name, "1.2.3")
elif verb == "buildx version":
    sys.exit(0 if (here / "buildx").is_file() else 1)
elif verb == "context inspect":
    print("unix:///run/somewhere/docker.sock")
elif verb in ("build", "bud"):
    print("STEP 1/2: FROM scratch")
    print("\\x1b[32mprogress 10%\\rprogress 100%\\x1b[0m", file=sys.stderr)
    images.append(words[words.index("--tag") + 1])
    store.write_text(json.dumps(images))
elif verb == "tag":
    images.append(words[2])
    store.write_text(json.dumps(images))
elif verb in ("image inspect", "inspect"):
    if words[-1] not in images:
        print("no such image", file=sys.stderr)
        sys.exit(1)
    print("sha256:" + "1d" * 32)
elif verb == "login":
    # As docker does without a keychain, and one that talks too much.
    auth.write_text(json.dumps({{"auths": {{words[-1]: {{"auth": given}}}}}}))
    print("signed in with " + given)
elif verb == "push":
    print("layer 1: Pushed")
    digest = "sha256:" + "ab" * 32
    if "--digestfile" in words:
        Path(words[words.index("--digestfile") + 1]).write_text(digest)
    elif name == "docker":
        print("v1: digest: " + digest + " size: 528")
"""


@dataclass(frozen=True)
class Bench:
    """A folder on the PATH with the builders that a machine has."""

    folder: Path

    @classmethod
    def with_builders(
        cls, folder: Path, *names: str, buildx: bool = False, failing: dict[str, str] | None = None
    ) -> Bench:
        """Put these builders there; `failing` has the words of each verb that goes wrong."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            program = folder / name
            program.write_text(PROGRAM.format(python=sys.executable))
            program.chmod(0o755)
        if buildx:
            (folder / "buildx").touch()
        bench = cls(folder)
        bench.fail(failing or {})
        return bench

    def fail(self, failing: dict[str, str]) -> None:
        """From now on these verbs go wrong, with these words."""
        (self.folder / "failing.json").write_text(json.dumps(failing))

    @property
    def path(self) -> str:
        """The PATH on which nothing else is found."""
        return str(self.folder)

    @property
    def path_first(self) -> str:
        """The PATH of this process with these builders first."""
        return f"{self.folder}{os.pathsep}{os.environ['PATH']}"

    def calls(self, verb: str = "") -> list[dict[str, Any]]:
        """What was called, oldest first; one verb's calls, or all."""
        file = self.folder / "calls.jsonl"
        lines: Sequence[str] = file.read_text().splitlines() if file.is_file() else ()
        found = [json.loads(line) for line in lines]
        return [each for each in found if not verb or each["words"][0] == verb]

    def words(self, verb: str) -> list[str]:
        """The arguments of the only call of a verb."""
        (call,) = self.calls(verb)
        words: list[str] = call["words"]
        return words
