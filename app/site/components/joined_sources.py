"""The editors' decisions on which sources count as one, in words (rule 3)."""

from collections.abc import Iterable, Sequence

from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _
from app.kinds import Citation, JoinedSources
from app.vocabulary.citations import Counting

SENTENCES = {
    Counting.JOINED: N_("Counted as one source ({ids}): “{reason}”."),
    Counting.ONE_VOICE: N_("Counted as one speaker ({ids}): “{reason}”."),
    Counting.SPLIT: N_("Counted as independent ({ids}): “{reason}”."),
}


def decisions_in_words(joined: Iterable[JoinedSources], citations: Sequence[Citation]) -> list[str]:
    """Return the decisions about any of these citations, each with its reason."""
    return [
        _(SENTENCES[decision.how]).format(
            ids=enumerate_words(id for id in (decision.member, decision.other) if id),
            reason=decision.reason.rstrip("."),
        )
        for decision in joined
        if any(decision.applies_to(citation) for citation in citations)
    ]
