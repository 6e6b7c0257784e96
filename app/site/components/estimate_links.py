"""How one estimate is related to another, in words, from each of the two."""

from app.i18n.translate import N_
from app.vocabulary.estimates import EstimateLink

FORWARD_LABELS = {
    EstimateLink.PART_OF: N_("Is part of"),
    EstimateLink.SUM_OF: N_("Is the sum of"),
    EstimateLink.REMAINDER_OF: N_("Is what remains of"),
    EstimateLink.SHARE_OF: N_("Is a share of"),
    EstimateLink.COMPARED_WITH: N_("Is compared with"),
    EstimateLink.ROUNDS: N_("Rounds"),
    EstimateLink.CORRECTS: N_("Is a correction by the same source of"),
    EstimateLink.REVISES: N_("Is a later number by the same speaker for"),
    EstimateLink.REPEATS: N_("Repeats"),
    EstimateLink.ALTERS: N_("Repeats, with a change,"),
    EstimateLink.CONFLICTS_WITH: N_("Conflicts, in the editors’ judgement, with"),
}
BACKWARD_LABELS = {
    EstimateLink.PART_OF: N_("Includes"),
    EstimateLink.SUM_OF: N_("Is counted in"),
    EstimateLink.REMAINDER_OF: N_("Has the remainder"),
    EstimateLink.SHARE_OF: N_("Has the share"),
    EstimateLink.COMPARED_WITH: N_("Is compared with"),
    EstimateLink.ROUNDS: N_("Is rounded as"),
    EstimateLink.CORRECTS: N_("Is corrected by the same source to"),
    EstimateLink.REVISES: N_("Is replaced by the same speaker with"),
    EstimateLink.REPEATS: N_("Is repeated by"),
    EstimateLink.ALTERS: N_("Is repeated, with a change, as"),
    EstimateLink.CONFLICTS_WITH: N_("Conflicts, in the editors’ judgement, with"),
}
