"""Bulk edit of a filtered list: replace words, a code, place or outlet; add or remove a code.

`routes` handles the pages of `/desk/bulk`; `commands` finds the records, changes one document,
previews the edit, makes the drafts and undoes them.
"""
