"""The choice of notices about work on the page of an account."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.desk.identity.models import Person
from app.desk.identity.work_notices import BY_MAIL_ONLY, CHANNELS, Channel, kinds_for, refusals
from app.i18n.translate import N_, _

CHANNEL_NAMES: dict[Channel, str] = {"desk": N_("at the desk"), "mail": N_("by mail")}


@dataclass(frozen=True)
class NoticeChoice:
    """A kind of notice, with a box for each channel: channel, if offered, if on, its name."""

    code: str
    label: str
    when: str
    boxes: Sequence[tuple[str, bool, bool, str]]


def notice_choices(db: Session, person: Person) -> list[NoticeChoice]:
    refused = refusals(db, person)
    return [
        NoticeChoice(
            kind.value,
            _(kind.label),
            _(kind.definition),
            [
                (
                    channel,
                    channel == "mail" or kind not in BY_MAIL_ONLY,
                    (kind.value, channel) not in refused,
                    _(CHANNEL_NAMES[channel]),
                )
                for channel in CHANNELS
            ],
        )
        for kind in kinds_for(person)
    ]
