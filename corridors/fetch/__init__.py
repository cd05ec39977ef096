"""Download of the West Midlands' real data from its publishers into one folder, with a lock file and a notice of licences."""
