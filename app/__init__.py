"""Sojourn: a public, citable record of restrictions on migrant workers.

Data flows in one direction: `desk` (editors' drafts and approved state) → `record` (published
editions, append-only) → `site` (public pages). The desk passes `forms` to the record.

Read the packages in this order: `vocabulary`, `dates`, `forms`, `record`, `filtering`, `site`,
`desk`, `cli`. All of them use `web`, `database`, `i18n` and `settings`. `main` builds the
application; `cli` is the `sojourn` command.
"""
