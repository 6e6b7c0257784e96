"""A world with events in construction."""

from tests.make import make_code, make_estimate, make_event, make_place, make_term
from tests.support.worlds import desk_with

TARGET, EXEMPT = (make_term("sector", "construction", role) for role in ("target", "exempt"))
construction = desk_with(
    "construction",
    make_code("construction", "sector"),
    make_code("building", "sector"),
    make_code("old", "sector", successor="building"),
    make_place(4, "place-4"),
    make_event(1, terms=[make_term(), TARGET]),
    make_event(2, terms=[make_term(), TARGET], citations="S2"),
    make_event(3, terms=[make_term(), EXEMPT]),
    make_event(4),
    make_estimate(1),
)
"""Three events in construction, one of them as exempt, and one in no sector."""
