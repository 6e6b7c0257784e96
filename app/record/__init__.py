"""The record: what has been published. Public, append-only, numbered by editions.

`models` what is stored; `publish` the one door, with `shelf` what it looks at and `soundness` what it refuses; `derive`
what follows from what was said, by `rules`: of `statements`, in a `context`; `filters` what a reader may narrow by;
`queries` and `search` how rows are found, `index` the same out of memory, `answers` which of them answers; `watch` when
there is another edition, `indexes` which one a worker has; `directory` the names of an edition, `merges` where they
lead; `doctor` derives all again; `purge` the one permitted overwrite.
"""
