"""How a page is cited and shared: bibliography formats, CSL styles, JSON-LD, licence, links."""
