"""Sphinx: Markdown pages, and the reference from the docstrings."""

import inspect

from prism_core.clients.base import AsyncClient, Client

project = "Prism"
author = "The Prism developers"
copyright = "2026, the Prism developers"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
exclude_patterns = ["_build"]
autodoc_member_order = "bysource"
python_maximum_signature_line_length = 80
nitpicky = False
myst_heading_anchors = 3

# The methods of clients make their signatures when somebody asks; autodoc asks nothing of what
# wraps something that is no function.
for client in (*Client.__subclasses__(), *AsyncClient.__subclasses__()):
    for method in vars(client).values():
        if hasattr(method, "__wrapped__"):
            method.__signature__ = inspect.signature(method)
            del method.__wrapped__


def linked(app, env, node, contnode):
    """Types in signatures are written without their modules: they are found by their last name."""
    if node.get("refdomain") == "py" and node["reftype"] == "class":
        node["refspecific"] = True
        return env.domains["py"].resolve_xref(
            env, node["refdoc"], app.builder, "class", node["reftarget"], node, contnode
        )
    return None


def setup(app):
    """Called by Sphinx."""
    app.connect("missing-reference", linked)
