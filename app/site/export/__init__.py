"""Lists as CSV, XLSX, JSON, GeoJSON and feeds. Knows no page."""
