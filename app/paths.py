"""Paths of files that are not Python: templates, static files, migrations, seeds, npm packages."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
MIGRATIONS = ROOT / "migrations"
SEEDS = ROOT / "seeds"
RULES = ROOT / "docs" / "rules.md"
METHOD_CHANGES = ROOT / "docs" / "method-changes.md"
LOCALES = ROOT / "locales"
EXTRACTS = Path(sys.prefix) / "share" / "sojourn"
"""What `requirements/write_extracts.py` wrote when the packages were installed."""
TOWNS = EXTRACTS / "towns.tsv.gz"
"""Cities of 15,000 people or more, largest first, from GeoNames (CC BY 4.0)."""

NODE_MODULES = ROOT / "node_modules"
HTMX = NODE_MODULES / "htmx.org" / "dist" / "htmx.min.js"
FONTS = [
    NODE_MODULES / "@embedpdf" / "fonts-latin" / "fonts" / "NotoSans-Regular.ttf",
    NODE_MODULES / "@embedpdf" / "fonts-latin" / "fonts" / "NotoSans-SemiBold.ttf",
    NODE_MODULES / "@embedpdf" / "fonts-sc" / "fonts" / "NotoSansHans-Regular.otf",
    NODE_MODULES / "@embedpdf" / "fonts-kr" / "fonts" / "NotoSansKR-Regular.otf",
]
"""Fonts for pictures, in order of preference. Browsers get no fonts."""
