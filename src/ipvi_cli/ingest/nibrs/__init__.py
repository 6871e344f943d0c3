"""NIBRS submissions, whatever their format: segments in, canonical tables out."""
