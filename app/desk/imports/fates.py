"""Pass the fate of a row on to the rows that name it or belong to it."""

from collections.abc import Collection

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app.desk.imports.models import FATES_WITH_DRAFT, ImportRow, RowFate
from app.i18n.translate import _

REFERABLE_FATES = (*FATES_WITH_DRAFT, RowFate.SAME, RowFate.TWIN)


def spread_errors(db: Session, id: int) -> None:
    """Mark rows that name a row in error, directly or through others, as errors too."""
    spread_fate(
        db,
        id,
        REFERABLE_FATES,
        RowFate.ERROR,
        _("It refers to {id}, which has an error. Correct that row first."),
    )
    share_fates(db, id)
    unread = update(ImportRow).where(ImportRow.import_id == id, ImportRow.fate == "")
    db.execute(
        unread.values(
            fate=RowFate.ERROR, words=_("Its record has an error. Correct that row first.")
        )
    )


def spread_fate(
    db: Session, id: int, valid: Collection[RowFate], fate: RowFate, words: str
) -> None:
    """Give `fate` to rows that name, directly or through others, a row with no `valid` fate."""
    statement = text(
        "UPDATE desk.import_row r SET fate = :fate, field = '', "
        "words = replace(:words, '{id}', substr(missing.key, 3)) "
        "FROM (SELECT n.number, min(ref) AS key FROM desk.import_row n, unnest(n.refs) ref "
        "WHERE n.import = :id AND n.fate = ANY (:standing) AND n.refs IS NOT NULL "
        "AND NOT EXISTS (SELECT "
        "FROM desk.import_row t JOIN desk.import_row o ON o.import = t.import AND o.number = t.of "
        "WHERE t.import = :id AND t.key = ref AND o.fate = ANY (:standing)) "
        "GROUP BY n.number) missing "
        "WHERE r.import = :id AND r.number = missing.number"
    )
    values = {
        "id": id,
        "fate": fate.value,
        "words": words,
        "standing": [each.value for each in valid],
    }
    while db.connection().execute(statement, values).rowcount:
        pass


def share_fates(db: Session, id: int) -> None:
    """Give child rows the fate of their record."""
    db.execute(
        text(
            "UPDATE desk.import_row c SET fate = o.fate FROM desk.import_row o "
            "WHERE c.import = :id AND o.import = :id "
            "AND o.number = c.of AND c.number <> c.of AND c.fate <> 'error' AND c.fate <> o.fate"
        ),
        {"id": id},
    )
