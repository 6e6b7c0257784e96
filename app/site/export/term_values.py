"""Codes and words of the terms of a record, as files have them."""

from collections.abc import Iterable, Sequence

from app.record.payloads import PublishedTerm
from app.vocabulary.events import Role, TermKey

NOT_COVERED = (Role.EXEMPT, Role.SHOWN_ONLY)
"""Roles of terms that a record leaves out, or only shows."""


def codes_of_key(
    terms: Sequence[PublishedTerm], key: str, *roles: str, but: Sequence[str] = NOT_COVERED
) -> list[str]:
    """Return each code or word of a key once: those of some roles, or all but those of others."""
    return list(
        dict.fromkeys(
            term.get("code") or term["printed"]
            for term in terms
            if term["key"] == key and (term["role"] in roles if roles else term["role"] not in but)
        )
    )


def exempt_codes(terms: Sequence[PublishedTerm]) -> list[str]:
    """Return what is exempt, as key:code, or key:words where no code fits."""
    return list(
        dict.fromkeys(
            f"{term['key']}:{term.get('code') or term['printed']}"
            for term in terms
            if term["role"] == Role.EXEMPT
        )
    )


def exempt_words(terms: Sequence[PublishedTerm]) -> list[str]:
    """Return the source's words for exempt codes: often only a part of the code is meant."""
    return _words_of_codes(term for term in terms if term["role"] == Role.EXEMPT)


def covered_words(terms: Sequence[PublishedTerm]) -> list[str]:
    """Return the source's words for covered codes: often only a part of the code is meant."""
    return _words_of_codes(
        term
        for term in terms
        if term["key"] not in (TermKey.PLACE, TermKey.ACTOR) and term["role"] not in NOT_COVERED
    )


def term_numbers(terms: Sequence[PublishedTerm]) -> list[str]:
    """Return how many a term stands for, as key:code:number, or key:words:number."""
    return [
        f"{term['key']}:{term.get('code') or term['printed']}:{term['number']}"
        for term in terms
        if term.get("number") is not None
    ]


def _words_of_codes(terms: Iterable[PublishedTerm]) -> list[str]:
    return [
        f"{term['key']}:{term['code']}:{term['printed']}"
        for term in terms
        if term.get("code") and term.get("printed")
    ]
