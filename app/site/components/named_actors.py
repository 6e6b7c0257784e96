"""The actors of an event by their part in it, with the wording of the sources."""

from app.i18n.translate import N_, _, inside
from app.record.names.directory import Directory
from app.record.payloads import PublishedEvent, PublishedTerm
from app.site.components.term_doubt import DOUBTS
from app.site.components.term_words import term_in_words
from app.vocabulary.citations import Certainty
from app.vocabulary.events import Role, Step, TermKey

ACTOR_ROLE_LABELS = {
    Role.ORDERS: N_("Ordered by"),
    Role.AGREES: N_("Agreed by"),
    Role.SAYS: N_("Said by"),
    Role.CARRIES_OUT: N_("Carried out by"),
    Role.TOLD: N_("Told"),
    Role.AFFECTED: N_("Also affected"),
    Role.DENIES: N_("Denied by"),
}
PLANNED_BY = N_("To be carried out by")
"""The label of who carries out what is only planned."""


def actors_in_words(form: PublishedEvent, directory: Directory) -> str:
    """Return the actors that have pages in the edition: "ordered by the UN; denied by …".

    Without links: of the 1,500 elements that a list may have before anything is opened, /events
    has 1,490 over the seeds, and twenty cards name about twenty actors.
    """
    is_only_planned = {stage["step"] for stage in form.get("stages", [])} == {Step.PLANNED}
    found: dict[str, list[str]] = {}
    for role, words in ACTOR_ROLE_LABELS.items():
        label = PLANNED_BY if is_only_planned and role is Role.CARRIES_OUT else words
        for term in form["terms"]:
            is_actor = term["key"] == TermKey.ACTOR and term.get("code", "") in directory.actors
            if is_actor and term["role"] == role:
                found.setdefault(inside(_(label)), []).append(_in_words(term, directory))
    return "; ".join(
        _("{part} {actors}").format(part=label, actors=_(", ").join(dict.fromkeys(actors)))
        for label, actors in found.items()
    )


def _in_words(term: PublishedTerm, directory: Directory) -> str:
    label = directory.label("actor", term["code"])
    words = term_in_words(label, term.get("printed"), None)
    certainty = Certainty(term["certainty"]) if "certainty" in term else None
    if certainty in DOUBTS:
        return _("{name}, {doubt}").format(name=words, doubt=_(DOUBTS[certainty]))
    return words
