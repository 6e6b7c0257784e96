"""Gives the speakers of a text, and the days on which they spoke, their letters on its sheet."""

from collections.abc import Collection, Mapping, Sequence

from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document
from app.desk.reading.article import ArticleReading
from app.desk.reading.marks import Mark, MarkKind
from app.desk.reading.speakers_in_force import speakers_in_force
from app.desk.sheets.form import DAY_LETTERS, OWN_VOICE, DaySaid, SheetSpeaker, next_letter
from app.vocabulary.citations import USUAL_NAMING, Attribution
from app.vocabulary.record import RecordNoun


class SpeakerLetters:
    """The letters of speakers, by where the text first has them; without their words."""

    def __init__(
        self, sheet: Document, reading: ArticleReading, catalogue: Catalogue | None = None
    ) -> None:
        self.sheet, self.reading = sheet, reading
        self._outlets = _other_outlets(sheet, catalogue)
        self._phrases = _phrases(reading)
        self._letters = self._letters_of_rows(reading)
        taken = {*self._letters.values()}
        self._free = [each for each in sheet["speakers"] if each["letter"] not in taken]

    def letter_of(self, mark: Mark | None) -> str:
        """Return the letter of a speaker, who is added to the sheet if need be."""
        if mark is None or mark.value == Attribution.OWN_VOICE:
            return "" if mark is None else OWN_VOICE
        first = _first(mark)
        if first not in self._letters:
            self._letters[first] = self._known_letter(mark) or self._new_letter(mark)
        return self._letters[first]

    def day_of(self, said: Mark | None) -> str:
        """Return the letter of a day on which somebody spoke; empty for that of publication."""
        published = next((each.published for each in self.reading.sentences), None)
        if said is None or (published and said.value == published.isoformat()):
            return ""
        for day in self.sheet["days"]:
            if day["said"] == said.value:
                return str(day["letter"])
        letter = next_letter(self.sheet["days"], DAY_LETTERS)
        self.sheet["days"].append(documents.blank_row(DaySaid, letter=letter, said=said.value))
        return letter

    def _letters_of_rows(self, reading: ArticleReading) -> dict[int, str]:
        """Return the letters that rows of the sheet have from sentences with one speaker."""
        kinds = {each["letter"]: each["attribution"] for each in self.sheet["speakers"]}
        in_force = speakers_in_force(reading)
        letters: dict[int, str] = {}
        for row in self.sheet["rows"]:
            numbers = [int(each) for each in row["sentences"].split() if each.isascii()]
            speakers = {
                _first(mark): mark
                for number in numbers
                if 0 < number <= len(in_force)
                for mark in in_force[number - 1]
            }
            if len(speakers) == 1:
                ((first, mark),) = speakers.items()
                if kinds.get(row["speaker"]) == mark.value:
                    letters.setdefault(first, row["speaker"])
        return letters

    def _known_letter(self, mark: Mark) -> str:
        """Return the letter of a speaker of the sheet who may be this one; empty if none is."""
        for each in self._free:
            own = each["words"].casefold()
            is_same = any(own in words or words in own for words in self._phrases[_first(mark)])
            if each["attribution"] == mark.value and is_same:
                self._free.remove(each)
                return str(each["letter"])
        return ""

    def _new_letter(self, mark: Mark) -> str:
        letter = next_letter(self.sheet["speakers"])
        usual = USUAL_NAMING.get(mark.value)
        naming, through = (mark.speaker.naming, mark.speaker.through) if mark.speaker else ("", "")
        new = documents.blank_row(
            SheetSpeaker,
            letter=letter,
            attribution=mark.value,
            named=naming or (usual.value if usual else ""),
            through=through if through in self._outlets else "",
        )
        self.sheet["speakers"].append(new)
        return letter


def _other_outlets(sheet: Document, catalogue: Catalogue | None) -> Collection[str]:
    """Return the codes of outlets that may pass something on to the one of this report."""
    if catalogue is None:
        return ()
    source = catalogue.document(sheet["source"]) if sheet["source"] else None
    own = catalogue.meant("outlet", source["outlet"]) if source else ""
    return {*catalogue.directory.named_records.get(RecordNoun.OUTLET, {})} - {own}


def _first(mark: Mark) -> int:
    return mark.speaker.first if mark.speaker else mark.start


def _phrases(reading: ArticleReading) -> Mapping[int, Sequence[str]]:
    """Return how the text calls each speaker, by where it first does."""
    phrases: dict[int, list[str]] = {}
    for sentence, marks in reading:
        for mark in marks:
            if mark.kind is MarkKind.SPEAKER:
                words = sentence.text[mark.start - sentence.start : mark.end - sentence.start]
                phrases.setdefault(_first(mark), []).append(words.casefold())
    return phrases
