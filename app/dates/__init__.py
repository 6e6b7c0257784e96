"""Dates as sources report them: EDTF (ISO 8601-2), their wording, and the bar that draws them."""
