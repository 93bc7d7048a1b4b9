"""Traces and metrics of Prism's calls, by OpenTelemetry: the extension, and its class for
providers of your own."""

from prism_opentelemetry.extension import OpenTelemetry

__all__ = ["OpenTelemetry", "extension"]

extension = OpenTelemetry()
"""What `prism.extensions` finds: it uses the global providers, also if they are set later."""
