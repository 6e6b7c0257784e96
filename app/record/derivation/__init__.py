"""From a form to a row: what is calculated of a record and by which filter values it is found."""
