"""Other spellings of an English word: British and American, with and without hyphens."""

import re

OUR = frozenset(
    re.findall(
        r"\w+",
        "labo behavio colo favo favo hono harbo neighbo endeavo rumo ardo armo cando vigo humo"
        " parlo savo splendo tumo valo vapo misdemeano flavo odo",
    )
)
"""Words whose ending is -our in Britain and -or in America, without that ending's u and r."""
PAIRS = [
    ("defence", "defense"), ("offence", "offense"), ("licence", "license"), ("centre", "center"),
    ("theatre", "theater"), ("programme", "program"), ("grey", "gray"), ("cheque", "check"),
    ("enrol", "enroll"), ("fulfil", "fulfill"), ("instalment", "installment"), ("metre", "meter"),
    ("kilometre", "kilometer"), ("pretence", "pretense"), ("aluminium", "aluminum"),
    ("jail", "gaol"), ("tonne", "ton"), ("organis", "organiz"),
]  # fmt: skip
IZE = re.compile(r"^(\w{3,}?)i([sz])(e|ed|es|ing|ation|ations|er|ers)$")
DOUBLED = re.compile(r"^(\w{2,}[aeiou])(ll?)(ed|ing|er|ers)$")
HOST = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$")
OUR_OR = re.compile(r"^(\w+o)(u?)r(\w*)$")


def other_spellings(word: str) -> list[str]:
    """Return other spellings of a word in small letters."""
    found = []
    for one, other in PAIRS:
        for here, there in ((one, other), (other, one)):
            if word in (here, f"{here}s"):
                found.append(there + word[len(here) :])
    if (match := OUR_OR.match(word)) and match[1] in OUR:
        found.append(f"{match[1]}{'' if match[2] else 'u'}r{match[3]}")
    if match := IZE.match(word):
        found.append(f"{match[1]}i{'z' if match[2] == 's' else 's'}{match[3]}")
    if match := DOUBLED.match(word):
        found.append(f"{match[1]}{'l' if match[2] == 'll' else 'll'}{match[3]}")
    if HOST.match(word):
        found.append(word.removeprefix("www.") if word.startswith("www.") else f"www.{word}")
    if "-" in word.strip("-"):
        found += [word.replace("-", " "), word.replace("-", "")]
    if "'" in word.strip("'"):
        found.append(word.replace("'", ""))
    return found
