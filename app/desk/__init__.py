"""The desk: what editors work on. Private and mutable; only what `publishing` hands to the record's door gets out.

`models` the approved state, `commands` writes and reads it as forms, `importing` and `exporting` the seeds' format.
`people` who works here and how they sign in, `audit` the log of what they did. `intake` is what comes in, `drafts` how
they write, `review` how that gets to readers, `bulk` changes many at once, `imports` brings many in, `merging` makes
one record of two, `purging` removes one for good, `quality` lists what is to be mended, `codes` is the vocabulary,
`ticking` is what runs by itself.
`pages` begins what people see: in a `frame`, with forms as `filling` has them.
"""
