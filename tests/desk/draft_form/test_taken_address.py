"""Two sources may not have one address: publishing would refuse the second."""

from app.desk.approved.store import save_all
from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.checks import check_draft
from app.forms import SourceForm
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_outlet, make_source
from tests.support.desk_people import make_people, person


def test_address_of_another_source_is_an_error_that_names_it(database: Settings) -> None:
    make_people(database, "Chidi")
    address = "https://example.org/letter"
    with desk_session(database) as db:
        save_all(db, [make_outlet(), make_source(1, url=address)])
        catalogue = Catalogue(db, person(database, "Chidi"))

        def error(**values: object) -> str:
            document = documents.document_of(make_source(2, **values))
            return check_draft(SourceForm, document, catalogue).errors.get("url", "")

        assert error(url=address + "?utm_source=mail").startswith("S1 already has this address")
        assert not error(url="https://example.org/other")
        assert not error(url="", copies=[{"url": address, "extent": "full", "host_kind": "mirror"}])
        own = documents.document_of(make_source(1, url=address))
        assert "url" not in check_draft(SourceForm, own, catalogue).errors
