"""Empty what belongs to a former speaker when another kind of speaker is chosen."""

from app.desk.draft_form.documents import ROW, Document
from app.vocabulary.citations import Attribution

OF_A_SPEAKER = ("words", "named", "outlet", "speakers_text", "occasion")
"""Fields of a step that say who one speaker is."""
EMPTIED_FOR = frozenset(
    {
        Attribution.ANONYMOUS_OFFICIAL,
        Attribution.ANONYMOUS_SOURCE,
        Attribution.OWN_VOICE,
        Attribution.UNATTRIBUTED,
    }
)
"""Kinds of speaker that nothing of another speaker fits; for any other, the outlet is emptied.

`static/desk.js` empties the same.
"""


def empty_of_former_speakers(before: Document, after: Document) -> Document:
    """Return the document in which changed kinds of speaker hold nothing of the former one.

    Values that were changed together with the kind stay as typed.
    """
    former = {
        (citation[ROW], step[ROW]): step
        for citation in before.get("citations", [])
        for step in citation["chain"]
    }
    if not former:
        return after
    return {
        **after,
        "citations": [
            {
                **citation,
                "chain": [
                    _without_former(former.get((citation[ROW], step[ROW])), step)
                    for step in citation["chain"]
                ],
            }
            for citation in after["citations"]
        ],
    }


def _without_former(before: Document | None, step: Document) -> Document:
    if before is None or not before["attribution"] or step["attribution"] == before["attribution"]:
        return step
    names = OF_A_SPEAKER if step["attribution"] in EMPTIED_FOR else ("outlet",)
    return {**step, **{name: "" for name in names if step[name] == before[name]}}
