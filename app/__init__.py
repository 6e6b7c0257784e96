"""Sojourn: a public, citable record of restrictions on migrant workers.

Three wings, one direction of data: `desk` (what editors work on) → `record` (what has been published, append-only) →
`site` (what readers see). What passes from the desk to the record is a form. Read in this order: `vocabulary`, `dates`,
`forms`, `record`, `filtering`, `site`, `desk`, `cli`. Around them stand `main` (the application), `serving` (its port
and processes), `web` (templates and addresses), `spans` (how a date is drawn), `safety` (headers, and the last resort),
`kept` (answers given again until the next edition), `letters` (what readers may send), `networks` (counting without
knowing anybody), `language` and `extraction` (its words, and what translators get), `settings`, `secret_key` (which
seals the desk's secrets), `database` and `doctor`.
"""
