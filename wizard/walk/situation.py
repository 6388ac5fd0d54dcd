"""What a question may look at: the application as it was read, and the answers that hold so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from wizard.blueprint.document import Document
from wizard.question import Variables
from wizard.walk.answers import Answers
from wizard.walk.reading import App
from wizard.walk.reading.finding import Hint
from wizard.walk.reading.starters import FOLDER, is_starter, siblings
from wizard.walk.reading.variables import role_of

ECS, EXPRESS, APP_RUNNER = "ecs-fargate", "ecs-express", "app-runner"
MADE_DATABASES = ("rds-postgres", "aurora-postgres", "documentdb")
"""Databases that have a host, a user and a password."""
NO_PORT = "none"
NOTHING_READ = App("", "", "")


@dataclass(frozen=True)
class Situation:
    """One moment of a walk. Answers that were not given yet are read as their cautious default."""

    answers: Answers = field(default_factory=Answers)
    read: App = NOTHING_READ
    region_given: str = ""
    """The Region, where the command line or the environment says it."""

    @cached_property
    def app(self) -> App:
        """The application, with the port that was told where none was read."""
        if "listens" in self.answers:
            port, health = listening(self.answers.text("listens"))
            return self.read.listening(port, health)
        return self.read

    @property
    def is_starter(self) -> bool:
        """Whether a complete blueprint is edited rather than one written."""
        return self.app.form == "starter"

    @cached_property
    def starter(self) -> Document:
        """The chosen starter: the one that runs on the chosen compute, where there are several. It is only read."""
        where = self.app.where
        if is_starter(where):
            other = siblings(where).get(self.answers.text("compute"), where)
            if other != where:
                return _document((FOLDER / f"{other}.yaml").read_text("utf-8"), f"{other}.yaml")
        return _document(self.app.starter, f"{self.app.name}.yaml")

    @property
    def name(self) -> str:
        """Name of the application."""
        return self.answers.text("name", self.app.name)

    @property
    def region(self) -> str:
        """Region in which everything is made."""
        return self.answers.text("region", self.region_given or self._starter_region or "us-east-1")

    @property
    def _starter_region(self) -> str:
        return str(self.starter.get(("region",), "")) if self.is_starter else ""

    @property
    def compute(self) -> str:
        """What it runs on."""
        return self.answers.text("compute", ECS)

    @property
    def network(self) -> str:
        """The choice about the network."""
        return self.answers.text("network", "public")

    @property
    def storage(self) -> str:
        """The choice about files."""
        return self.answers.text("storage", "none")

    @property
    def broker(self) -> str:
        """The choice about the broker."""
        return self.answers.text("broker", "none")

    @property
    def database(self) -> str:
        """The choice about the database."""
        return self.answers.text("database", "none")

    @property
    def watching(self) -> str:
        """The choice about alarms and hardening."""
        return self.answers.text("watching", "logs")

    @property
    def environments(self) -> str:
        """The choice about environments; of a starter, the environment that is made first."""
        return self.answers.text("environments", "one")

    @property
    def environment(self) -> str:
        """The environment that is made first."""
        if self.is_starter:
            names = self.starter_environments
            chosen = self.answers.text("environments")
            return chosen if chosen in names else names[0]
        return {"dev-prod": "dev", "dev-staging-prod": "dev"}.get(self.environments, "main")

    @cached_property
    def starter_environments(self) -> tuple[str, ...]:
        """The environments of the starter."""
        from wizard.blueprint.environments import environment_names

        return environment_names(self.starter)

    @property
    def host(self) -> str:
        """The host name. Until it is said, one is assumed where a load balancer will be needed."""
        needed = self.compute == ECS and bool(self.app.web) and not self.is_starter
        return self.answers.text("domain", f"{self.name}.example.com" if needed else "")

    @property
    def variables(self) -> Variables:
        """What becomes of the variables."""
        found = self.answers.get("secrets")
        return found.value if found is not None and isinstance(found.value, Variables) else Variables()

    @property
    def has_load_balancer(self) -> bool:
        """Whether a load balancer of ours answers."""
        return self.compute == ECS and bool(self.app.web) and bool(self.host)

    @property
    def has_address(self) -> bool:
        """Whether the application will have a URL."""
        return self.has_load_balancer or (self.compute != ECS and bool(self.app.web))

    @property
    def makes_database(self) -> bool:
        """Whether a database with a host, a user and a password is made here."""
        return self.database in MADE_DATABASES

    def hint(self, need: str, *kinds: str) -> Hint | None:
        """The first hint for a need, of these kinds where some are named."""
        return next((each for each in self.app.hints if each.need == need and (not kinds or each.kind in kinds)), None)

    def names_for(self, role: str) -> tuple[str, ...]:
        """The application's own names for a value that follows from what is made, such as `database-uri`."""
        given = self.variables
        known = [each.name for each in self.app.variables]
        names = dict.fromkeys([*known, *given.secret, *given.generated, *given.plain])
        return tuple(name for name in names if role_of(name) == role)


@lru_cache(maxsize=16)
def _document(text: str, file: str) -> Document:
    """Parsed once: every key press asks for it."""
    return Document(text, file)


def listening(text: str) -> tuple[int | None, str]:
    """Port and health path of an answer such as `8080/health`; no port for a worker."""
    if text == NO_PORT:
        return None, ""
    port, slash, path = text.strip().removeprefix(":").partition("/")
    return int(port), f"/{path}" if slash else "/"


def section(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A section of plain data, empty when it is not there."""
    found = data.get(name)
    return found if isinstance(found, Mapping) else {}
