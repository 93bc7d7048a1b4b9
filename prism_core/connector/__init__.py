"""What the author of a connector imports: accounts, HTTP as values, hooks, limits, signatures."""
