"""The commands that the kit adds to `prism`, a file each."""
