"""Publishing of editions, called by the desk and the command line.

* `publish` writes an edition from approved forms. `working_set` has the rows that it reads;
  `validation`, the reasons to refuse.
* `next_edition` and `purge` publish editions of other kinds.
* `integrity` recalculates the record and reports differences.
"""
