"""Sends requests and receives answers: the only folder with I/O."""
