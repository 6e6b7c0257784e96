"""What readers see: pages and files made from the record, under the reader's login. Knows nothing of the desk."""
