"""All estimates of one place, for `/cities/…` and `/places/…`: chart, table and files."""
