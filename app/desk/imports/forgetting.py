"""What a purge takes away in imports: the words of reports, and a kept bundle, whole, if it speaks of the record."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

LONG_ENOUGH = 5
"""A shorter name stands in other words too: it must be all that is said."""
SPEAKS = (
    "EXISTS (SELECT FROM unnest(CAST(:names AS text[])) n WHERE ({it}) = n "
    f"OR (length(n) >= {LONG_ENOUGH} AND position(n IN ({{it}})) > 0))"
)


def forget_rows(db: Session, id: str, names: Sequence[str]) -> None:
    """Who sent a bundle can send it again, without what is gone."""
    kept = (
        "WITH spoken AS (SELECT DISTINCT import FROM desk.import_row, unnest(cells) cell WHERE {speaks}), "
        "ended AS (UPDATE desk.import SET problem = '', beat = NULL, since = now(), "
        "stage = CASE stage WHEN 'making' THEN 'made' ELSE 'given-up' END "
        "WHERE id IN (SELECT import FROM spoken) RETURNING id) "
        "UPDATE desk.import_row SET cells = NULL, refs = NULL, name = '', key = '', parent = '', words = '' "
        "WHERE import IN (SELECT id FROM ended)"
    )
    db.execute(text(kept.format(speaks=SPEAKS.format(it="cell"))), {"names": [*names, id]})
    of_it = (
        "UPDATE desk.import_row r SET draft = NULL, name = '', key = '', parent = '', field = '', words = '' "
        "FROM desk.import_row o WHERE o.import = r.import AND o.number = r.of AND o.record = :id"
    )
    db.execute(text(of_it), {"id": id})
    named = "UPDATE desk.import_row SET name = '', key = '', parent = '', words = '' WHERE {speaks}"
    words = "concat_ws(' ', name, key, parent, words)"
    db.execute(text(named.format(speaks=SPEAKS.format(it=words))), {"names": list(names)})


def forget_files(db: Session, _id: str, names: Sequence[str]) -> None:
    """A file, a sheet or a column may be called like it."""
    speaks = SPEAKS.format(it="name || columns::text")
    db.execute(
        text(f"UPDATE desk.import_file SET name = '', columns = '[]' WHERE {speaks}"),
        {"names": list(names)},
    )


def forget_words(db: Session, _id: str, names: Sequence[str]) -> None:
    speaks = SPEAKS.format(it="concat_ws(' ', title, array_to_string(aside, ' '), reason)")
    db.execute(
        text(f"UPDATE desk.import SET title = '', aside = '{{}}', reason = NULL WHERE {speaks}"),
        {"names": list(names)},
    )
