"""Bulk edit of a filtered list: replace a code, place or outlet, or add or remove a code.

`routes` handles the pages of `/desk/bulk`. `selection` finds the records, `operations` changes one
document, and `commands` previews the edit, makes the drafts and undoes them.
"""
