"""Downloads the real West Midlands from its publishers into one folder, with a lock file and a notice of every licence."""
