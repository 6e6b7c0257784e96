"""Decide on many drafts on one page."""

import re
from collections.abc import Mapping, Sequence

from app.i18n.translate import ngettext

SEEN = re.compile(r"seen\.([0-9]{1,9})", re.ASCII)
"""The input name of a draft; its value is the revision that was shown."""
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


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
