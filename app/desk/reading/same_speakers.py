"""Finds which marks of an article are the same speaker, and who is not to be named.

“A trader” of one sentence is “the trader” and “she” of later ones. A pronoun or a noun that points
back is the last speaker whom it agrees with: by noun, else the last person, by gender if the noun
tells it. One that agrees with nobody is no speaker.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.desk.reading import reference_words as of
from app.desk.reading.marks import Language, Mark, MarkedSpeaker, MarkKind, Reason, Sentence
from app.desk.reading.passed_on import passed_on
from app.desk.reading.speaker_words import HEADS, PERSONS
from app.desk.reading.speech_guards import OF_OUTLET, ordinal
from app.desk.reading.words import compile_table, plain
from app.vocabulary.citations import FIXED_NAMING, USUAL_NAMING, Attribution, Naming

HEAD_WORDS = compile_table(HEADS)
MAX_APART = 8
"""Sentences between “he” and the sentence in which that person was last a speaker."""
INTRODUCED_APART = 4
BODIES = {
    *(Attribution.NGO, Attribution.COMPANY, Attribution.GOVERNMENT, Attribution.INTELLIGENCE),
}
"""Speakers who are bodies, or persons who speak for them."""
BY_NOUN_ONLY = {Attribution.ANONYMOUS_SOURCE, Attribution.RESIDENT, Attribution.GOVERNMENT}
"""Of these kinds several people are quoted: a noun that points back must be theirs."""
LETTERED = {"en", "ru"}
STEM_LETTERS = 5
"""Letters of a Russian noun without its ending."""
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
SMALL_WORDS = {"a", "an", "the", "of", "in", "at", "for", "from", "with", "who", "and", "to", "s"}
EDGES = re.compile(r"^(?:对|向)|(?:对|向)?(?:本台|本刊|本报|记者)?(?:则|也|还)?$")


@dataclass(eq=False)
class _Known:
    """A speaker of the article, as far as it has been read."""

    start: int
    value: str
    phrases: list[str] = field(default_factory=list)
    """The words for the speaker, in lower case."""
    last: int = 0
    """The sentence in which it spoke last."""
    is_person: bool = False
    is_many: bool = False
    gender: str = ""
    is_unnamed: bool = False
    through: str = ""


def join_speakers(
    sentences: Sequence[Sentence], marks: Sequence[Sequence[Mark]]
) -> Sequence[Sequence[Mark]]:
    """Return the marks with those of speakers joined, without pronouns for nobody known."""
    joining = _Joining(sentences)
    found = [joining.read(at, own) for at, own in enumerate(marks)]
    return [[mark for mark in map(joining.finished, own) if mark] for own in found]


class _Joining:
    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self.sentences = sentences
        self.known: list[_Known] = []
        self.speaker_at: dict[int, _Known] = {}
        """Speakers by the position of their marks."""

    def read(self, at: int, marks: Sequence[Mark]) -> list[Mark]:
        """Find the speakers of a sentence; return its marks, of which some may be left out."""
        sentence = self.sentences[at]
        passing = passed_on(sentence, marks)
        kept: list[Mark] = []
        for mark in marks:
            if mark.kind is not MarkKind.SPEAKER:
                kept.append(mark)
            elif mark not in passing.outlets:
                speaker, is_carried = self._speaker(at, mark)
                if speaker is None:
                    continue
                self._learn(speaker, at, mark)
                if mark in passing.sources:
                    speaker.through = passing.outlet
                reason = Reason.CARRIED_SPEAKER if is_carried else mark.reason
                kept.append(replace(mark, value=speaker.value, reason=reason))
        self._asked_for_anonymity(at, [mark for mark in kept if mark.kind is MarkKind.SPEAKER])
        return kept

    def finished(self, mark: Mark) -> Mark | None:
        """Return a mark with its speaker."""
        if mark.kind is not MarkKind.SPEAKER:
            return mark
        speaker = self.speaker_at[mark.start]
        naming = ""
        if speaker.is_unnamed and speaker.value not in FIXED_NAMING:
            naming = Naming.UNNAMED.value
        return replace(
            mark, value=speaker.value, speaker=MarkedSpeaker(speaker.start, naming, speaker.through)
        )

    # Who it is --------------------------------------------------------------------------------

    def _speaker(self, at: int, mark: Mark) -> tuple[_Known | None, bool]:
        """Return the speaker of a mark, a new one if need be, and whether it is carried."""
        sentence = self.sentences[at]
        language = sentence.language
        words = self._words(sentence, mark)
        if of.PRONOUNS.fullmatch(words):
            return self._of_pronoun(at, words), True
        pointing = of.POINTING[language].match(words)
        rest = EDGES.sub("", words[pointing.end() :] if pointing else words)
        rest = OF_OUTLET[language].sub("", rest)
        if counted := self._counted(words, mark):
            return counted, True
        if of.ANOTHER.search(words):
            return self._new(mark), False
        if pointing or _is_bare(rest, language):
            alike = self._alike(rest, mark, language, at)
            if alike:
                return alike[0], pointing is not None or len(alike) > 1
            if not mark.value:
                return None, False
        elif surname := _surname(sentence, mark):
            named = self._named(surname, language)
            if named or not mark.value:
                return named, True
        is_one = of.ONE.search(words) is not None
        for known in self._recent():
            if known.value == mark.value and _is_same_name(known, rest, language, is_one):
                return known, False
        return self._new(mark), False

    def _counted(self, words: str, mark: Mark) -> _Known | None:
        """Return “the first source”, if the text had several of its kind before."""
        number = ordinal(words, self.sentences[0].language)
        alike = [known for known in self.known if known.value == mark.value]
        return alike[number - 1] if 0 < number <= len(alike) and len(alike) > 1 else None

    def _new(self, mark: Mark) -> _Known:
        known = _Known(mark.start, mark.value)
        self.known.append(known)
        return known

    def _recent(self) -> Iterator[_Known]:
        """Yield the speakers, the one who spoke last first."""
        yield from sorted(self.known, key=lambda known: -known.last)

    def _of_pronoun(self, at: int, words: str) -> _Known | None:
        is_they = of.THEY.fullmatch(words) is not None
        gender = "" if of.NEUTRAL.fullmatch(words) else "f" if of.SHE.fullmatch(words) else "m"
        if is_they:
            gender = ""
        introduced = None if is_they else self._introduced(at)
        fitting = [
            known
            for known in self._recent()
            if at - known.last <= MAX_APART
            and not (introduced and introduced.last > known.last)
            and _agrees(known, gender, is_they)
        ]
        # “She” is a woman whose noun says so, before somebody of whom it is not known.
        fitting.sort(key=lambda known: gender == "f" and _gender(known.phrases[0]) != "f")
        if fitting:
            fitting[0].gender = fitting[0].gender or gender
            return fitting[0]
        if introduced:
            self.known.append(introduced)
        return introduced

    def _introduced(self, at: int) -> _Known | None:
        """Return a person of the sentences just before, of whom nothing is said to have spoken."""
        for before in range(at - 1, max(-1, at - 1 - INTRODUCED_APART), -1):
            if any(known.last == before for known in self.known):
                return None
            sentence = self.sentences[before]
            text = plain(sentence.text)
            found = [
                (HEAD_WORDS[sentence.language].order[code], code, start)
                for start, end, code in HEAD_WORDS[sentence.language].find(text)
                if code in PERSONS and _is_introduced(text, start, end, code, sentence.language)
            ]
            if found:
                _order, code, start = min(found)
                return _Known(sentence.start + start, code, last=before, is_person=True)
        return None

    def _named(self, surname: str, language: Language) -> _Known | None:
        """Return the last speaker who was named so."""
        name = re.compile(of.NAMED_SO[language].format(surname=re.escape(surname)))
        for known in self._recent():
            if any(name.search(phrase) for phrase in known.phrases):
                return known
        return None

    def _alike(self, rest: str, mark: Mark, language: Language, at: int) -> list[_Known]:
        """Return the speakers for whom a noun that points back may stand, the last one first."""
        heads = _heads(rest, language)
        is_many = _is_many(rest, language)
        fitting = [
            known for known in self._recent() if language != "en" or known.is_many == is_many
        ]
        by_noun = [known for known in fitting if _has_noun(known, rest, heads, language)]
        if by_noun:
            return by_noun
        gender = _gender(rest)
        if of.ANYBODY[language].fullmatch(rest):
            return [
                known
                for known in fitting
                if known.is_person
                and at - known.last <= MAX_APART
                and not (gender and known.gender and gender != known.gender)
            ][:1]
        if mark.value == Attribution.DOCUMENT and of.REPORT_OF_OUTLET.search(
            plain(self.sentences[at].text)
        ):
            return [known for known in fitting if known.through][:1]
        if mark.value in {"", *BY_NOUN_ONLY} or len(WORD.findall(rest)) > 1:
            return []
        return [known for known in fitting if known.value == mark.value][:1]

    # What is learned --------------------------------------------------------------------------

    def _learn(self, speaker: _Known, at: int, mark: Mark) -> None:
        sentence = self.sentences[at]
        language = sentence.language
        words = self._words(sentence, mark)
        self.speaker_at[mark.start] = speaker
        speaker.last = at
        if not speaker.phrases:
            speaker.is_many = _is_many(words, language)
        speaker.phrases.append(words)
        is_body = speaker.value in BODIES
        if is_body:
            speaker.is_person |= of.PERSON[language].search(words) is not None
        else:
            speaker.is_person |= speaker.value in {*PERSONS, Attribution.OBSERVERS}
        speaker.gender = speaker.gender or _gender(words)
        start, end = mark.start - sentence.start, mark.end - sentence.start
        if found := of.SAID_THAT_SHE.search(plain(sentence.text), end):
            speaker.gender = speaker.gender or ("f" if found[1] == "she" else "m")
        if _is_without_name(sentence.text, start, end, speaker):
            speaker.is_unnamed = True

    def _asked_for_anonymity(self, at: int, speakers: Sequence[Mark]) -> None:
        """Note who of a sentence does not want to be named."""
        sentence = self.sentences[at]
        found = of.ANONYMOUS[sentence.language].search(plain(sentence.text))
        if not found:
            return
        middle = sentence.start + found.start()
        nearest = min(
            speakers, key=lambda mark: max(mark.start - middle, middle - mark.end, 0), default=None
        )
        if nearest:
            speaker: _Known | None = self.speaker_at[nearest.start]
        else:  # “He asked not to be named.”
            speaker = next((known for known in self._recent() if known.is_person), None)
            if speaker and at - speaker.last > 1:
                speaker = None
        if speaker and (speaker.is_person or speaker.value in BODIES):
            speaker.is_unnamed = True
            if speaker.value == Attribution.NAMED_OFFICIAL:
                speaker.value = Attribution.ANONYMOUS_OFFICIAL.value

    @staticmethod
    def _words(sentence: Sentence, mark: Mark) -> str:
        return plain(sentence.text)[mark.start - sentence.start : mark.end - sentence.start]


# Words --------------------------------------------------------------------------------------------


def _is_many(words: str, language: Language) -> bool:
    """Whether a phrase is about several people; what follows its noun does not count."""
    noun = of.AFTER_NOUN.split(words)[0] if language in LETTERED else words
    return of.MANY[language].search(noun) is not None


def _gender(words: str) -> str:
    return "f" if of.SHE_IS.search(words) else "m" if of.HE_IS.search(words) else ""


def _agrees(known: _Known, gender: str, is_they: bool) -> bool:
    if not known.is_person or known.is_many != is_they:
        return False
    return not (gender and known.gender and gender != known.gender)


def _surname(sentence: Sentence, mark: Mark) -> str:
    """Return the name in “Kim says” or 김 씨는; empty if it is none."""
    pattern = of.SURNAME.get(sentence.language)
    words = sentence.text[mark.start - sentence.start : mark.end - sentence.start]
    found = pattern.match(words) if pattern else None
    return found[1].lower() if found else ""


def _heads(words: str, language: Language) -> list[str]:
    """Return the words for a speaker in a phrase."""
    return [words[start:end] for start, end, _code in HEAD_WORDS[language].find(words)]


def _is_bare(words: str, language: Language) -> bool:
    """Whether a phrase without an article is only a noun, in languages without articles."""
    return language != "en" and (words in _heads(words, language))


def _stem(word: str, language: Language) -> str:
    return word[:STEM_LETTERS] if language == "ru" else re.sub(r"(?<=\w\w)s$", "", word)


def _stems(phrase: str, language: Language) -> set[str]:
    return {_stem(word, language) for word in WORD.findall(phrase)} - SMALL_WORDS


def _has_noun(known: _Known, rest: str, heads: Iterable[str], language: Language) -> bool:
    """Whether a speaker was called by all words of a phrase that points back."""
    if language in LETTERED:
        called = {stem for phrase in known.phrases for stem in _stems(phrase, language)}
        own = _stems(rest, language)
        return bool(own) and own <= called
    if any(rest in phrase for phrase in known.phrases):
        return True
    own_heads = [head for head in heads if rest.endswith(head)]
    return any(
        is_short_for(head, other)
        for head in own_heads
        for phrase in known.phrases
        for other in _heads(phrase, language)
    )


def _is_same_name(known: _Known, rest: str, language: Language, is_one: bool) -> bool:
    """Whether a phrase is a name of a speaker again, in full or in short."""
    if rest in known.phrases:
        return True
    if is_one:
        return False
    if language in LETTERED:
        own = _stems(rest, language)
        for phrase in known.phrases:
            other = _stems(phrase, language)
            if own and other and (own <= other or other <= own) and not of.ONE.search(phrase):
                return True
            if _is_acronym(rest, phrase) or _is_acronym(phrase, rest):
                return True
        return False
    for phrase in known.phrases:
        if min(len(phrase), len(rest)) > 1 and (rest in phrase or phrase in rest):
            return True
        if is_short_for(rest, phrase) or is_short_for(phrase, rest):
            return True
    return False


def is_short_for(short: str, long: str) -> bool:
    """Whether a name of Chinese, Japanese or Korean signs is another's short form: 국정원.

    It has some of the signs in the same order, the first and the last among them.
    """
    if not 2 <= len(short) < len(long) or short[0] != long[0] or short[-1] != long[-1]:
        return False
    signs = iter(long)
    return all(sign in signs for sign in short)


def _is_acronym(short: str, long: str) -> bool:
    """Whether a word has the first letters of a name, as НРС or NIS."""
    words = [word for word in WORD.findall(long) if word not in SMALL_WORDS]
    own = [word for word in WORD.findall(short) if word not in SMALL_WORDS]
    if len(own) != 1 or len(own[0]) < 3:
        return False
    initials = "".join(word[0] for word in words)
    return len(words) >= 3 and own[0] in initials


def _is_introduced(text: str, start: int, end: int, code: str, language: Language) -> bool:
    """Whether a noun is one person who may be “he” later: “workers” are not."""
    word = text[start:end]
    if of.MANY[language].search(word):
        return False
    if language == "en":
        return re.search(r"\b(?:an?|one|the|another)\s(?:[\w-]+\s){0,3}$", text[:start]) is not None
    before = text[max(0, start - 12) : start]
    return code != Attribution.RESIDENT or of.ONE.search(before) is not None or word.endswith("씨")


def _is_without_name(text: str, start: int, end: int, speaker: _Known) -> bool:
    """Whether a phrase names an office or trade, and not the person or body that speaks."""
    if USUAL_NAMING.get(speaker.value) is not Naming.NAMED or speaker.value in FIXED_NAMING:
        return False
    if speaker.value in {Attribution.DOCUMENT, Attribution.UN_PANEL}:
        return False
    raw = text[start:end]
    words = plain(raw)
    if of.UNNAMED.search(words):
        return True
    if of.NAME_AFTER.search(text[start : end + 40]):
        return False
    if speaker.is_person and of.STAFF.search(words):
        return True
    if speaker.is_person:
        return (of.ONE.search(words) or of.ANOTHER.search(words)) is not None
    return of.ONE.search(words) is not None and not of.BODY_NAME.search(raw)
