"""How a request leaves this machine and its answer comes back: the only room with I/O."""
