"""A draft as a form: its fields, layout, and the document that is typed."""
