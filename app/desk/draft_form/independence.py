"""The part of the form in which editors count sources as one, or apart (rule 3)."""

from collections.abc import Mapping, Sequence

from app.desk.draft_form.parts import AddButton, Part, RowList, Section, side_by_side
from app.i18n.translate import N_
from app.vocabulary.citations import Counting

INDEPENDENCE = Section(
    "joined_sources",
    N_("Independent sources"),
    (
        RowList(
            "joined_sources",
            N_("Decision"),
            (
                AddButton("joined", N_("Count two as one"), {"how": Counting.JOINED}),
                AddButton("one-voice", N_("Count speakers as one"), {"how": Counting.ONE_VOICE}),
                AddButton("split", N_("Count one apart"), {"how": Counting.SPLIT}),
            ),
        ),
    ),
    N_("Only if you know more than the rule can. Readers see your reason."),
)


def decision_parts(row: Mapping[str, str]) -> Sequence[Part]:
    """Return the fields of a decision. A source that counts apart has no second one."""
    is_split = row["how"] == Counting.SPLIT
    return ("member" if is_split else side_by_side("member", "other"), "reason")
