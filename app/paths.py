"""Paths of files that are not Python: templates, static files, migrations, seeds, npm packages."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
MIGRATIONS = ROOT / "migrations"
SEEDS = ROOT / "seeds"
RULES = ROOT / "docs" / "rules.md"
LOCALES = ROOT / "locales"
TOWNS = ROOT / "extracts" / "towns.tsv.gz"
STYLES = ROOT / "extracts" / "styles.zip"

NODE_LOCK = ROOT / "package-lock.json"
NODE_MODULES = ROOT / "node_modules"
HTMX = NODE_MODULES / "htmx.org" / "dist" / "htmx.min.js"
COUNTRIES = NODE_MODULES / "world-atlas" / "countries-110m.json"
FONTS = [
    NODE_MODULES / "@embedpdf" / "fonts-latin" / "fonts" / "NotoSans-Regular.ttf",
    NODE_MODULES / "@embedpdf" / "fonts-latin" / "fonts" / "NotoSans-SemiBold.ttf",
    NODE_MODULES / "@embedpdf" / "fonts-sc" / "fonts" / "NotoSansHans-Regular.otf",
    NODE_MODULES / "@embedpdf" / "fonts-kr" / "fonts" / "NotoSansKR-Regular.otf",
]
"""Fonts for pictures, in order of preference. Browsers get no fonts."""
AXE = NODE_MODULES / "axe-core" / "axe.min.js"
