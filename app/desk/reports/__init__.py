"""`/desk/sources`: a report with its text, and the drafts of what it states.

An entry is a draft, open in place as the card of `draft_form.card`; `drafts.routes` saves it.
"""
