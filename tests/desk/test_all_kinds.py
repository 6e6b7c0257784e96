"""Every field of every kind, through everything that is derived from the classes of `app.kinds`."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.desk.approved.models import Record
from app.desk.approved.store import save_all
from app.desk.csv import export_folder, import_folder
from app.desk.draft_form.card import CardReport, write
from app.documents import read_document, validate
from app.kinds import Form, is_private, public
from app.kinds.base import rows_of
from app.main import create_app
from app.record.derivation.rows import public_fields
from app.record.models import Version
from app.settings import Settings
from app.site.api.document import components
from app.vocabulary.kinds import NOUN_OF_KIND
from tests.conftest import desk_session
from tests.make import make_actor, make_estimate, make_law
from tests.support.draft_pages import begin, fields
from tests.support.filled_forms import filled_forms
from tests.support.forms import all_forms
from tests.support.worlds import publish_new

FILLED = {form.id: form for form in filled_forms()}


def _values(form: Form) -> list[tuple[type[Form], str, Any]]:
    """Return form, name and value of all fields and of those of rows, but for empty ones."""
    found = []
    for name, field in type(form).model_fields.items():
        value = getattr(form, name)
        if rows_of(field):
            found += [each for row in value for each in _values(row)]
        elif value != field.get_default():
            found.append((type(form), name, value))
    return found


def test_every_field_is_filled_in() -> None:
    every = {
        (form, name)
        for form in all_forms()
        for name, field in form.model_fields.items()
        if not rows_of(field)
    }
    assert every - {each[:2] for form in FILLED.values() for each in _values(form)} == set()


@pytest.fixture
def kept(desk_world: Settings) -> Settings:
    """The filled forms, approved and published, with what they refer to."""
    publish_new(desk_world, make_actor(1), make_law(1), make_estimate(1), *FILLED.values())
    return desk_world


def test_form_survives_the_page_of_its_draft(basma: TestClient, kept: Settings) -> None:
    """Stored as it was, and sent by the page of a draft as it is."""
    for id, form in FILLED.items():
        with desk_session(kept) as db:
            assert db.get_one(Record, id).form == form
        if id[0] in NOUN_OF_KIND:
            page = basma.get(begin(basma, record=id, key=id)).text
            posted = fields(page)
            sent = write(type(form), read_document(type(form), posted), posted, CardReport())
            assert validate(type(form), sent).form == form, id


def test_public_fields_alone_are_published(kept: Settings, tmp_path: Path) -> None:
    """In the record, the seeds’ files, the API and the dump."""
    with desk_session(kept) as db:
        stored = select(Version.id, Version.payload["form"]).where(Version.id.in_(FILLED))
        payloads: dict[str, Any] = dict(db.execute(stored).tuples().all())
        export_folder(db, tmp_path)
        save_all(db, [public(form) for form in FILLED.values()])
        report = import_folder(db, tmp_path)
    assert payloads == {id: public_fields(public(form)) for id, form in FILLED.items()}
    assert report.errors == [] and not [name for name in report.counts if "saved" in name]
    with TestClient(create_app(kept)) as client:
        named = [f"{NOUN_OF_KIND[id[0]]}s/{id}" for id in FILLED if id[0] in NOUN_OF_KIND]
        pages = [client.get(f"/api/v1/{each}").json() for each in [*named, "vocabulary"]]
        dump = zipfile.ZipFile(io.BytesIO(client.get("/data.zip").content))
    texts = {
        "record": json.dumps(payloads, ensure_ascii=False),
        "API": json.dumps(pages, ensure_ascii=False),
        "dump": "".join(dump.read(name).decode() for name in dump.namelist() if "csv" in name),
        "seeds": "".join(file.read_text() for file in tmp_path.iterdir()),
    }
    assert not [secret for secret in ("SECRET", "exact_", "2019-06-17") if secret in str(texts)]
    missing = {
        (where, form.__name__, name)
        for where, text in texts.items()
        for filled in FILLED.values()
        for form, name, value in _values(filled)
        if isinstance(value, str)
        and not is_private(form.model_fields[name])
        and value.split("\n")[0] not in text
    }
    assert missing == set()


def test_schema_has_the_public_fields_of_each_row() -> None:
    schemas = components()
    for form in all_forms():
        if shape := schemas.get(form.__name__):
            private = {name for name, field in form.model_fields.items() if is_private(field)}
            assert form.model_fields.keys() - shape["properties"].keys() == private, form
