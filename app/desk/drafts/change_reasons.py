"""The reason and significance of a change, asked once for many records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.desk.approved.draft_models import Significance
from app.desk.draft_form.fields import FieldChoice
from app.documents import clean
from app.i18n.translate import _


@dataclass(frozen=True)
class ChangeReasonView:
    """The data of `desk/components/change_reason.html`."""

    reason: str
    weights: Sequence[FieldChoice]


def change_reason_view(posted: Mapping[str, str]) -> ChangeReasonView:
    """Return the values typed so far."""
    chosen = posted.get("why")
    weights = [
        FieldChoice(weight, _(weight.label), _(weight.definition), weight == chosen)
        for weight in Significance
    ]
    return ChangeReasonView(clean(posted.get("reason", "")), weights)


def missing_reasons(why: str, reason: str) -> list[str]:
    """Return an error for each missing value."""
    missing = [] if reason else [_("enter a reason for the change: readers will see it")]
    return missing if why in Significance.by_code() else [*missing, _("choose the type of change")]
