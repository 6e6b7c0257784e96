"""The support of a record in words, for readers' pages, the desk's preview and files."""

from app.i18n.translate import _, ngettext
from app.record.payloads import CitedPayload, PublishedOrigin
from app.vocabulary.support import ClaimCertainty, Corroboration


def support_labels(payload: CitedPayload) -> list[tuple[str, str]]:
    """Return code and label of the level of support, "Official document" and "Alleged"."""
    labels = [(code, _level_label(code, payload)) for code in payload["corroboration"]]
    if payload.get("certainty") == ClaimCertainty.ALLEGED:
        labels.append((ClaimCertainty.ALLEGED, _(ClaimCertainty.ALLEGED.label)))
    return labels


def _level_label(code: str, payload: CitedPayload) -> str:
    # Rows of early editions have no "certainty": their levels are shown without a number.
    if "certainty" in payload:
        is_beside = code == Corroboration.SINGLE_ANONYMOUS != payload["corroboration"][0]
        if is_beside:
            return _("With an anonymous source")
        if code == Corroboration.INDEPENDENT:
            return independent_sources(len(payload["origins"]))
        if code == Corroboration.SINGLE_ANONYMOUS and _is_several(payload["origins"][0]):
            return _("Several anonymous people, one report")
    return level_label(code)


def _is_several(origin: PublishedOrigin) -> bool:
    return origin["speakers"] > 1 or bool(origin.get("speakers_text"))


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
