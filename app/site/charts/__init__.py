"""Charts as SVG: geometry, labels, glyphs, text measurement, rasterizing."""
