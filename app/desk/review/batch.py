"""Decide on many drafts on one page."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import FieldChange, changes
from app.desk.draft_form.private_values import log_reading_of
from app.desk.drafts import commands as drafts
from app.desk.drafts.update import base_document
from app.desk.review.citations_to_confirm import CitationToConfirm, doubts
from app.i18n.translate import ngettext
from app.web.urls import url

SEEN = re.compile(r"seen\.([0-9]{1,9})", re.ASCII)
"""The input name of a draft; its value is the revision that was shown."""
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True)
class ReviewRow:
    """One draft to decide on: its changes or, if it is new, all its fields."""

    id: int
    record: str
    number: int
    title: str
    address: str
    is_new: bool
    is_ticked: bool
    changes: Sequence[FieldChange]
    doubts: Sequence[CitationToConfirm]
    """Citations that the approver must confirm."""


def review_row(
    catalogue: Catalogue, draft: Draft, confirmed: Collection[str], *, is_ticked: bool
) -> ReviewRow:
    log_reading_of(
        catalogue.db, catalogue.person, draft.record, base_document(draft), draft.document
    )
    return ReviewRow(
        id=draft.id,
        record=draft.record,
        number=draft.number,
        title=catalogue.title(draft.kind, draft.document),
        address=url("review", id=draft.id),
        is_new=draft.base is None,
        is_ticked=is_ticked,
        changes=changes(catalogue, drafts.form_of(draft), base_document(draft), draft.document),
        doubts=doubts(catalogue, draft, confirmed),
    )


def revisions_seen(posted: Mapping[str, str]) -> dict[int, int]:
    """Return the drafts that the posted page showed, with the revision of each."""
    return {
        int(found[1]): int(value)
        for name, value in posted.items()
        if (found := SEEN.fullmatch(name)) and NUMBER.fullmatch(value)
    }


def errors_after_approved(approved: int, why_not: Sequence[str]) -> list[str]:
    """Return why some were not approved, after the number of those that were."""
    if not approved:
        return list(why_not)
    return [
        ngettext(
            "The other {count} record was approved.",
            "The other {count} records were approved.",
            approved,
        ),
        *why_not,
    ]
