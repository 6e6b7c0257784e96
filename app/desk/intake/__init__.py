"""What comes to the desk from outside, before it is a record.

`models` what is kept, `standings` how far it is and how that changes. `leads` are links to be worked on, `feeds` bring
more of them. `fetching` gets a page safely, `reading` proposes what its source could say, `captures` keep it,
`archives` ask a public archive. `letters` are what readers send; three files of `pages` show all this.
"""
