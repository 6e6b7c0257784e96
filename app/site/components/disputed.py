"""What is disputed about a record, in words, with the other values and who gives them."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.documents import date_in_words
from app.i18n.translate import _, inside
from app.record.names.directory import Directory
from app.record.payloads import EstimatePayload, EventPayload, PublishedCitation


@dataclass(frozen=True)
class DisputedField:
    """A disputed field: its label, and what the disputing citations say instead."""

    label: str
    words: str


def disputed_fields(
    payload: EventPayload | EstimatePayload, directory: Directory
) -> list[DisputedField]:
    """Return what is disputed, each with the other values and who gives them."""
    by_id = {cited["id"]: cited for cited in payload["form"].get("citations", []) if "id" in cited}
    found = []
    for field, ids in payload["disputed"].items():
        label = inside(directory.label("disputed", field))
        others = dict.fromkeys(words for id in ids if (words := _other_words(id, by_id, directory)))
        # l10n: what is disputed, and the other values with their speakers
        words = _("{what} ({others})").format(what=label, others="; ".join(others))
        found.append(DisputedField(label, words if others else label))
    return found


def _other_words(id: str, by_id: Mapping[str, PublishedCitation], directory: Directory) -> str:
    """Return who gives which other value; only the speaker if the citation has no value."""
    cited = by_id.get(id)
    if cited is None:
        return ""
    speaker = _speaker(cited, directory)
    value = date_in_words(cited["value"]) if cited.get("value") else ""
    if speaker and value:
        # l10n: who gives which other value
        return _("{speaker}: {value}").format(speaker=speaker, value=value)
    return _("a source gives: {value}").format(value=value) if value else speaker


def _speaker(cited: PublishedCitation, directory: Directory) -> str:
    """Return the first speaker in words, or its outlet; empty for an outlet's own voice."""
    if not cited["chain"]:
        return ""
    first = cited["chain"][0]
    if first.get("words"):
        return str(first["words"])
    return directory.label("outlet", first["outlet"]) if first.get("outlet") else ""
