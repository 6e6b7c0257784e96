"""A bundle of tables brought in by the browser: which column is what, what each row would become, drafts, and undoing.

`models` what is kept, `opening` reads files into rows, `columns` guesses what they hold, `records` puts rows together
to forms, `checking` says what each would become, `twins` which may be there already under another name, `making` makes
drafts of them and takes these back, `working` does both in the background, `forgetting` is for a purge, `commands` what
the buttons do, `reviewing` who looks at the drafts, `views` what is printed, `pages` the addresses.
"""
