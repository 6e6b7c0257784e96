"""The groups of speakers, each with a symbol on pages of the site and of the desk."""

from app.vocabulary.citations import USUAL_NAMING, Attribution, Naming

SPEAKER_GROUPS = {
    "doc": {Attribution.DOCUMENT},
    "rec": {Attribution.GOVERNMENT, Attribution.NAMED_OFFICIAL, Attribution.COMPANY},
    "anon": {Attribution.ANONYMOUS_OFFICIAL, Attribution.ANONYMOUS_SOURCE, Attribution.RESIDENT},
    "ana": {
        Attribution.EXPERT,
        Attribution.NGO,
        Attribution.UN_PANEL,
        Attribution.INTELLIGENCE,
        Attribution.OBSERVERS,
    },
}


def speaker_group(attribution: str, named: str | None = None) -> str:
    """Return the group whose symbol a speaker has. The default is that of an outlet.

    `named` is a code of `Naming`; without one, the kind of speaker decides.
    """
    group = next(
        (group for group, members in SPEAKER_GROUPS.items() if attribution in members), "out"
    )
    if named and named != USUAL_NAMING.get(attribution):
        return "anon" if named == Naming.UNNAMED else "rec" if group == "anon" else group
    return group
