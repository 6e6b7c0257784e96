"""Deciding on many drafts at once, on one page: what each says, and what came of it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.private_values import log_reading_of
from app.desk.drafts import commands as drafts
from app.desk.drafts.alignment import base_of
from app.desk.review.citations_to_confirm import Doubt, doubts
from app.desk.review.field_changes import Change, changes
from app.i18n.translate import ngettext
from app.web.urls import url

SEEN = re.compile(r"seen\.([0-9]{1,9})", re.ASCII)
"""The name of a draft's box, which says at which revision it was shown."""
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True)
class Line:
    """One draft that can be decided on: all that it changes or, where it is new, all that it says."""

    id: int
    record: str
    number: int
    title: str
    address: str
    is_new: bool
    is_ticked: bool
    changes: Sequence[Change]
    doubts: Sequence[Doubt]
    """To be confirmed by whoever approves it."""


def line(
    catalogue: Catalogue, draft: Draft, confirmed: Collection[str], *, is_ticked: bool
) -> Line:
    log_reading_of(catalogue.db, catalogue.person, draft.record, base_of(draft), draft.document)
    return Line(
        id=draft.id,
        record=draft.record,
        number=draft.number,
        title=catalogue.title(draft.kind, draft.document),
        address=url("review", id=draft.id),
        is_new=draft.base is None,
        is_ticked=is_ticked,
        changes=changes(catalogue, drafts.form_of(draft), base_of(draft), draft.document),
        doubts=doubts(catalogue, draft, confirmed),
    )


def seen_in(posted: Mapping[str, str]) -> dict[int, int]:
    """Which drafts were looked at, and at which revision each, as a page sent it."""
    return {
        int(found[1]): int(value)
        for name, value in posted.items()
        if (found := SEEN.fullmatch(name)) and NUMBER.fullmatch(value)
    }


def approved_all_the_same(approved: int, why_not: Sequence[str]) -> list[str]:
    """Why some were not approved, with what was."""
    if not approved:
        return list(why_not)
    return [
        ngettext("{count} is approved all the same.", "{count} are approved all the same.", approved), *why_not,
    ]  # fmt: skip
