"""Publishing an edition: the records it touches, validation, writing rows, purging, integrity checks."""
