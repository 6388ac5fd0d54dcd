"""The picture of a deployment says what its security groups, routes and roles say."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.advice.papers import STARTERS, goldens, in_existing_vpc, starter
from wizard.advice.picture_mermaid import as_mermaid
from wizard.advice.picture_svg import as_svg
from wizard.advice.picture_text import as_text
from wizard.advice.topology import ENDPOINTS, INTERNET, OUTSIDE, Node, Topology, Way, topology

SVG = "{http://www.w3.org/2000/svg}"
both = pytest.mark.parametrize(("name", "env"), STARTERS)


def ways(picture: Topology) -> set[tuple[str, str, str]]:
    return {(way.start, way.label, way.end) for way in picture.ways}


@both
def test_the_pictures_of_a_starter_are_as_reviewed(name: str, env: str | None) -> None:
    """A wanted change is written with `python -m tests.advice.papers` and reviewed as a difference."""
    for file, content in goldens(name, env).items():
        assert content == file.read_text(), file.name


def test_fasttriage_is_reached_through_its_load_balancer_alone() -> None:
    assert ways(topology(starter("fasttriage", "dev"))) == {
        (INTERNET, "443", "load_balancer.main"),
        ("load_balancer.main", "8000", "service.backend"),
        ("service.backend", "5671", "broker.main"),
        ("service.worker", "5671", "broker.main"),
        ("service.backend", "by its role", "bucket.artifacts"),
        ("service.worker", "by its role", "bucket.artifacts"),
        ("service.backend", "443, 27017", "nat_gateway.a"),
        ("service.worker", "443, 27017", "nat_gateway.a"),
        ("nat_gateway.a", "", OUTSIDE),
    }


def test_tasks_with_public_addresses_stand_in_public_subnets_and_need_no_nat_gateway() -> None:
    picture = topology(starter("carepolicy-hub"))
    assert picture.nodes["service.carepolicy-hub"].area == "public subnets"
    assert ("service.carepolicy-hub", "443", OUTSIDE) in ways(picture)


def test_each_zone_goes_out_by_its_own_nat_gateway() -> None:
    picture = topology(starter("fasttriage", "dev", "network.nat=per-zone"))
    assert {each.name: each.way_out for each in picture.subnets} == {
        "public-a": "internet gateway",
        "public-b": "internet gateway",
        "private-a": "nat_gateway.a",
        "private-b": "nat_gateway.b",
    }
    assert {way.end for way in picture.ways_from("service.worker")} >= {"nat_gateway.a", "nat_gateway.b"}


def test_a_network_that_somebody_else_made_is_drawn_as_existing() -> None:
    picture = topology(in_existing_vpc())
    assert picture.network == "existing VPC"
    assert (INTERNET, "80, 443", "load_balancer.main") in ways(picture)
    assert ("load_balancer.main", "80", "service.web") in ways(picture)
    assert picture.nodes["load_balancer.main"].area == "public subnets"
    assert picture.nodes["service.web"].area == "private subnets"


def test_calls_to_aws_by_interface_endpoints_are_a_way_of_their_own() -> None:
    picture = topology(starter("fasttriage", "dev", "network.endpoints=[s3, logs, ecr.api]"))
    assert ("service.backend", "443", ENDPOINTS) in ways(picture)
    assert picture.nodes[ENDPOINTS].area == "private subnets"


@both
def test_equal_files_give_equal_pictures_to_the_letter(name: str, env: str | None) -> None:
    for draw in (as_text, as_mermaid, as_svg):
        assert draw(topology(starter(name, env))) == draw(topology(starter(name, env)))


@both
def test_the_text_fits_a_terminal_and_names_every_node(name: str, env: str | None) -> None:
    picture = topology(starter(name, env))
    drawn = as_text(picture)
    assert max(map(len, drawn.splitlines())) <= 80
    assert all(node.name in drawn for node in picture.nodes.values())


@both
def test_everything_is_drawn_or_counted(name: str, env: str | None) -> None:
    paper = starter(name, env)
    picture = topology(paper)
    apart = [*paper.of_kind("vpc"), *paper.of_kind("subnet"), *paper.of_kind("vpc_endpoint")]
    nodes = [id for id in picture.nodes if id not in (INTERNET, OUTSIDE, ENDPOINTS)]
    assert len(nodes) + sum(picture.undrawn.values()) + len(apart) == len(paper.graph.resources)


@both
def test_mermaid_declares_every_node_before_it_is_joined(name: str, env: str | None) -> None:
    picture = topology(starter(name, env))
    lines = as_mermaid(picture).splitlines()
    declared = {found[1] for line in lines if (found := re.match(r"\s*(\w+)(?:\[|\(\()", line))}
    joined = [found.groups() for line in lines if (found := re.match(r"\s*(\w+) --> (?:\|[^|]*\| )?(\w+)$", line))]
    assert len(joined) == len(picture.ways)
    assert {id for pair in joined for id in pair} <= declared
    assert sum(line.strip().startswith("subgraph") for line in lines) == sum(line.strip() == "end" for line in lines)


@both
def test_svg_is_well_formed_and_no_box_covers_another(name: str, env: str | None) -> None:
    picture = topology(starter(name, env))
    root = ElementTree.fromstring(as_svg(picture))
    boxes = {group.findtext(f"{SVG}title"): group.find(f"{SVG}rect") for group in root.iter(f"{SVG}g")}
    assert set(boxes) == set(picture.nodes)
    places = [
        tuple(float(box.attrib[key]) for key in ("x", "y", "width", "height"))
        for box in boxes.values()
        if box is not None
    ]
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for number, (x, y, wide, high) in enumerate(places):
        assert x + wide <= width and y + high <= height
        for other_x, other_y, *_ in places[number + 1 :]:
            assert abs(x - other_x) >= wide or abs(y - other_y) >= high
    assert len(root.findall(f"{SVG}path")) == len(picture.ways)


def test_words_that_mean_something_to_mermaid_or_svg_are_escaped() -> None:
    odd = Node("bucket.x", 'A "B" <C> & D', "n", "outside the VPC")
    picture = Topology("a/dev", "r", "<VPC>", {"bucket.x": odd}, (Way("bucket.x", "bucket.x", "<1>"),), (), (), {})
    ElementTree.fromstring(as_svg(picture))
    assert "#quot;B#quot; #lt;C#gt; #amp; D" in as_mermaid(picture)


def test_ways_in_a_circle_end() -> None:
    nodes = {id: Node(id, id, id, "private subnets") for id in ("service.a", "service.b")}
    around = (Way("service.a", "service.b", "1"), Way("service.b", "service.a", "2"))
    picture = Topology("a/dev", "r", "VPC", nodes, around, (), (), {})
    for draw in (as_text, as_mermaid, as_svg):
        assert "service" in draw(picture)
