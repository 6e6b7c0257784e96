"""Korean particles and other endings that follow a word without a space."""

import re

PARTICLES = sorted(
    re.findall(
        r"\w+",
        """
        은 는 이 가 을 를 의 에 도 만 로 와 과 들 께 에서 에게 한테 으로
        부터 까지 처럼 보다 마다 조차 마저 밖에 이나 이라 이라는 라는 이란
        들이 들은 들을 들의 들에 들도 들에게 들과 에는 에도 에서는 에서도
        에서의 으로는 으로의 으로부터 로부터 로는 까지의 부터는 에게는 이며 이고
        하고 하는 하다 했다 한다 된다 됐다 되는 되다 된 한 할 함 됨 인
        입니다 합니다 했나 하나 했는지 하는지 인가 인가요 나요 에선 에겐 씩 쯤
        측 등
        """,
    ),
    key=len,
    reverse=True,
)
ENDINGS = frozenset(PARTICLES)


def is_hangul(text: str) -> bool:
    return bool(text) and all("가" <= letter <= "힣" for letter in text)


def without_particle(word: str) -> str:
    """Return the word without its last particle, if two characters or more are left."""
    for particle in PARTICLES:
        if word.endswith(particle) and len(word) - len(particle) >= 2:
            return word[: -len(particle)]
    return word
