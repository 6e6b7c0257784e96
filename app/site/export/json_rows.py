"""The rows of a page of a list as JSON, cached."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from app.caches import Cache
from app.record.lists.backend import PagePositions
from app.record.names.directory import Directory
from app.site.export import list_columns
from app.site.export.column_types import compact_json

JSON_CACHE: Cache[str] = Cache("json-rows")


def rows_as_json(db: Session, kind: str, page: PagePositions, directory: Directory) -> list[str]:
    """Return the rows of a page as JSON. Only rows missing in the cache are read from SQL."""

    def write(seqs: Collection[int]) -> dict[int, str]:
        return {
            seq: compact_json(list_columns.as_json(kind, row))
            for seq, row in page.rows(db, [*seqs]).items()
        }

    # Rows of past editions have been read already; never cached.
    if page.read:
        return [*write(page.read).values()]
    # JSON has no names in it. The directory is in the key because a purge replaces it, so that
    # purged rows are never served from the cache.
    found = JSON_CACHE.of_each({place.seq: (place.seq, directory) for place in page.places}, write)
    return [found[place.seq] for place in page.places if place.seq in found]
