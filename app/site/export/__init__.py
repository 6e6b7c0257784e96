"""Writers of lists as CSV, XLSX, JSON, GeoJSON and feeds, and the responses that send them."""
