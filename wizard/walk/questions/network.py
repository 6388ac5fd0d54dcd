"""The network: public addresses, a way out through NAT, none at all, or what the account has."""

from __future__ import annotations

from wizard.question import Choice, Default, Question, QuestionKind
from wizard.walk.questions.picking import first_able
from wizard.walk.situation import APP_RUNNER, EXPRESS, Situation

_EXPRESS = "Express Mode puts the load balancer and the containers into the same subnets, so these must be public"
PRIVATE = ("private", "private-each", "sealed")


def _choices(situation: Situation) -> tuple[Choice, ...]:
    express = _EXPRESS if situation.compute == EXPRESS else ""
    return (
        Choice(
            "public",
            "a network of its own, containers with public addresses",
            "the cheapest that is yours alone; only the load balancer can reach the containers",
            "addresses that stay the same when you call out",
        ),
        Choice(
            "private",
            "private containers, one NAT gateway",
            "no container has a public address, and all call out from one fixed address",
            "calls to the outside while that one data centre fails",
            cannot=express,
        ),
        Choice(
            "private-each",
            "private containers, a NAT gateway in each zone",
            "the way out survives the loss of a data centre",
            "money: twice the price of one gateway",
            cannot=express,
        ),
        Choice(
            "sealed",
            "private containers without any way out",
            "AWS services are reached through private endpoints, and nothing can leave",
            "every call outside AWS",
            cannot=express or _needs_outside(situation),
        ),
        Choice(
            "default-vpc",
            "the network that the account has already",
            "nothing is made, which suits a first try",
            "separation from whatever else runs there",
        ),
    )


def _needs_outside(situation: Situation) -> str:
    outside = [part.name for part in situation.app.parts if part.image]
    return f"the image of {', '.join(outside)} comes from a registry outside" if outside else ""


def _default(situation: Situation) -> Default[Situation]:
    return first_able(_choices(situation), ("public", "default"))


NETWORK: Question[Situation] = Question(
    id="network",
    label="Which network should it live in?",
    help="Strangers reach the load balancer only, whatever you choose. It is about how containers call out.",
    kind=QuestionKind.CHOICE,
    default=_default,
    if_unsure="a network of its own with public addresses; for health data, private containers",
    example="public",
    words=("VPC", "public subnet", "private subnet", "NAT gateway", "VPC endpoint", "availability zone"),
    choices=_choices,
    when=lambda situation: situation.compute != APP_RUNNER,
)
