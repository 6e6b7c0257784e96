"""The actors of an event by their part in it, with the wording of the sources."""

from markupsafe import Markup, escape

from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _
from app.record.names.directory import Directory
from app.record.payloads import PublishedEvent, PublishedTerm
from app.vocabulary.events import Role, Step, TermKey
from app.web.urls import url

ACTOR_ROLE_LABELS = {
    Role.ORDERS: N_("Ordered by"),
    Role.AGREES: N_("Agreed by"),
    Role.SAYS: N_("Said by"),
    Role.CARRIES_OUT: N_("Carried out by"),
    Role.TOLD: N_("Received the order"),
    Role.AFFECTED: N_("Also affected"),
    Role.DENIES: N_("Denied by"),
}
PLANNED_BY = N_("To be carried out by")
"""The label of who carries out what is only planned."""
ACTORS_IN_SENTENCE = {
    # l10n: the actors of an event, below its title, such as "ordered by the UN"
    Role.ORDERS: N_("ordered by {actors}"),
    Role.AGREES: N_("agreed by {actors}"),
    Role.SAYS: N_("said by {actors}"),
    Role.CARRIES_OUT: N_("carried out by {actors}"),
    Role.TOLD: N_("order received by {actors}"),
    Role.AFFECTED: N_("also affected: {actors}"),
    Role.DENIES: N_("denied by {actors}"),
}
PLANNED_BY_IN_SENTENCE = N_("to be carried out by {actors}")


def linked_actors(form: PublishedEvent, directory: Directory) -> Markup:
    """Return the actors that have pages in the edition, linked: "ordered by the UN; …"."""
    is_only_planned = {stage["step"] for stage in form.get("stages", [])} == {Step.PLANNED}
    found: dict[str, list[Markup]] = {}
    for role, words in ACTORS_IN_SENTENCE.items():
        is_plan = is_only_planned and role is Role.CARRIES_OUT
        message = PLANNED_BY_IN_SENTENCE if is_plan else words
        for term in form["terms"]:
            is_actor = term["key"] == TermKey.ACTOR and term.get("code", "") in directory.actors
            if is_actor and term["role"] == role:
                found.setdefault(_(message), []).append(_linked(term, directory))
    return Markup("; ").join(
        escape(message).format(actors=Markup(enumerate_words(dict.fromkeys(actors))))  # noqa: S704 - escaped
        for message, actors in found.items()
    )


def _linked(term: PublishedTerm, directory: Directory) -> Markup:
    code, printed = term["code"], term.get("printed", "")
    label = directory.label("actor", code)
    name = Markup('<a href="{}">{}</a>').format(url("actor", code=code), label)
    if printed and printed.casefold() != label.casefold():
        name = escape(_("{name} (“{printed}”)")).format(name=name, printed=printed)
    return name
