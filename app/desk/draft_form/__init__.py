"""A draft as a form: the checks of its document, its page and comparisons of two states.

Called by the desk packages that show or change drafts. `app/documents.py` defines the document,
`advice` has its errors and cautions, `compare` words two states of it, `fields` builds the page's
boxes, and `catalogue` resolves names to records.
"""
