"""Labels of speakers, which pages and the desk share."""

from app.i18n.translate import _
from app.vocabulary.citations import USUAL_NAMING, Attribution, Naming

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
