"""What the desk says of each kind of record: headings, buttons and hints."""

from dataclasses import dataclass

from app.i18n.translate import N_
from app.vocabulary.kinds import RecordKind


@dataclass(frozen=True)
class KindWords:
    """The words of one kind. Without `make`, no record is begun from its name."""

    new: str
    change: str
    hint: str
    """What can be typed where the form asks for such a record."""
    make: str = ""


KIND_WORDS: dict[str, KindWords] = {
    RecordKind.EVENT: KindWords(
        N_("New event"), N_("Change event {id}"), N_("Its id, or words from its title.")
    ),
    RecordKind.SOURCE: KindWords(
        N_("New source"),
        N_("Change source {id}"),
        N_("Its address or id, or words from its title."),
        N_("Enter it as a new source"),
    ),
    RecordKind.ESTIMATE: KindWords(
        N_("New estimate"), N_("Change estimate {id}"), N_("Its id, or words from its description.")
    ),
    RecordKind.OUTLET: KindWords(
        N_("New outlet"),
        N_("Change outlet {id}"),
        N_("Any name, or its id."),
        N_("Enter it as a new outlet"),
    ),
    RecordKind.PLACE: KindWords(
        N_("New place"),
        N_("Change place {id}"),
        N_("Any name, or its id: 丹东, 단둥, Dandong, P3."),
        N_("Enter it as a new place"),
    ),
    RecordKind.LAW: KindWords(
        N_("New law"),
        N_("Change law {id}"),
        N_("Its symbol, title or id. Empty if not named."),
        N_("Enter it as a new law"),
    ),
    RecordKind.ACTOR: KindWords(
        N_("New actor"),
        N_("Change actor {id}"),
        N_("Any name, or its id. Empty if it has no page."),
        N_("Enter it as a new actor"),
    ),
    RecordKind.PAGE: KindWords(
        N_("New page"), N_("Change page {id}"), N_("Its title, code or id.")
    ),
}
"""By kind, in the order of the buttons."""
