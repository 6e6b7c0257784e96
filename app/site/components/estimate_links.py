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
    EstimateLink.CORRECTS: N_("Is the source’s own correction of"),
    EstimateLink.REVISES: N_("Is the later figure of the same office or speaker for"),
    EstimateLink.REPEATS: N_("Repeats"),
    EstimateLink.ALTERS: N_("Passes on, with a change,"),
    EstimateLink.CONFLICTS_WITH: N_("Does not fit, in our judgement, with"),
}
BACKWARD_LABELS = {
    EstimateLink.PART_OF: N_("Includes"),
    EstimateLink.SUM_OF: N_("Is counted in"),
    EstimateLink.REMAINDER_OF: N_("Leaves as a remainder"),
    EstimateLink.SHARE_OF: N_("A share of it is"),
    EstimateLink.COMPARED_WITH: N_("Is compared with"),
    EstimateLink.ROUNDS: N_("Is rounded as"),
    EstimateLink.CORRECTS: N_("Is corrected by the source itself to"),
    EstimateLink.REVISES: N_("Is replaced by the office or speaker who gave it with"),
    EstimateLink.REPEATS: N_("Is repeated by"),
    EstimateLink.ALTERS: N_("Was changed, when it was passed on, to"),
    EstimateLink.CONFLICTS_WITH: N_("Does not fit, in our judgement, with"),
}
