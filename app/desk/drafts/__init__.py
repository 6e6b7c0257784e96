"""`/desk/drafts`: how editors write.

A draft holds one form as a document; every save adds a revision. `commands` begins, saves and moves
drafts; `update` and `conflict_routes` merge versions. `page_view` builds the page,
with `similar`, `comments` and `source_page` for its side panels. `trial_publish` runs the publish
function and rolls it back, for previews and checks. The other desk packages import from here;
`drafts` imports no other address package.
"""
