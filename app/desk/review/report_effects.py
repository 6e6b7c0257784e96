"""What readers will see of a row of a report: its card, or what changes on a page that exists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft
from app.desk.approved.store import published_version
from app.desk.drafts.preview import PreviewSummary, preview_summary
from app.desk.drafts.trial_publish import Trial
from app.documents import Document
from app.i18n.formats import enumerate_words
from app.i18n.translate import _, ngettext
from app.record.editions import select_edition
from app.record.models import Version
from app.record.names.directory import Directory, read_directory
from app.record.names.support_labels import reports_label, support_labels
from app.record.payloads import CitedPayload, cited_payload
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import CITING_KINDS, RecordKind


@dataclass(frozen=True)
class ReaderCard:
    """A new record as lists will show it."""

    title: str
    summary: PreviewSummary
    places: Sequence[str]


@dataclass(frozen=True)
class PageChange:
    """A line of a public page before and after; both are the same if it stays."""

    title: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class ReaderEffects:
    """What readers will see: a card of a new record, or the changes of a published page."""

    card: ReaderCard | None = None
    changes: Sequence[PageChange] = ()
    sentence: str = ""
    """The effect on a published record, for the summary of the report."""


@dataclass(frozen=True)
class ReadersState:
    """What readers see of a record before the report is published."""

    payload: CitedPayload | None
    """None for kinds without citations."""
    lines: Mapping[str, str]


def published_states(db: Session, drafts: Sequence[Draft]) -> dict[str, ReadersState]:
    """Return what readers see of the records now. Call this outside of a trial publication."""
    states: dict[str, ReadersState] = {}
    directory = read_directory(db, select_edition(db))
    for draft in drafts:
        row = published_version(db, draft.record)
        if row is not None and row.is_live:
            is_citing = draft.kind in CITING_KINDS
            payload = cited_payload(row) if is_citing else None
            states[draft.record] = ReadersState(payload, _lines(row, directory) if payload else {})
    return states


def reader_effects(
    draft: Draft, published: Mapping[str, ReadersState], trials: Mapping[str, Trial]
) -> ReaderEffects:
    tried, before = trials.get(draft.record), published.get(draft.record)
    if tried is None:
        return ReaderEffects()
    if before is None:
        return ReaderEffects(card=_card(tried, draft.document))
    if before.payload is None:
        return ReaderEffects()
    after = _lines(tried.row, tried.directory)
    changes = [PageChange(title, before.lines[title], after[title]) for title in after]
    return ReaderEffects(changes=changes, sentence=_sentence(before.payload, tried))


def _card(tried: Trial, document: Document) -> ReaderCard:
    form = tried.row.payload["form"]
    places = [
        tried.directory.label("place", term["code"])
        for term in form.get("terms", ())
        if term["key"] == TermKey.PLACE and term.get("code")
    ]
    title = form.get("title", "") if tried.row.kind == RecordKind.EVENT else ""
    if tried.row.kind == RecordKind.SOURCE:
        title = document["title_en"] or document["title"]
    return ReaderCard(title, preview_summary(tried), list(dict.fromkeys(places)))


def _lines(row: Version, directory: Directory) -> dict[str, str]:
    payload = cited_payload(row)
    disputed = [directory.label("disputed", code) for code in payload["disputed"]]
    return {
        _("Support"): enumerate_words(label for _code, label in support_labels(payload)),
        _("Disputed"): enumerate_words(disputed) or _("nothing"),
        _("Reports"): reports_label(payload) or _("none"),
    }


def _sentence(was: CitedPayload, tried: Trial) -> str:
    """Return the effect of a row on a published record in words, to follow its id."""
    now = cited_payload(tried.row)
    parts = []
    gained = len(set(now["sources"]) - set(was["sources"]))
    if gained:
        parts.append(ngettext("gains {count} report", "gains {count} reports", gained))
    if new := [code for code in now["disputed"] if code not in was["disputed"]]:
        what = [tried.directory.label("disputed", code).lower() for code in new]
        parts.append(_("becomes disputed ({what})").format(what=enumerate_words(what)))
    if gone := [code for code in was["disputed"] if code not in now["disputed"]]:
        what = [tried.directory.label("disputed", code).lower() for code in gone]
        parts.append(_("is no longer disputed ({what})").format(what=enumerate_words(what)))
    labels = [
        enumerate_words(label for _code, label in support_labels(each)) for each in (was, now)
    ]
    if labels[0] == labels[1]:
        parts.append(_("its support stays the same"))
    else:
        parts.append(_("its support becomes “{support}”").format(support=labels[1]))
    return _("; ").join(parts)
