"""Steps of documents from before speakers were named are migrated."""

import importlib.util
import json
from typing import Any

from sqlalchemy import text

from app import paths
from app.database.engines import migration_engine
from app.settings import Settings
from app.vocabulary.citations import USUAL_NAMING, Attribution


def test_migration_names_speakers_as_the_kind_said(database: Settings) -> None:
    """Chains in the documents of drafts are migrated by the rule that reads old steps."""
    path = paths.MIGRATIONS / "versions/2026_11_27_named_speakers.py"
    spec = importlib.util.spec_from_file_location("named_speakers", path)
    assert spec and spec.loader
    migration: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    chain = [{"row": str(n), "attribution": str(kind)} for n, kind in enumerate(Attribution)]
    chain.append({"row": "99", "attribution": "company", "named": "no"})
    document = {"title": "Old", "citations": [{"source": "S1", "chain": chain}, {"chain": []}]}
    with migration_engine(database).connect() as connection:
        for function in (migration.NAMING, migration.DOCUMENT):
            connection.execute(text(function))
        query = text("SELECT desk.with_naming(CAST(:old AS jsonb))")
        made = connection.scalar(query, {"old": json.dumps(document)})
        connection.rollback()
    assert made["title"] == "Old" and made["citations"][1] == {"chain": []}
    named = {step["attribution"]: step["named"] for step in made["citations"][0]["chain"][:-1]}
    assert named == {str(kind): USUAL_NAMING.get(kind, "") for kind in Attribution}
    assert made["citations"][0]["chain"][-1]["named"] == "no"
    assert [step["row"] for step in made["citations"][0]["chain"]] == [s["row"] for s in chain]
