"""One record behind an address: its row, its page, redirects and suggestions."""
