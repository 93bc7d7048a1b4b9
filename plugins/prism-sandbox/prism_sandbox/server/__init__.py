"""The sandbox's fake processor: what other packages may import from it, nothing else."""

from prism_sandbox.server.application import create_app
from prism_sandbox.server.serving import running, serve

__all__ = ["create_app", "running", "serve"]
