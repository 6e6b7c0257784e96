"""Sojourn: a public, citable record of restrictions on migrant workers.

Data flows in one direction: `desk` (editors' drafts and approved state) → `record` (published
editions, append-only) → `site` (public pages). The desk passes `kinds` to the record.

`vocabulary` has the codes, `dates` the EDTF dates, `kinds` the fields of a record. `web` serves the
pages of `site` and `desk`; `database` runs PostgreSQL, migrations and backups.

`main` builds the application, `cli` is the `sojourn` command, and `scheduler` runs periodic work.
`[tool.importlinter]` in pyproject.toml defines which package may import which.
"""
