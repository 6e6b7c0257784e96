"""Charts as data in pixels: layout of marks, labels and bars; and rendering SVG to PNG."""
