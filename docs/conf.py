"""Sphinx: Markdown pages, and the reference from the docstrings."""

project = "Prism"
author = "The Prism developers"
copyright = "2026, the Prism developers"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
exclude_patterns = ["_build"]
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
nitpicky = False
myst_heading_anchors = 3
