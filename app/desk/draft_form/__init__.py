"""A draft as a form: the typed document, its checks, its page and comparisons of two states.

Called by the desk packages that show or change drafts. `documents` defines the document, `layout`
the order of fields, `fields` builds the page's boxes, `actions` runs its buttons, and `catalogue`
resolves names to records.
"""
