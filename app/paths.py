"""Where the files lie that are not Python: templates, static files, migrations, seeds, and the front end's packages."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
MIGRATIONS = ROOT / "migrations"
SEEDS = ROOT / "seeds"
LOCALES = ROOT / "locales"

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
"""For pictures alone: no reader is sent a font. Where two have a sign, the first one draws it."""
AXE = NODE_MODULES / "axe-core" / "axe.min.js"
