"""The desk: what editors work on. Private and mutable; only what `publishing` hands to the record's door gets out.

`models` the approved state, `commands` writes and reads it as forms, `importing` and `exporting` the seeds' format.
"""
