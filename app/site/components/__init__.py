"""Parts of pages that several addresses share."""
