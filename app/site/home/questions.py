"""Common questions of readers, as links to filtered lists."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from app.i18n.translate import N_, _
from app.record.filters import EventFilters, StatusFilters
from app.record.names.directory import Directory
from app.site.components.urls import PageLink, address
from app.site.status.on_day import status_address

QUESTIONS = [
    (N_("Which orders to leave were reported?"), "type=departure-order"),
    (N_("Which events have a single anonymous source?"), "corroboration=single-anonymous"),
    (N_("Which events are disputed?"), "disputed=occurrence"),
    (N_("Which measures name a visa or permit?"), "not_paper=none"),
    (N_("Which measures exempt some people?"), "not_exempt=none"),
    (
        N_("What did home and host countries order?"),
        "side=home-state&side=host-state&view=lanes",
    ),
    (N_("What was reported only as a plan?"), "stage=planned"),
    (
        N_("Which events are not dated to the day?"),
        "precision=month&precision=season&precision=unknown&precision=year",
    ),
    (N_("What happened in China in 2019?"), "place=china&from=2019&to=2019"),
    (
        N_("Map: what happened on the day of the UN deadline?"),
        "from=2019-12-22&to=2019-12-22&view=map",
    ),
]
RULES_ON_A_DATE = N_("Which rules were last reported in Dandong by 22 December 2019?")


def common_questions(directory: Directory) -> Sequence[PageLink]:
    """Return the questions, without those about places that the record does not have."""
    asked = [(label, EventFilters.from_pairs(parse_qsl(query))[0]) for label, query in QUESTIONS]
    found = [
        PageLink(_(label), address(filters))
        for label, filters in asked
        if all(place in directory.places for place in filters["place"])
    ]
    if "dandong" in directory.places:
        day = StatusFilters.made_of({"on": ["2019-12-22"], "place": ["dandong"]}, {})
        found.append(PageLink(_(RULES_ON_A_DATE), status_address(day)))
    return found
