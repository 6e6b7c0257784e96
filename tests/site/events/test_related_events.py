"""Linked events on the page of an event."""

from app.kinds import EventForm
from app.settings import Settings
from tests.make import make_citation, make_event, make_link
from tests.support.event_pages import published_as
from tests.support.html import words

LINKS = [
    ("implements", "", False, "Implemented by", "Implements"),
    ("implements", "", True, "Implemented by", "Implements"),
    ("effect-of", "", True, "Resulted in", "Result of"),
    ("follows", "", True, "Is followed by", "Follows"),
    ("answers", "", False, "Has the response", "Responds to"),
    ("part-of", "Two.", False, "Has the part", "Part of"),
    ("evades", "In part.", True, "Reported to be evaded by", "Evades"),
    ("reverses", "", False, "1 report against it Reported to be reversed by", "Reverses"),
    ("reverses-in-part", "", True, "Reported to be reversed in part by", "Reverses in part"),
    ("do-not-agree", "It differs.", False, "Does not agree with", "1 report against it"),
    ("shows-not-applied", "They stay.", False, "Reported not to be applied by", "not applied"),
]
"""Type, reason, whether a source has it, and its words at its end and at its start."""


def linking(number: int, type: str, reason: str, is_cited: bool) -> EventForm:
    about = [make_citation(100 + number, about=f"L{number}")] if is_cited else []
    return make_event(
        number,
        title=f"Other {number}.",
        links=[make_link("E1", type, number, reason=reason)],
        citations=[make_citation(number), *about],
    )


def test_link_is_listed_with_its_reserve(database: Settings) -> None:
    measure = make_event(1, title="The measure")
    editions = [(measure, linking(2, *link[:3])) for link in LINKS]
    wrong = []
    with published_as(database, *editions) as client:
        for edition, (type, reason, is_cited, end, start) in enumerate(LINKS, 1):
            is_ours = bool(reason) or not is_cited
            for id, label, title in ((1, end, "Other 2."), (2, start, "The measure")):
                page = client.get(f"/events/E{id}?edition={edition}").text
                said = words(page.partition('<div class="folds">')[2])
                if not (label in said and title in said and is_ours is ("our reading" in said)):
                    wrong.append((type, label, said))
                if is_cited and id == 1 and '<a href="/events/E2#C102">C102</a>' not in page:
                    wrong.append((type, "no citation", said))
    assert wrong == []
