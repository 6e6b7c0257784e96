"""What the site costs, measured: pages over the seeds, and a large made-up record beside what one would use instead.

`__main__` is the command. `pages` measures every page over the seeds. The others need a large record, which `databases`
makes: `questions` are what is asked, `beside` asks Sojourn, `with_datasette` and `with_sqlalchemy` the same and prints
who took how long, `throughput` counts answers a second, `worker` looks at one process, `soak` reads while somebody
publishes, `files` takes whole files, `browser` looks at what a phone gets. `importing` brings a large bundle in at the
desk. `timing` is how all of them measure.
"""
