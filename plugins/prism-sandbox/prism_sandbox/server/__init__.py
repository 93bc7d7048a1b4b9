"""The sandbox's fake processor: what other packages may import from it, nothing else."""

from prism_sandbox.server.application import create_app
from prism_sandbox.server.serving import running, serve
from prism_sandbox.server.webhooks import Receiver, receiver

__all__ = ["Receiver", "create_app", "receiver", "running", "serve"]
