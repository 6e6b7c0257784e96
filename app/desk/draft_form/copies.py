"""The copies of a cited source: which was read, which say the same, and which leave it out."""

from collections.abc import Iterator

from sqlalchemy import select

from app import documents
from app.desk.approved.models import SourceParent
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.views import CopyOffer, FieldChoice
from app.documents import Document, parts_of
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.vocabulary.kinds import RecordKind
from app.vocabulary.sources import Extent, HostKind

SAID_AND_MISSING = ("also_in", "missing_in")


def choices(catalogue: Catalogue, source: str) -> Iterator[FieldChoice]:
    """Yield the numbered copies of a source."""
    document = catalogue.document(catalogue.meant("source", source.strip()))
    for copy in document["copies"] if document else ():
        if copy["id"]:
            yield FieldChoice(copy["id"], _copy_in_words(copy))


def _copy_in_words(copy: Document) -> str:
    host, extent = HostKind.by_code().get(copy["host_kind"]), Extent.by_code().get(copy["extent"])
    parts = [
        copy["id"],
        copy["host"] or (_(host.label) if host else ""),
        _(extent.label).lower() if extent else "",
    ]
    return enumerate_words(filter(None, parts))


def offers(catalogue: Catalogue, name: str, row: Document, at: str) -> list[CopyOffer]:
    """Return the other copies of the citation's source; for `missing_in` also its relays."""
    chosen = parts_of(row[name])
    found = {
        choice.code: choice.label
        for choice in choices(catalogue, row["source"])
        if choice.code != row["copy_read"]
    }
    if name == "missing_in":
        source = catalogue.meant("source", row["source"].strip())
        found |= (
            {id: catalogue.label(id) for id in _passing_on(catalogue, source)} if source else {}
        )
    found |= {code: code for code in chosen if code not in found}
    return [
        CopyOffer(label, f"copy {at}{name} {code}", code in chosen) for code, label in found.items()
    ]


def _passing_on(catalogue: Catalogue, source: str) -> list[str]:
    """Return ids of the sources that derive from this one, approved or drafted."""
    approved = select(SourceParent.child).where(SourceParent.source == source)
    drafted = [
        id
        for id, document in catalogue.drafts_of(RecordKind.SOURCE)
        if any(row["source"] == source for row in document["derived_from"])
    ]
    return sorted({*catalogue.db.scalars(approved), *drafted}, key=lambda id: int(id[1:]))


def run_copy_action(document: Document, line: str) -> tuple[Document, str]:
    """Add a copy to one of the two lists, or take it off; it is never on both."""
    match line.split(" "):
        case ["copy", path, code] if path.rpartition(".")[2] in SAID_AND_MISSING:
            at, _dot, name = path.rpartition(".")
            try:
                texts = {
                    each: parts_of(documents.text_at(document, f"{at}.{each}"))
                    for each in SAID_AND_MISSING
                }
            except LookupError:
                return document, ""
            was_chosen = code in texts[name]
            for each, codes in texts.items():
                kept = [other for other in codes if other != code]
                if each == name and not was_chosen:
                    kept.append(code)
                documents.set_text(document, f"{at}.{each}", ", ".join(kept))
            return document, path
    return document, ""
