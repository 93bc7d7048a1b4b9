"""How reports are shown: on a terminal, as JUnit XML, as one HTML page; a file each."""
