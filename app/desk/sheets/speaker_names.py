"""How the text names the speakers of a sheet, and when these words are copied.

“Who, in words” is public. Accepting a row copies the words for its speaker, as it copies the words
for its date and its number; but no name of a person whom the record would not name.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.desk.draft_form.documents import Document
from app.desk.reading.marks import MarkKind, Reason
from app.desk.sheets.form import StatementState
from app.desk.sheets.proposing import ARTICLE
from app.desk.sheets.taking import TextMark, sentences_of, speaker_of
from app.vocabulary.citations import USUAL_NAMING, Naming

PERSON = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr)\b|^[A-Z][\w’'-]+,"
    r"|(?<![\w-])(?!(?:North|South|East|West|Far) )[A-Z][\w’'-]*[a-z][\w’'-]* [A-Z][\w’'-]*[a-z]"
)
"""What looks like the name of a person: a title, a name and a comma, or two words with capitals."""


def words_for_speaker(
    document: Document, speaker: Document, marks: Iterable[TextMark]
) -> list[TextMark]:
    """Return how the sentences of a speaker's rows name them, longest first, without articles."""
    rows = [row for row in document["rows"] if row["speaker"] == speaker["letter"]]
    own = {number for row in rows for number in sentences_of(row)}
    named = {
        words: replace(each, words=words)
        for each in marks
        if each.sentence in own
        and each.mark.kind is MarkKind.SPEAKER
        and each.mark.value == speaker["attribution"]
        and (words := ARTICLE.sub("", each.words))
    }
    return sorted(named.values(), key=lambda each: (-len(each.words), each.sentence))


def name_speaker(document: Document, row: Document, marks: Sequence[TextMark]) -> None:
    """Copy the words of the text for the speaker of an accepted row, if it has none yet.

    They are the longest of the speaker's rows, which the page shows beside the speaker's letter.
    """
    speaker = speaker_of(document, row["speaker"])
    if speaker is None or speaker["words"] or row["state"] != StatementState.ACCEPTED:
        return
    live = [each for each in document["rows"] if each["state"] != StatementState.REJECTED]
    found = words_for_speaker({**document, "rows": live}, speaker, marks)
    speaker["words"] = next((each.words for each in found if _is_copied(speaker, each, marks)), "")


def _is_copied(speaker: Document, each: TextMark, marks: Iterable[TextMark]) -> bool:
    """Whether words are more than “he”, and name no person of a kind that is usually not named."""
    if each.mark.reason is Reason.CARRIED_SPEAKER:
        return False
    if USUAL_NAMING.get(speaker["attribution"]) is not Naming.UNNAMED:
        return True
    rest = each.words
    for other in marks:
        # Names of places and offices are none of persons.
        is_name = other.mark.kind not in {MarkKind.SPEAKER, MarkKind.HEDGE}
        if is_name and other.mark.within(each.mark):
            rest = rest.replace(other.words, other.words.lower())
    return PERSON.search(rest) is None
