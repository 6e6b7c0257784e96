"""The approved state of every record, from which editions are published."""
