"""The public site: pages and files of the record, read with the reader's database role."""
