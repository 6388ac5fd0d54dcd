"""One question at a time; the picture as it grows and the price with the difference of each choice stay beside it."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from screens.behind import behind
from screens.dialogs import Help
from screens.page import Page
from screens.styles import line, wrapped
from screens.walk.answering import Answered, Cards, Considering, Field, Ticks, told_wrong
from screens.walk.beside import findings_lines, price_lines, prices_of, trail
from screens.walk.review import ReviewPage
from screens.walk.variables import Memory, Variables
from wizard.question import QuestionKind, Wrong
from wizard.walk.draft import Drafts
from wizard.walk.preview import Preview, preview
from wizard.walk.walk import Walk


class WalkPage(Page[None]):
    """The questions. Every answer is saved in the draft as it is given; values of secrets never are."""

    WHERE = ("new",)
    HELP = """
One decision a screen. Enter takes the answer under the cursor and goes on; esc goes back and loses nothing.
If unsure, take what is offered: each question says why. f1 explains its words. f2 takes the defaults for the rest.
The draft is saved with every answer; `pilotage new` finds it again.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j", "take", "next", key_display="enter"),
        Binding("escape", "back", "back"),
        Binding("f1", "words", "words"),
        Binding("f2", "defaults", "defaults"),
        Binding("ctrl+s", "save", "save"),
    ]

    def __init__(self, walk: Walk) -> None:
        super().__init__()
        self._walk = walk
        self._seen: Preview | None = None
        self._considered: str | None = None
        self._looked_at = 0
        """The width for which the picture was drawn."""
        self._memory = Memory()
        self._typed: dict[str, str] = {}
        self._trail = Static(id="trail", classes="note")
        self._label = Static(id="label")
        self._place_of_answer = Vertical(id="place-of-answer")
        self._wrong = Static(id="wrong")
        self._unsure = Static(id="unsure")
        self._question = Vertical(self._label, self._place_of_answer, self._wrong, self._unsure, id="question")
        self._picture = Static(id="picture")
        self._price = Static(id="price")
        self._beside = VerticalScroll(self._picture, self._price, id="beside", can_focus=False)

    @property
    def walk(self) -> Walk:
        """The answers so far."""
        return self._walk

    def body(self) -> ComposeResult:
        """Trail, question, picture."""
        yield self._trail
        yield Horizontal(self._question, self._beside, id="walk")

    async def on_mount(self) -> None:
        """The first question."""
        await self._ask()

    async def _ask(self) -> None:
        walk = self._walk
        if walk.at_review:
            self.app.push_screen(ReviewPage(walk), self._reviewed)
            return
        asked = walk.asked()
        self.say_where("new", *([walk.situation.name] if walk.situation.name else []))
        self._say_wrong(None)
        self._draw_words()
        place = self._place_of_answer
        place.set_class(asked.kind in (QuestionKind.TEXT, QuestionKind.NUMBER), "-short")
        await place.remove_children()
        widget = self._widget()
        await place.mount(widget)
        if isinstance(widget, (Field, Variables)):
            widget.focus_field()
        else:
            widget.focus()
        self._considered = None
        self._look()

    def _draw_words(self) -> None:
        """The question, and what is said about it, as wide as there is room."""
        walk, room = self._walk, self._room()
        asked = walk.asked()
        self._draw_trail()
        self._label.update(
            Text("\n").join([*wrapped(asked.label, room, "strong"), *wrapped(asked.help, room, "quiet"), line("")])
        )
        told = wrapped(f"If unsure: {asked.if_unsure}", room)
        for note in walk.notes:
            told += wrapped(note, room, "wait")
        if asked.words:
            told.append(line(("f1", "key"), (f": what is {', '.join(asked.words[:3])}?", "quiet")))
        self._unsure.update(Text("\n").join(told))

    def on_resize(self) -> None:
        """The words break elsewhere, once the widgets have their new sizes."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        if not self._walk.at_review:
            self._draw_words()
            if self._beside.size.width != self._looked_at:
                self._look()

    def _widget(self) -> Cards | Ticks | Field | Variables:
        asked, current = self._walk.asked(), self._walk.current()
        match asked.kind:
            case QuestionKind.CHOICE | QuestionKind.YES_NO:
                return Cards(asked, current, {})
            case QuestionKind.MANY:
                return Ticks(asked, current)
            case QuestionKind.SECRETS:
                return Variables(self._walk, self._memory)
        return Field(asked, self._typed.get(asked.id, current))

    def _room(self) -> int:
        return max(self._question.size.width - 3, 36)

    def _draw_trail(self) -> None:
        self._trail.update(trail(self._walk, self.size.width))

    def _look(self) -> None:
        self._looked_at = self._beside.size.width
        if not self._looked_at:
            return
        behind(self, self._preview, group="preview", exclusive=True)

    async def _preview(self) -> None:
        width = max(self._beside.size.width - 3, 24)
        seen = await asyncio.to_thread(preview, self._walk, width, self._considered)
        self._seen = seen
        if cards := self.query("Cards"):
            cards.first(Cards).priced(prices_of(seen, self._considered))
        self._picture.update(Text("\n".join(seen.picture or [seen.problem]), no_wrap=True))
        told = [*price_lines(seen, self._considered), *findings_lines(self._walk, width)]
        self._price.update(Text("\n").join(told))

    def on_considering(self, event: Considering) -> None:
        """The price and picture follow the cursor."""
        if event.value != self._considered:
            self._considered = event.value
            self._look()

    async def on_answered(self, event: Answered) -> None:
        """Take an answer and go on; what is wrong with it is said in three parts."""
        if (variables := self.query("Variables")) and event.value is None and event.text is None:
            box = variables.first(Variables)
            self._memory = box.memory
            await self._went(box.taken())
        elif event.text is not None:
            self._typed[self._walk.at] = event.text
            await self._went(await asyncio.to_thread(self._walk.take, event.text))
        elif event.value is not None:
            await self._went(self._walk.answer(event.value))

    async def _went(self, result: Walk | Wrong) -> None:
        if isinstance(result, Wrong):
            self._say_wrong(result)
            return
        self._walk = result
        await asyncio.to_thread(Drafts().save, result)
        await self._ask()

    def _say_wrong(self, wrong: Wrong | None) -> None:
        self._wrong.update(told_wrong(wrong.lines() if wrong else (), self._room()))
        # In a small terminal there is no room for both.
        self._unsure.display = wrong is None

    def on_variables_told(self, event: Variables.Told) -> None:
        """Make room for what is wrong with a paste."""
        self._unsure.display = not event.wrong

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is wrong while it is typed, as far as that is cheap to know."""
        if self.query("Field") and self._walk.at != "app":
            found = self._walk.understood(event.value)
            self._say_wrong(found if isinstance(found, Wrong) and event.value else None)

    def action_take(self) -> None:
        """Enter, also where the answer's own widget does not hear it."""
        if cards := self.query("#place-of-answer Rows"):
            cards.first(Cards if self.query("Cards") else Ticks).action_choose()

    async def action_back(self) -> None:
        """One question back; the first leads home. Nothing is lost."""
        before = self._walk
        if variables := self.query("Variables"):
            self._memory = variables.first(Variables).memory
        elif field := self.query("Field Input"):
            self._typed[before.at] = field.first(Input).value
        after = before.back()
        if after.at == before.at:
            self.close_page()
            return
        self._walk = after
        await self._ask()

    async def action_defaults(self) -> None:
        """Take what is offered for every question that is still open."""
        await self._went(await asyncio.to_thread(self._walk.accept_defaults))

    def action_words(self) -> None:
        """The glossary of this question."""
        told = "\n\n".join(f"{term}\n  {meaning}" for term, meaning in self._walk.glossary())
        self.app.push_screen(Help("words", told or "This question uses no words of its own.", []))

    async def action_save(self) -> None:
        """Save the draft now."""
        await asyncio.to_thread(Drafts().save, self._walk)
        self.notify("The draft is saved; values of secrets are not in it.")

    async def _reviewed(self, question: str | None) -> None:
        if question is None:
            self.close_page()
            return
        self._walk = self._walk.go(question) if question else self._walk.back()
        await self._ask()

    def parting_words(self) -> list[str]:
        """How to carry on."""
        return ["your draft is kept; values of secrets are not in it", "carry on with: pilotage new"]
