"""publish(): pages must link to records that are published."""

from sqlalchemy.orm import Session

from app.record.reads.coverage import find_page_gaps, page_gaps
from tests.make import make_event, make_page, publish_all
from tests.support.published_rows import row, rows, written_by


def test_page_is_published_and_keeps_its_former_texts(world: Session) -> None:
    publish_all(world, make_event(), make_page(body="First: [it](E1)."))
    assert written_by(world, make_page(body="Then: [it](E1).")) == "updated U1"
    bodies = [version.payload["form"]["body"] for version in rows(world, "U1")]
    assert bodies == ["First: [it](E1).", "Then: [it](E1)."]
    assert "then: [it](e1)" in row(world, "U1").plain


def test_gaps_name_missing_pages_and_parts(world: Session) -> None:
    assert [gap for gap in find_page_gaps(world) if "Overview" in gap and "Picture" in gap]
    publish_all(
        world,
        make_event(),
        make_page(1, kind="subject", names=[{"text": "Subject"}]),
        make_page(2, kind="picture", places=["place-1"]),
        make_page(3, kind="overview", names=[{"text": "Overview"}], body=""),
        make_page(
            4,
            kind="about",
            names=[{"text": "About us"}],
            sections=[{"part": "publisher", "says": "A foundation."}],
        ),
    )
    overview, about = find_page_gaps(world)
    assert overview == "“Overview” (U3) is empty."
    assert about.startswith("“About us” (U4) lacks these parts: Editors, Funding, Contact,")
    assert "Publisher" not in about


def test_complete_pages_have_no_gap() -> None:
    every_part = ("publisher", "editors", "funding", "contact", "public-key", "conflicts")
    sections = [{"part": part, "says": "It is known."} for part in (*every_part, "corrections")]
    pages = [
        make_page(1, kind="subject"),
        make_page(2, kind="overview"),
        make_page(3, kind="picture", places=["place-1"]),
        make_page(4, kind="about", sections=sections),
    ]
    assert list(page_gaps(pages)) == []
