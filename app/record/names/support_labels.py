"""Speakers and the support of a record in words, for pages, the desk's preview and files."""

from app.i18n.formats import country_name, enumerate_words
from app.i18n.translate import _, inside, ngettext
from app.record.names.directory import Directory
from app.record.payloads import CitedPayload, EstimatePayload, EventPayload
from app.vocabulary.citations import USUAL_NAMING, Attribution, Naming
from app.vocabulary.events import Role, TermKey
from app.vocabulary.named import ActorKind
from app.vocabulary.support import ClaimCertainty, Corroboration, Disputed

BODIES = {
    Attribution.GOVERNMENT,
    Attribution.INTELLIGENCE,
    Attribution.NGO,
    Attribution.UN_PANEL,
}
"""Kinds that are known by name, though the person who speaks for them is not."""


def kind_of_speaker(attribution: str, named: str | None = None) -> str:
    """Return the label of a kind of speaker, and whether it is named if that is unusual."""
    label = _(Attribution(attribution).label)
    if not named or named == USUAL_NAMING.get(attribution):
        return label
    if named == Naming.UNNAMED and attribution in BODIES:
        # l10n: a body is named, the person who speaks for it is not
        return _("{kind}, person not named").format(kind=label)
    if named == Naming.UNNAMED:
        # l10n: a kind of speaker, such as "Company, not named"
        return _("{kind}, not named").format(kind=label)
    return _("{kind}, named").format(kind=label)


def support_labels(payload: CitedPayload) -> list[tuple[str, str]]:
    """Return code and label of the level of support, "Official document" and "Alleged"."""
    labels = [(code, _level_label(code, payload)) for code in payload["corroboration"]]
    if payload.get("certainty") == ClaimCertainty.ALLEGED:
        labels.append((ClaimCertainty.ALLEGED, _(ClaimCertainty.ALLEGED.label)))
    return labels


def shown_labels(payload: CitedPayload) -> list[tuple[str, str]]:
    """Return the labels for readers: a document that was read needs no other support.

    How often reports repeat it says nothing of it; independent sources do.
    """
    labels = support_labels(payload)
    codes = {code for code, _label in labels}
    if Corroboration.DOCUMENTED not in codes or Corroboration.INDEPENDENT in codes:
        return labels
    of_document = {Corroboration.DOCUMENTED, ClaimCertainty.ALLEGED}
    return [(code, label) for code, label in labels if code in of_document]


def sure(payload: CitedPayload) -> str:
    """Return how sure a record is: "One named source, alleged"."""
    first, *others = (label for _code, label in shown_labels(payload))
    return enumerate_words((first, *map(inside, others)))


def disputed_in_words(payload: EventPayload | EstimatePayload, directory: Directory) -> str:
    """Return "Disputed: China denies it", or what is disputed; "" if nothing is."""
    if not payload["disputed"]:
        return ""
    deniers = {
        _denier(directory, term["code"])
        for term in payload["form"].get("terms", ())
        if term["key"] == TermKey.ACTOR and term["role"] == Role.DENIES and "code" in term
    }
    if len(deniers) == 1 and Disputed.OCCURRENCE in payload["disputed"] and all(deniers):
        return _("Disputed: {country} denies it").format(country=deniers.pop())
    fields = (inside(directory.label("disputed", field)) for field in payload["disputed"])
    return _("Disputed: {what}").format(what=enumerate_words(fields))


def _denier(directory: Directory, code: str) -> str:
    """Return the country for which a public body speaks; "" for others."""
    actor = directory.actors.get(code)
    is_state = actor is not None and actor.kind is ActorKind.PUBLIC_BODY
    return country_name(actor.country) if actor and is_state else ""


def _level_label(code: str, payload: CitedPayload) -> str:
    # Rows of early editions have no "certainty": their levels are shown without a number.
    if "certainty" in payload:
        if code == Corroboration.SINGLE_ANONYMOUS != payload["corroboration"][0]:
            return _("With anonymous sourcing")
        if code == Corroboration.INDEPENDENT:
            return independent_sources(len(payload["origins"]))
    return level_label(code)


def level_label(code: str, independent: int = 0) -> str:
    """Return the label of a level, with the number of independent sources if there is one."""
    if code == Corroboration.INDEPENDENT and independent:
        return independent_sources(independent)
    member = Corroboration.by_code().get(code)
    return _(member.label) if member else code


def independent_sources(count: int) -> str:
    return ngettext("{count} independent source", "{count} independent sources", count)


def reports_label(payload: CitedPayload) -> str:
    """Return "3 reports, 2 outlets": those in support, or all cited if nothing supports it.

    Rows of early editions know only the cited ones.
    """
    reports = payload.get("supporting_sources", payload["sources"])
    outlets = payload.get("supporting_outlets", payload["outlets"])
    if not reports:
        cited = len(payload["sources"])
        return ngettext("{count} source cited", "{count} sources cited", cited) if cited else ""
    return _("{reports}, {outlets}").format(
        reports=ngettext("{count} report", "{count} reports", len(reports)),
        outlets=ngettext("{count} outlet", "{count} outlets", len(outlets)),
    )
