"""Rows of the seeds, as an editor types them into the desk's forms."""

import csv

from app import paths
from app.desk.draft_form.advice import is_asked
from app.vocabulary.citations import ReportsEvent
from app.vocabulary.kinds import RecordKind

Row = dict[str, str]


def _rows(name: str) -> list[Row]:
    with (paths.SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Seeds:
    """Rows of the seeds by record."""

    def __init__(self) -> None:
        self.by_id = {
            row["id"]: row for name in ("sources", "events", "estimates") for row in _rows(name)
        }
        self.terms, self.citations, self.chains, self.copies = map(
            _rows, ("terms", "citations", "chains", "copies")
        )
        # Old citations may stay undecided; in a new report the desk asks.
        for row in self.citations:
            if row["record"][0] == RecordKind.EVENT and is_asked(row):
                row["reports_event"] = row["reports_event"] or ReportsEvent.YES.value

    def record(self, id: str) -> Row:
        skipped = {"id", "slug", "outlet", "url"}
        return {name: text for name, text in self.by_id[id].items() if text and name not in skipped}

    def terms_of(self, id: str) -> list[Row]:
        return [_without_empty(row, "record") for row in self.terms if row["record"] == id]

    def record_of_citation(self, id: str) -> str:
        return next(row["record"] for row in self.citations if row["id"] == id)

    def citations_of(self, id: str, source: str) -> list[tuple[Row, list[Row]]]:
        """Return the record's citations of the source or, if there are none, of other sources."""
        of_record = [row for row in self.citations if row["record"] == id and not row["about"]]
        cited = [row for row in of_record if row["source"] == source] or of_record
        return [
            (
                _without_empty(row, "record", "source"),
                [
                    _without_empty(step, "citation")
                    for step in self.chains
                    if step["citation"] == row["id"]
                ],
            )
            for row in cited
        ]


def _without_empty(row: Row, *skipped: str) -> Row:
    """Return what is typed: an unticked box has “no”, but the desk asks for this answer."""
    return {
        name: text
        for name, text in row.items()
        if text and (text != "no" or name == "reports_event") and name not in skipped
    }
