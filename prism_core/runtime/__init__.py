"""One call, from the request that the user gave to the result: what is decided, and no I/O."""
