"""The live picture, drawn into text."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from tests.cli.story import Story
from wizard.cli.live import LivePicture, drawing
from wizard.cli.report import Report
from wizard.engine.events import EventType


def drawn(story: Story, width: int = 100, height: int = 24) -> list[str]:
    console = Console(file=StringIO(), width=width, height=height, force_terminal=True, color_system=None)
    with console.capture() as captured:
        console.print(drawing(story.progress, width, height))
    return captured.get().rstrip("\n").split("\n")


def test_it_shows_the_bar_each_resource_in_work_and_the_rollout() -> None:
    story = Story()
    story.start()
    story.begin("vpc.main")
    story.end("vpc.main", 1.0)
    story.begin("broker.main")
    story.now += 571
    story.begin("service.backend")
    story.event(
        EventType.APPLY_PROGRESS,
        address="broker.main",
        action="create",
        message="the broker is in CREATION_IN_PROGRESS",
    )
    story.now += 129
    story.rollout(1, "backend:1: 1 of 2 tasks running", targets={"healthy": 1, "initial": 1})
    assert drawn(story) == [
        " 1 of 4  █████░░░░░░░░░░░░░░░  11:40 of about 21:22   SANDBOX",
        " broker.main      creating   11:40  usually 18 min  the broker is in CREATION_IN_PROGRESS",
        " service.backend  creating    2:09  usually 3 min  1 of 2 running, 1 pending, targets 1 of 2 he…",
        "   backend:1: 1 of 2 tasks running",
    ]


@pytest.mark.parametrize(("width", "height"), [(80, 24), (40, 10), (20, 5)])
def test_it_never_outgrows_the_terminal(width: int, height: int) -> None:
    story = Story()
    story.start()
    for number in range(30):
        story.begin(f"security_group_rule.a-rule-with-a-long-name-{number}")
    rows = drawn(story, width, height)
    assert len(rows) < height
    assert max(len(row) for row in rows) < width
    assert rows[-1].strip().startswith("and ")


def test_finished_steps_scroll_above_and_the_region_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story()
    screen = StringIO()
    console = Console(file=screen, width=80, height=24, force_terminal=True, color_system=None)
    picture = LivePicture(Report(), story.progress, console)
    for event in [*story.start(), story.begin("vpc.main"), story.end("vpc.main", 1.1)]:
        picture.take(event)
    picture.close()
    text = screen.getvalue()
    assert "00:00  vpc.main                created     1.1 s" in text
    assert text.endswith("\x1b[?25h") or "\x1b[?25h" in text.rsplit("\n", 1)[-1]
