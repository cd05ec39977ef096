"""What the project is measured on: real regions, the performance table, and the peers beside it."""
