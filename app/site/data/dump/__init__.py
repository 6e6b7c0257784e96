"""`/data.zip`: the complete dataset of one edition, in files that need no software of ours."""
