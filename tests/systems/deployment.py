"""A starter that stands in a practice account: replayed when a test first needs it, kept for the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.acceptance.practice import SECRETS, Finished, Practice, is_left
from tests.systems.account import Account

MAY_STAY = ("snapshot", "cluster-snapshot")
LOGBOOK = "s3://pilotage-000000000000-us-east-1-an"


@dataclass(frozen=True)
class Starter:
    """A starter's file and environment, and what else its replay is told."""

    file: str
    name: str
    kept: frozenset[str]
    """What its removal leaves, by the kind in the address, besides the logbook: each with a reason in the receipt."""
    options: tuple[str, ...] = ()
    more_secrets: Mapping[str, str] = field(default_factory=dict)
    fewer_secrets: frozenset[str] = frozenset()
    most_calls: int | None = None


class Deployment:
    """One starter in an account of its own; made on first need, and again when it was taken down."""

    def __init__(self, practice: Practice, account: Account, starter: Starter, secrets_file: Path) -> None:
        self._practice = practice
        self._starter = starter
        self._account = account
        self._secrets_file = secrets_file
        self._made: Finished | None = None
        self._moved = False

    @property
    def account(self) -> Account:
        """The account in which the starter stands."""
        self._stand()
        return self._account

    @property
    def outputs(self) -> dict[str, str]:
        """What the replay told at its end."""
        return next(line["detail"] for line in self._stand().lines if line["type"] == "outputs")

    @property
    def told(self) -> str:
        """Every word of the replay."""
        return self._stand().stdout

    def release(self, tag: str, *repositories: str) -> Finished:
        """Push an image under this tag to each repository and replay with it.

        The next test finds the starter as it was before.
        """
        self._stand()
        manifest = f'{{"schemaVersion": 2, "layers": [], "annotations": {{"commit": "{tag}"}}}}'
        media = "application/vnd.oci.image.manifest.v1+json"
        image = {"imageTag": tag, "imageManifest": manifest, "imageManifestMediaType": media}
        for repository in repositories:
            self._account.client("ecr").put_image(repositoryName=repository, **image)
        self._moved = True
        return self._replay("--yes", "--tag", tag)

    def is_found_unchanged(self) -> None:
        """Replay again: nothing is changed, and not many questions are asked."""
        self._stand()
        before = self._practice.last_call()
        again = self._replay("--yes")
        assert (again.code, again.last["verdict"]) == (0, "no_changes"), again.stdout[-2500:]
        calls = self._practice.calls_since(before)
        assert [call for call in calls if call["mutating"]] == []
        if self._starter.most_calls is not None:
            assert len(calls) <= self._starter.most_calls, [f"{c['service']}:{c['operation']}" for c in calls]

    def leaves_nothing(self) -> None:
        """Take it down with its data; what stays is what AWS remembers or was to be kept, each with its reason."""
        if self._made is None:
            self._stand()
        gone = self._practice.run("destroy", self._starter.name, "--sandbox", "--yes", "--yes-delete-data", "--json")
        self._made, self._moved = None, False
        assert (gone.code, gone.last["verdict"]) == (0, "ok"), gone.stderr + gone.stdout[-2500:]
        left = [item for item in self._practice.inventory() if is_left(item)]
        assert [item for item in left if not _may_stay(item)] == []
        kept = gone.last["detail"]["kept"]
        assert {address.split(".")[0] for address in kept} == self._starter.kept | {LOGBOOK}
        assert all(kept.values())

    def _stand(self) -> Finished:
        if self._made is None:
            self._practice.reset()
            made = self._replay("--no-input")
            assert (made.code, made.last["verdict"]) == (0, "ok"), made.stderr + made.stdout[-2500:]
            self._made = made
        elif self._moved:
            back = self._replay("--yes")
            assert (back.code, back.last["verdict"]) == (0, "ok"), back.stderr + back.stdout[-2500:]
            self._moved = False
        return self._made

    def _replay(self, *more: str) -> Finished:
        lines = SECRETS.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if line.split("=")[0] not in self._starter.fewer_secrets]
        given = [f"{name}={value}" for name, value in self._starter.more_secrets.items()]
        self._secrets_file.write_text("\n".join([*kept, *given]), encoding="utf-8")
        options = (*self._starter.options, "--secrets-file", str(self._secrets_file))
        return self._practice.replay(self._starter.file, *more, *options)


def _may_stay(item: Mapping[str, object]) -> bool:
    """A secret or key scheduled for deletion, a database's final snapshot, the log groups that App Runner makes."""
    name = str(item["name"])
    going = item.get("deletion_date") or item.get("status") == "PendingDeletion"
    snapshot = item["type"] in MAY_STAY and "-final-" in name
    return bool(going) or snapshot or (item["type"] == "log-group" and name.startswith("/aws/apprunner/"))
