"""The published record: its tables, how editions are published, and how pages read them.

The site, the API and the desk call this package; it knows neither HTTP nor HTML.

* `publishing` writes an edition; `derivation` calculates its rows from forms by `rules`.
* `lists` answers filtered lists, by `index` (in memory) or by `sql`.
* `reads` contains the other queries of pages; `names` the labels of an edition.
"""
