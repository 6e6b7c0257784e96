"""`/tell`: messages of readers to the editors, and the page that shows what became of one."""
