"""Removal of a purged record's names from imports. Called by `desk/purges`."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

MIN_SUBSTRING_LENGTH = 5
"""Characters from which a name also matches inside longer text. Shorter names match whole cells."""
MENTIONS = (
    "EXISTS (SELECT FROM unnest(CAST(:names AS text[])) n WHERE ({it}) = n "
    f"OR (length(n) >= {MIN_SUBSTRING_LENGTH} AND position(n IN ({{it}})) > 0))"
)


def purge_rows(db: Session, id: str, names: Sequence[str]) -> None:
    """Delete all cells of imports that mention the record, and its names in any report.

    The import ends. Its uploader can send the files again without the record.
    """
    end_imports = (
        "WITH spoken AS (SELECT DISTINCT import "
        "FROM desk.import_row, unnest(cells) cell WHERE {speaks}), "
        "ended AS (UPDATE desk.import SET problem = '', beat = NULL, since = now(), "
        "stage = CASE stage WHEN 'making' THEN 'made' ELSE 'given-up' END "
        "WHERE id IN (SELECT import FROM spoken) RETURNING id) "
        "UPDATE desk.import_row SET cells = NULL, refs = NULL, name = '', key = '', "
        "parent = '', words = '' "
        "WHERE import IN (SELECT id FROM ended)"
    )
    db.execute(text(end_imports.format(speaks=MENTIONS.format(it="cell"))), {"names": [*names, id]})
    clear_record = (
        "UPDATE desk.import_row r SET draft = NULL, name = '', key = '', parent = '', "
        "field = '', words = '' "
        "FROM desk.import_row o WHERE o.import = r.import AND o.number = r.of AND o.record = :id"
    )
    db.execute(text(clear_record), {"id": id})
    clear_mentions = (
        "UPDATE desk.import_row SET name = '', key = '', parent = '', words = '' WHERE {speaks}"
    )
    words = "concat_ws(' ', name, key, parent, words)"
    db.execute(
        text(clear_mentions.format(speaks=MENTIONS.format(it=words))), {"names": list(names)}
    )


def purge_files(db: Session, _id: str, names: Sequence[str]) -> None:
    """Delete the names of files, sheets and columns that mention the record."""
    mentions = MENTIONS.format(it="name || columns::text")
    db.execute(
        text(f"UPDATE desk.import_file SET name = '', columns = '[]' WHERE {mentions}"),
        {"names": list(names)},
    )


def purge_words(db: Session, _id: str, names: Sequence[str]) -> None:
    mentions = MENTIONS.format(it="concat_ws(' ', title, array_to_string(aside, ' '), reason)")
    db.execute(
        text(f"UPDATE desk.import SET title = '', aside = '{{}}', reason = NULL WHERE {mentions}"),
        {"names": list(names)},
    )
