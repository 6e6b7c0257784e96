"""Drafts: how editors write. A draft is its form as one document, whole or half typed; every save of it is kept.

`models` what is stored, `documents` from what was typed to what it means, `differences` between two states of it,
`commands` what can be done with a draft. `layout` says in which order a form is asked, `boxes` fills that in for one
draft, `pages` are its addresses.
"""
