"""Performs an act after a second person has confirmed it, and describes its consequences before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.desk.approved.merge_models import Merging
from app.desk.approved.models import Record
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import FieldChange, changes
from app.desk.draft_form.private_values import log_reading_of
from app.desk.identity.confirmations import (
    Confirmation,
    ConfirmationState,
    GuardedAct,
    record_decision,
    waiting_for,
)
from app.desk.identity.models import Person
from app.desk.merges.commands import MergeProposal, merge, proposal_of, result, seen, undo
from app.desk.purges.commands import PurgeCause, add_to_list_after_commit, purge
from app.desk.review.withdraw import GOES, STAYS, republish, withdraw
from app.documents import align_rows, document_of
from app.errors import InvalidStateError
from app.i18n.formats import as_sentence
from app.i18n.translate import _
from app.kinds import FORMS
from app.record.models import Version
from app.record.publishing.validation import PublishError
from app.settings import Settings


def confirm(db: Session, confirmation: Confirmation, by: Person, settings: Settings) -> int | None:
    """Perform the act in the name of the confirming person; return the edition, if there is one.

    Raises PublishError where the record has changed so that the act is impossible, and
    InvalidStateError where it was performed already.
    """
    record, arguments, reason = confirmation.record, confirmation.arguments, confirmation.reason
    edition: int | None
    match GuardedAct(confirmation.act):
        case GuardedAct.WITHDRAW:
            edition = withdraw(
                db, record, by, reason, arguments["chosen"], others=arguments.get("others", ())
            ).no
        case GuardedAct.PUBLISH_AGAIN:
            edition = republish(db, record, by, reason, with_others=arguments["with_others"]).no
            for hidden in waiting_for(db, record, GuardedAct.HIDE):
                record_decision(db, hidden, by, ConfirmationState.DECLINED, reason)
        case GuardedAct.MERGE:
            edition = merge(db, by, _merge_proposal(db, confirmation)).no
        case GuardedAct.UNDO_MERGE:
            edition = undo(
                db, by, db.get_one(Merging, arguments["merging"], with_for_update=True), reason
            ).no
        case GuardedAct.PURGE:
            done = purge(db, record, by, PurgeCause(arguments["cause"]), reason)
            edition = done.edition if done else None
            add_to_list_after_commit(db, settings.purge_list, record)
        case GuardedAct.HIDE:
            edition = arguments["edition"]
            if was_shown_since(db, confirmation):
                raise PublishError(
                    [
                        _(
                            "readers have seen it again since it was hidden: "
                            "decline or cancel this request"
                        )
                    ]
                )
    record_decision(db, confirmation, by, ConfirmationState.CONFIRMED)
    return edition


def decline(db: Session, confirmation: Confirmation, by: Person, words: str) -> None:
    """Close the request without its act. Publishes a hidden record again, with `words`."""
    show_again_if_hidden(db, confirmation, by, words)
    record_decision(db, confirmation, by, ConfirmationState.DECLINED, words)


def take_back(db: Session, confirmation: Confirmation, by: Person, words: str) -> None:
    show_again_if_hidden(db, confirmation, by, words)
    record_decision(db, confirmation, by, ConfirmationState.TAKEN_BACK, words)


def show_again_if_hidden(db: Session, confirmation: Confirmation, by: Person, words: str) -> None:
    """Undo an urgent hide, but not a later withdrawal, which two people decided."""
    if confirmation.act != GuardedAct.HIDE or was_shown_since(db, confirmation):
        return
    try:
        republish(db, confirmation.record, by, words, with_others=True)
    except InvalidStateError:
        # The record has been purged since it was hidden.
        return


def was_shown_since(db: Session, hidden: Confirmation) -> bool:
    """Return whether readers have seen the record since the edition that hid it."""
    shown = select(Version.seq).where(Version.id == hidden.record, Version.is_live)
    later = or_(Version.closed.is_(None), Version.closed > hidden.arguments["edition"])
    return db.scalars(shown.where(later).limit(1)).first() is not None


@dataclass(frozen=True)
class Consequences:
    """What a confirmation would do, for the person who decides."""

    lines: Sequence[str]
    changes: Sequence[FieldChange] = ()
    """Changes of the remaining record in a merge."""


def consequences(db: Session, person: Person, confirmation: Confirmation) -> Consequences:
    found = _consequences_of_act(db, person, confirmation)
    row = db.get(Record, confirmation.record)
    if row is None or row.saved_at <= confirmation.asked_at:
        return found
    return replace(
        found,
        lines=[
            *found.lines,
            _("The record has changed since this was requested. Check it first."),
        ],
    )


def _consequences_of_act(db: Session, person: Person, confirmation: Confirmation) -> Consequences:
    arguments = confirmation.arguments
    match GuardedAct(confirmation.act):
        case GuardedAct.WITHDRAW:
            chosen = arguments["chosen"]
            going = [id for id, choice in chosen.items() if choice == GOES]
            goes = [
                _("Withdrawn with it: {id}").format(id=id)
                for id in (*arguments.get("others", ()), *going)
            ]
            stays = [
                _("No longer refers to it: {id}").format(id=id)
                for id, choice in chosen.items()
                if choice == STAYS
            ]
            return Consequences([*goes, *stays])
        case GuardedAct.PUBLISH_AGAIN if arguments["with_others"]:
            return Consequences([_("With the records that changed with it.")])
        case GuardedAct.UNDO_MERGE:
            merging = db.get(Merging, arguments["merging"])
            message = _("{gone} becomes a separate record again.")
            return Consequences([message.format(gone=merging.gone)] if merging else [])
        case GuardedAct.PURGE:
            return Consequences(
                [
                    _("Reason shown to readers: {cause}").format(
                        cause=_(PurgeCause(arguments["cause"]).label)
                    )
                ]
            )
        case GuardedAct.HIDE:
            message = _("Hidden in edition {edition}, because of message {letter}.")
            lines = [message.format(edition=arguments["edition"], letter=arguments["letter"])]
            if was_shown_since(db, confirmation):
                lines.append(
                    _("Readers have seen it again since then. Declining changes nothing for them.")
                )
            return Consequences(lines)
        case GuardedAct.MERGE:
            return _merge_consequences(db, person, confirmation)
    return Consequences([])


def _merge_consequences(db: Session, person: Person, confirmation: Confirmation) -> Consequences:
    try:
        proposal = _merge_proposal(db, confirmation)
        before, after = (document_of(form) for form in result(db, proposal))
    except PublishError as refused:
        return Consequences([as_sentence(reason) for reason in refused.reasons])
    for record in (proposal.kept, proposal.gone):
        log_reading_of(db, person, record, before, after)
    message = _("{gone} redirects to {kept}. Changes in {kept}:")
    catalogue, form = Catalogue(db, person), FORMS[proposal.kept[0]]
    return Consequences(
        [message.format(gone=proposal.gone, kept=proposal.kept)],
        changes(catalogue, form, before, align_rows(form, after, before)),
    )


def _merge_proposal(db: Session, confirmation: Confirmation) -> MergeProposal:
    first, second = (
        db.get(Record, id) for id in (confirmation.record, confirmation.arguments["with"])
    )
    if first is None or second is None or confirmation.arguments["seen"] != seen(first, second):
        raise PublishError(
            [
                _(
                    "one of the two records has changed since this was requested: decline it, "
                    "and compare them again"
                )
            ]
        )
    return proposal_of(first.id, second.id, confirmation.arguments)
