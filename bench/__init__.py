"""Benchmarks and gates of the project; `make bench` runs `__main__`, which calls the others.

`first_answers`, `amplifiers` and `search` use the seeds, `entering` the desk. `peers` compares
Sojourn with DuckDB, Datasette and a plain page over the made-up record of `made_up`, by the queries
in `questions`. `fill` fills an empty database. `size` and `features` are checks, `golden` compares
two commits, `faults` injects faults.
"""
