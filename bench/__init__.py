"""Benchmarks of the site. `make bench` runs `__main__`, which calls the other modules.

`pages`, `starting` and `amplifiers` use the seeds; `entering` and `importing` use the desk. The
others need a large made-up record from `databases`: `beside` compares Sojourn with Datasette
(`with_datasette`) and a plain page (`with_sqlalchemy`) by the queries in `questions`.
"""
