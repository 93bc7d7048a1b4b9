"""Which connectors are installed, and the loading of the one that is asked for."""
