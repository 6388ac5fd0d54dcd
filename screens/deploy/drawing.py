"""The picture of a run as lines of text: a bar, the tree of resources, the detail of one, the calls."""

from __future__ import annotations

from collections.abc import Iterable, Set

from rich.text import Text

from screens.bridge import Call
from screens.deploy.model import DONE, FAILED, SKIPPED, WAITING, WORKING, Group, Item, RunPicture
from screens.styles import STYLES, cut, line, wrapped
from screens.widgets.rows import Row
from wizard.cli import words

SHAPES = {WAITING: "·", WORKING: "◐", DONE: "✓", FAILED: "✗", SKIPPED: "-"}
STYLE_OF = {WAITING: "quiet", WORKING: "strong", DONE: "good", FAILED: "bad", SKIPPED: "wait"}
BAR = 22
COUNTED = ("desired", "running", "pending", "failed")
WHY_LONG = {
    "broker": "AWS starts and joins its nodes before it answers.",
    "db_instance": "AWS makes the disk, starts the engine and takes a first backup.",
    "db_cluster_instance": "AWS starts the engine on the cluster's storage.",
    "nat_gateway": "AWS starts it in its zone and joins it to its address.",
    "certificate_validation": "The certificate's authority looks for the proof in DNS.",
    "service": "Tasks pull their images, start, and must answer the health check.",
    "load_balancer": "AWS starts nodes in each zone.",
    "express_service": "AWS makes the load balancer, certificate and address around it.",
    "app_runner_service": "App Runner pulls the image and waits until it answers.",
    "user_pool_domain": "AWS spreads the sign-in address over its edge.",
}


def bar(picture: RunPicture, width: int) -> Text:
    """`31 of 64   ███████░░░  11:40 of about 22:00   waiting for the broker`."""
    progress = picture.progress
    ended = progress.done + progress.failed + progress.skipped
    full = BAR * ended // max(progress.total, 1)
    words_of = f" {ended} of {progress.total}   {'█' * full}{'░' * (BAR - full)}  {words.clock(progress.elapsed)}"
    if progress.expected_s:
        words_of += f" of about {words.clock(progress.expected_s / progress.scale)}"
    text = line((words_of, "strong"), "   ", picture.now_doing())
    if progress.failed:
        text.append(f"   {progress.failed} failed", STYLES["bad"])
    text.truncate(width, overflow="ellipsis")
    return text


def tree(picture: RunPicture, opened: Set[str], width: int, wanted: str = "") -> list[Row]:
    """A line for each group; the items of those that are opened, or that failed, below it."""
    now = picture.progress.now()
    rows = []
    for group in picture.groups():
        items = [item for item in group.items if not wanted or wanted in item.address]
        if wanted and not items:
            continue
        rows.append(Row(_group_line(group, now, width), f"group {group.name}"))
        for item in items:
            if group.name in opened or item.state == FAILED or wanted:
                rows.append(Row(_item_line(item, picture, width), f"{item.address} {item.action == 'delete'}"))
    return rows


def _group_line(group: Group, now: float, width: int) -> Text:
    elapsed = group.elapsed(now)
    style = STYLE_OF[group.state]
    right = f"{f'{group.done}/{len(group.items)}':>6} {words.clock(elapsed) if elapsed else '':>6}"
    room = max(width - len(right) - 7, 10)
    name = cut(group.name, room)
    needs = f"  needs {', '.join(group.needs)}" if group.needs and group.state == WAITING else ""
    rest = cut(needs, room - len(name)) if room - len(name) > len("  needs …") else ""
    return line((SHAPES[group.state], style), f" {name}", (f"{rest:<{room - len(name)}} ", "quiet"), (right, style))


def _item_line(item: Item, picture: RunPicture, width: int) -> Text:
    seconds = picture.progress.now() - item.since if item.state == WORKING else item.took
    usual = item.usual_s / picture.scale
    word = {
        WAITING: "",
        WORKING: words.DOING.get(item.action, "working"),
        DONE: words.DONE.get(item.action, "done"),
        FAILED: "failed",
        SKIPPED: "skipped",
    }[item.state]
    right = f"{word:<9} {words.clock(seconds) if item.since else '':>6}"
    if item.state == WORKING and usual >= 1:
        right += f" of {words.roughly(usual)}"
    room = max(width - len(right) - 9, 10)
    return line(
        "  ",
        (SHAPES[item.state], STYLE_OF[item.state]),
        f" {cut(item.address, room):<{room}} ",
        (right, STYLE_OF[item.state]),
    )


def detail(picture: RunPicture, key: str, width: int) -> list[Text]:
    """All that is known of the thing under the cursor."""
    address, _, deleted = key.partition(" ")
    if address == "group":
        return _group_detail(picture, deleted, width)
    item = picture.items.get((address, "delete" if deleted == "True" else "make"))
    return _item_detail(picture, item, width) if item else []


def _group_detail(picture: RunPicture, name: str, width: int) -> list[Text]:
    group = next((each for each in picture.groups() if each.name == name), None)
    if group is None:
        return []
    lines = [line((group.name, "strong")), line(f"{group.done} of {len(group.items)} {DONE}")]
    if group.needs:
        lines += wrapped(f"needs {', '.join(group.needs)}", width)
    for item in group.items:
        if item.state in (WORKING, FAILED):
            lines += [line(""), *_item_detail(picture, item, width)]
            break
    return lines


def _item_detail(picture: RunPicture, item: Item, width: int) -> list[Text]:
    lines = [*wrapped(item.address, width, "strong")]
    if item.id:
        lines += wrapped(item.id, width, "quiet")
    usual = item.usual_s / picture.scale
    if item.state == WORKING:
        elapsed = words.clock(picture.progress.now() - item.since)
        lines.append(line(f"{elapsed}{f' of usually {words.roughly(usual)}' if usual >= 1 else ''}"))
    elif item.state == WAITING and (needs := picture.needs(item.address)):
        lines += wrapped(f"waits for {', '.join(needs)}", width)
    if item.sentence and item.state != FAILED:
        lines += [line(""), *wrapped(item.sentence, width)]
    if counts := _counts(item):
        lines += [line(""), *(line(each) for each in counts)]
    if item.state == WORKING and item.kind in WHY_LONG and usual * picture.scale >= 60:
        lines += [line(""), *wrapped(f"Why it takes long: {WHY_LONG[item.kind]}", width, "quiet")]
        lines += wrapped("Nothing to do. It is safe to stop; pilotage resume carries on.", width, "quiet")
    for title, part in _error_parts(item):
        lines += [line(""), line((title, "strong")), *wrapped(part, width, "bad" if title == "what failed" else "")]
    return lines


def _counts(item: Item) -> list[str]:
    told = item.detail
    if "desired" not in told:
        return []
    rows = [f"{name:<8} {told.get(name, 0)}" for name in COUNTED]
    targets = told.get("targets") or {}
    return rows + [f"targets  {number} {state}" for state, number in targets.items()]


def _error_parts(item: Item) -> list[tuple[str, str]]:
    if item.state != FAILED:
        return []
    error, cause = item.error, item.diagnosis
    parts = [
        ("what failed", str(cause.get("sentence") or error.get("what") or item.sentence)),
        ("why", str(cause.get("evidence") or error.get("why", ""))),
        ("what is safe", str(cause.get("safe") or error.get("safe", ""))),
        ("what to type", str(cause.get("command") or error.get("next", ""))),
    ]
    return [(title, part) for title, part in parts if part]


def calls(found: Iterable[Call], wanted: str = "") -> list[Row]:
    """The calls to AWS, the newest last."""
    return [
        Row(
            line(
                (f"{call.number:>5} ", "quiet"),
                ("✎ " if call.mutating else "  ", "strong"),
                f"{call.service} {call.operation} ",
                (f"{call.code} ", "" if call.code == "200" else "wait"),
                (f"{call.milliseconds:.0f} ms", "quiet"),
            ),
            str(call.number),
        )
        for call in found
        if not wanted or wanted in f"{call.service} {call.operation} {call.code}".lower()
    ]


def rollouts(picture: RunPicture, width: int = 80) -> list[Row]:
    """Desired, running, pending, failed and target health of each service in the run."""
    items = [item for item in list(picture.items.values()) if "desired" in item.detail]
    if not items:
        return []
    longest = min(max(len(item.address.split(".", 1)[1]) for item in items), max(width - 55, 12))
    first = max(longest, len("service")) + 1
    rows = [
        Row(line((f"   {'service':<{first}}{'desired':>8}{'running':>8}{'pending':>8}{'failed':>8}  targets", "quiet")))
    ]
    for item in items:
        told = item.detail
        targets = told.get("targets") or {}
        health = f"{targets.get('healthy', 0)} of {sum(targets.values())} healthy" if targets else "-"
        numbers = "".join(f"{told.get(name, 0):>8}" for name in COUNTED)
        name = item.address.split(".", 1)[1]
        rows.append(Row(line(f"{cut(name, longest):<{first}}{numbers}  {health}"), item.address))
        if item.sentence:
            rows += [
                Row(line(("    " + each.plain, STYLE_OF[item.state])))
                for each in wrapped(" ".join(item.sentence.split()), width - 6)
            ]
    return rows
