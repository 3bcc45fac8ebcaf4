"""Pages to look at: the report of a build, and how dumps were read, line by line."""
