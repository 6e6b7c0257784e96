"""Who works at the desk: people and their roles, how they sign in, and what keeps everybody else out.

`models` what is stored, `permissions` what a page's signature asks for, `commands` all that changes people, `sign_ins`
and `links` the two kinds of key. With `passwords`, `second_factor` and `passkeys` one comes in; `sealing` keeps what of
these must be read again. `pages` (signing in), `passkey_pages`, `account_pages` (one's own) and `people_pages` (the
admins') are the addresses.
"""
