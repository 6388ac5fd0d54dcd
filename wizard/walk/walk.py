"""Where a person stands in the walk. Immutable: every step gives a new `Walk`, and nothing that was said is lost."""

from __future__ import annotations

import secrets as randomness
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from wizard.question import Asked, Question, Value, Variables, Wrong
from wizard.walk.answers import YOU, Answer, Answers
from wizard.walk.edits import starter_secrets, variable_of
from wizard.walk.glossary import explained
from wizard.walk.placing import placement
from wizard.walk.questions import MOST, order_for
from wizard.walk.questions.application import is_region
from wizard.walk.questions.secrets import optional_of, secrets_of
from wizard.walk.reading import App, Unreadable, read_app
from wizard.walk.shown import shown
from wizard.walk.situation import NOTHING_READ, Situation
from wizard.walk.values import Pasted, SecretStore, pasted

REVIEW = "review"
DROPPABLE = "environments"
"""What is not asked when there would be more than twelve decisions: it is easily added to the file later."""


@dataclass(frozen=True)
class Step:
    """One question on the trail: `done`, `here` or `ahead`, and its answer in a word or two."""

    id: str
    label: str
    state: str
    shown: str = ""


@dataclass(frozen=True)
class Unfolded:
    """What the given answers come to, question by question."""

    situation: Situation
    order: tuple[Question[Situation], ...]
    """The questions that are asked."""
    before: Mapping[str, Situation]
    """What was known when each question came."""
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Walk:
    """Given answers, and the question at which somebody stands. Values of secrets are in `values` alone."""

    given: Answers = field(default_factory=Answers)
    at: str = "app"
    region: str = ""
    read: App = NOTHING_READ
    values: SecretStore = field(default_factory=SecretStore)
    id: str = field(default_factory=lambda: randomness.token_hex(4))

    @classmethod
    def begin(cls, region: str | None = None, where: str | None = None) -> Walk | Wrong:
        """A new walk; with `where` the first question is answered, and with `region` that of the Region."""
        if region and not is_region(region):
            return Wrong(f"`{region}` is no Region", "an AWS Region", "us-east-1")
        walk = cls(region=region or "")
        return walk.answer(where) if where else walk

    @cached_property
    def _unfolded(self) -> Unfolded:
        return unfold(self.given, self.read, self.region)

    @property
    def situation(self) -> Situation:
        """All that holds now: answers that fit, in their order."""
        return self._unfolded.situation

    @property
    def app(self) -> App:
        """The application as it was read."""
        return self.situation.app

    @property
    def notes(self) -> tuple[str, ...]:
        """Answers that a change made void, in words. They are kept, and hold again when the change is taken back."""
        return self._unfolded.notes

    @property
    def at_review(self) -> bool:
        """Whether everything was asked."""
        return self.at == REVIEW

    @property
    def question(self) -> Question[Situation]:
        """The question here. Raises KeyError at the review."""
        return {each.id: each for each in self._unfolded.order}[self.at]

    def asked(self) -> Asked:
        """The question here as it stands now."""
        return self.question.asked(self._here)

    @property
    def _here(self) -> Situation:
        return self._unfolded.before[self.at]

    def current(self) -> Value:
        """What to select or fill in: the answer that holds, otherwise what is offered."""
        answer = self.situation.answers.get(self.at)
        return answer.value if answer is not None else self.asked().default

    def glossary(self) -> tuple[tuple[str, str], ...]:
        """The words of the question here, each in two plain sentences."""
        return explained(self.question.words)

    def steps(self) -> tuple[Step, ...]:
        """The trail of all questions."""
        found = []
        for question in self._unfolded.order:
            answer = self.situation.answers.get(question.id)
            state = "here" if question.id == self.at else "done" if answer is not None else "ahead"
            found.append(Step(question.id, question.short or question.id, state, shown(answer.value) if answer else ""))
        return tuple(found)

    def understood(self, typed: str) -> Value | Wrong:
        """What somebody typed as a value; nothing typed means what stands there already."""
        if not typed.strip():
            value = self.current()
            return self.problem(value) or value
        return self.question.understood(self._here, typed)

    def problem(self, value: Value) -> Wrong | None:
        """Why a value cannot be the answer here."""
        return self.question.problem(self._here, value)

    def take(self, typed: str) -> Walk | Wrong:
        """Answer with what somebody typed."""
        value = self.understood(typed)
        return value if isinstance(value, Wrong) else self.answer(value)

    def answer(self, value: Value, because: str = YOU) -> Walk | Wrong:
        """Answer and go on to the next question that has none, or to the review."""
        wrong = self.problem(value)
        if wrong is not None:
            return wrong
        asked = self.asked()
        # What was offered and taken keeps the reason for which it was offered.
        offered = value == asked.default and because == YOU and self.at != "app"
        read = self.read
        if self.at == "app":
            try:
                read = read_app(str(value))
            except Unreadable as unreadable:
                return Wrong(unreadable.what, unreadable.allowed, unreadable.example)
        given = self.given.plus(self.at, value, asked.default_because if offered else because, offered=offered)
        made = replace(self, given=given, read=read)
        return replace(made, at=made._next(self.at))

    def knowing(self, question: str, value: Value, because: str) -> Walk | Wrong:
        """This walk with an answer that is known already; where somebody stands does not change."""
        there = self.go(question)
        return there.problem(value) or replace(self, given=self.given.plus(question, value, because))

    def with_values(self, more: Mapping[str, str]) -> Walk:
        """This walk with more values of secrets, in memory."""
        return replace(self, values=self.values.plus(more))

    def _next(self, after: str) -> str:
        order = [question.id for question in self._unfolded.order]
        rest = order[order.index(after) + 1 :] if after in order else order
        answered = self.situation.answers
        return next((each for each in rest if each not in answered), None) or (
            next((each for each in order if each not in answered), REVIEW)
        )

    def paste(self, text: str) -> Pasted | Wrong:
        """Read pasted dotenv lines at the question about secrets, on top of what is offered or was said."""
        current = self.current()
        wanted = secrets_of(self.situation) if self.situation.is_starter else None
        return pasted(text, current if isinstance(current, Variables) else Variables(), wanted)

    def answer_secrets(
        self, given: Pasted, roles: Mapping[str, str] | None = None, *, keyring: bool = False
    ) -> Walk | Wrong:
        """Answer the question about secrets; the values are kept in memory."""
        decided = given.decided(roles or {}, keyring=keyring)
        secret = {name: given.values[name] for name in decided.secret if name in given.values}
        return replace(self, values=self.values.plus(secret)).answer(decided)

    def accept_defaults(self) -> Walk | Wrong:
        """Answer everything that is open with what is offered."""
        walk = self
        while not walk.at_review:
            answered = walk.answer(walk.current())
            if isinstance(answered, Wrong):
                return answered
            walk = answered
        return walk

    def back(self) -> Walk:
        """One question back; at the first one, nothing happens."""
        order = [question.id for question in self._unfolded.order]
        place = len(order) if self.at_review else order.index(self.at)
        return replace(self, at=order[max(0, place - 1)])

    def go(self, question: str) -> Walk:
        """Go to a question, or to the review. Raises KeyError for one that is not asked."""
        if question != REVIEW and question not in self._unfolded.before:
            raise KeyError(question)
        return replace(self, at=question)

    def needed_values(self) -> tuple[str, ...]:
        """Variables whose secret value must come from a person."""
        if self.situation.is_starter:
            found = starter_secrets(self.situation)
        else:
            found = dict(placement(self.situation).secrets)
        needed = []
        for name, how in found.items():
            variable = str(how.get("source") or variable_of(name))
            given = any(how.get(key) for key in ("generate", "composed", "existing_arn", "optional"))
            if not given and variable not in self.situation.variables.generated:
                needed.append(variable)
        return tuple(needed)

    def values_for_run(self) -> Mapping[str, str]:
        """The given values that this blueprint asks for. In a starter, an address that is given replaces what would be
        made (CONTRACT §8); where a person chose to have it made, it does not."""
        wanted = {*self.needed_values(), *optional_of(self.situation)}
        if self.situation.is_starter:
            wanted |= set(secrets_of(self.situation))
        return {name: value for name, value in self.values.as_mapping().items() if name in wanted}

    def missing_values(self) -> tuple[str, ...]:
        """Those that nobody gave in this walk; a run looks for them elsewhere, then asks."""
        return tuple(name for name in self.needed_values() if name not in self.values)


def unfold(given: Answers, read: App, region: str) -> Unfolded:
    """Hold each given answer against the questions in order; later ones see only what holds before them."""
    situation = Situation(Answers(), read, region)
    order: list[Question[Situation]] = []
    before: dict[str, Situation] = {}
    notes: list[str] = []
    for question in order_for(situation):
        if not question.when(situation) or (order and not read.form):
            continue
        order.append(question)
        before[question.id] = situation
        answer = given.get(question.id)
        if answer is not None:
            held = _held(question, situation, answer, notes)
            if held is not None:
                answers = Answers({**situation.answers.given, question.id: held})
                situation = Situation(answers, read, region)
    if len(order) > MOST:
        order = [question for question in order if question.id != DROPPABLE]
    return Unfolded(situation, tuple(order), before, tuple(notes))


def _held(question: Question[Situation], situation: Situation, answer: Answer, notes: list[str]) -> Answer | None:
    """The answer that holds: what was chosen, or what is offered now where the offer was taken."""
    if question.id == "app":
        return answer
    if answer.offered:
        offered = question.default(situation)
        if not question.problem(situation, offered.value):
            return Answer(offered.value, offered.because, offered=True)
    wrong = question.problem(situation, answer.value)
    if wrong is None:
        return answer
    notes.append(f"{question.id}: {shown(answer.value)} no longer fits: {wrong.what}")
    return None
