"""What the seeds have of a report that its sheet does not say after it was entered."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft
from app.desk.sheets import commands
from app.documents import Document
from bench.report_texts import Report
from bench.seed_rows import Row, Seeds
from bench.sheet_editor import SheetEditor

NOT_ENTERED = frozenset({"id", "slug", "record", "source", "citation", "event"})


@dataclass
class LeftOut:
    """Words of the seeds by field, and how many of them the drafts do not have."""

    missing: Counter[str] = field(default_factory=Counter)
    all_words: int = 0

    @property
    def words(self) -> int:
        return self.missing.total()

    def add(self, name: str, text: str, found: str) -> None:
        count = len(text.split())
        self.all_words += count
        if text != found:
            self.missing[name] += count

    def in_words(self) -> str:
        parts = ", ".join(f"{name} {count}" for name, count in self.missing.most_common())
        return f"{self.words:,} of {self.all_words:,} words: {parts}"


def left_out(db: Session, seeds: Seeds, report: Report, editor: SheetEditor) -> LeftOut:
    """Compare the drafts of a report with the rows of the seeds that they were entered from."""
    missing = LeftOut()
    sheet = commands.find(db, editor.id)
    assert sheet is not None
    own = {row["row"]: row["record"] for row in sheet.document["rows"]}
    for id, row in _entered(seeds, report):
        record = editor.id if id == report.source else own[editor.keys[id]]
        draft = db.scalars(
            select(Draft).where(Draft.record == record).order_by(Draft.id.desc())
        ).first()
        assert draft is not None, id
        _compare(missing, row, draft.document)
        if id == report.source:
            continue
        for term in seeds.terms_of(id):
            _compare_row(missing, "term", term, draft.document["terms"], ("key", "code"))
        cited = zip(
            seeds.citations_of(id, report.source), draft.document["citations"], strict=False
        )
        for (citation, chain), found in cited:
            for name, text in citation.items():
                if name not in NOT_ENTERED:
                    missing.add(name, text, found.get(name, ""))
            for step in chain:
                _compare_row(missing, "speaker", step, found["chain"], ("attribution",))
    return missing


def _entered(seeds: Seeds, report: Report) -> Iterator[tuple[str, Row]]:
    yield report.source, seeds.record(report.source)
    for each in report.wanted(seeds):
        if each.is_first:
            yield each.record, seeds.record(each.record)


def _compare(missing: LeftOut, row: Row, document: Document) -> None:
    for name, text in row.items():
        if name not in NOT_ENTERED:
            missing.add(name, text, document.get(name, ""))


def _compare_row(
    missing: LeftOut, name: str, row: Row, found: list[Document], same: tuple[str, ...]
) -> None:
    alike = [each for each in found if all(each[part] == row.get(part, "") for part in same)]
    for part, text in row.items():
        missing.add(f"{part} of {name}", text, alike[0].get(part, "") if alike else "")
