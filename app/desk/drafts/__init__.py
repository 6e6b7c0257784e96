"""Drafts: how editors write. A draft is its form as one document, whole or half typed; every save of it is kept.

`models` what is stored, `documents` from what was typed to what it means, `differences` between two states of it and
`comparing` them in words, `commands` what can be done with a draft. `layout` says in which order a form is asked,
`boxes` fills that in for one draft, `acts` is what its buttons do, `pages` and `version_pages` are its addresses. While
one types, `catalogue` knows what may be named and `gazetteer` what could be, `date_words` and `reading` what a date
means, `similar` what may be the same, and `twins` makes one of two that are. `articles` begins with a source, `trial`
ends with what readers would get, and `outlook` sums that up; `home` lists one's own, and `whys` asks why many change.
"""
