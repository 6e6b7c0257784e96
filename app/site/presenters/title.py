"""Titles of records, for citations and lists."""

from collections.abc import Callable, Mapping
from typing import Any

from app.i18n.formats import enumerate_words
from app.i18n.translate import _, inside
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.names.support_labels import shown_labels
from app.record.payloads import event_payload, form_of, source_payload
from app.record.sql.rows import ListRow
from app.site.presenters.estimate import EstimateView
from app.vocabulary.kinds import NOUN_OF_KIND, RecordKind
from app.vocabulary.sources import Extent, TitleBasis

TitleParts = tuple[str, str, str]
"""Title, speaker, remark."""


def title_language(form: Mapping[str, Any]) -> str:
    """Return the language of a source's title; "" if it is our own words, or of another kind."""
    is_ours = form.get("title_basis", TitleBasis.OWN_WORDS) == TitleBasis.OWN_WORDS
    return "" if is_ours else str(form.get("language", ""))


def title_parts(row: Version | ListRow, directory: Directory) -> TitleParts:
    """Return title, speaker and remark of a live record with a page of its own."""
    return TITLE_OF_KIND.get(row.id[0], _named)(row, directory)


def _event(row: Version | ListRow, directory: Directory) -> TitleParts:
    payload = event_payload(row)
    speaker = [label for _code, label in shown_labels(payload)]
    if disputed := [directory.label("disputed", code) for code in payload["disputed"]]:
        speaker.append(_("disputed: {what}").format(what=enumerate_words(disputed)))
    return payload["form"]["title"], "", "; ".join(inside(label) for label in speaker)


def _estimate(row: Version | ListRow, directory: Directory) -> TitleParts:
    """Return the title of an estimate, with its speakers and outlets."""
    figure = EstimateView(row, directory)
    title = _("{figure}: {what}, {where}, {time} ({whom})").format(
        figure=figure.words[:1].upper() + figure.words[1:],
        what=inside(figure.counts),
        where=enumerate_words(place.label for place in figure.places),
        time=figure.when,
        whom=figure.population,
    )
    # l10n: who gave a number, in a citation of this page
    return title, _("by {speaker}").format(speaker=figure.said_by().striptags()), ""


def _source(row: Version | ListRow, directory: Directory) -> TitleParts:
    payload = source_payload(row)
    form = payload["form"]
    extents = {copy["extent"] for copy in form.get("copies", [])}
    words = _("{outlet}, {when}, not read by us")
    if extents != {Extent.NONE}:
        words = _("{outlet}, {when}")
    speaker = words.format(
        outlet=directory.label("outlet", form["outlet"]),
        when=payload["published_words"] or _("no date"),
    )
    return form["title"], speaker, ""


def _outlet(row: Version | ListRow, directory: Directory) -> TitleParts:
    return (
        _("{outlet} as a source").format(outlet=directory.label("outlet", form_of(row)["code"])),
        "",
        "",
    )


def _named(row: Version | ListRow, directory: Directory) -> TitleParts:
    """Return the name of a record that is not itself a source of anything."""
    code = row.payload["form"]["code"]
    return directory.label(NOUN_OF_KIND[row.id[0]], code), "", ""


TITLE_OF_KIND: dict[str, Callable[[Version | ListRow, Directory], TitleParts]] = {
    RecordKind.EVENT: _event,
    RecordKind.ESTIMATE: _estimate,
    RecordKind.SOURCE: _source,
    RecordKind.OUTLET: _outlet,
}
