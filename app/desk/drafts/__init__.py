"""`/desk/drafts`: how editors write.

A draft holds one form as a document; every save adds a revision. `commands` begins, saves and moves
drafts; `conflicts` merges versions, `page` shows a draft and says what it lacks, and
`trial_publish` runs the publish function and rolls it back, for previews and checks.
"""
