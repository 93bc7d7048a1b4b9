"""Bodies of webhooks that are no JSON: forms, and XML without a document type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from prism_core.errors import EventRejected, MalformedResponse

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DEEPEST = 100


def form_of(body: bytes) -> dict[str, str]:
    """The fields of a form (`application/x-www-form-urlencoded`), or of the query of a GET.

    Raises `EventRejected` if it is none, or if a name comes twice: who signed it may have read the
    other value.
    """
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)
        pairs = [(name, value.encode().decode()) for name, value in pairs]
    except ValueError:
        pairs = []
    found = dict(pairs)
    if not found or len(found) < len(pairs):
        raise EventRejected("the body of the event is no form with different names")
    return found


def xml_of(text: bytes | str) -> Element:
    """The root element of an XML document; read it with `findtext`, say.

    Raises `MalformedResponse` if it is not well-formed, nested too deeply, or has a document type:
    no webhook needs one, and entities, which it declares, can make a short text use up the memory
    or name files.
    """
    from xml.etree.ElementTree import ParseError, TreeBuilder, XMLParser

    class Builder(TreeBuilder):
        """Builds the tree, and refuses what a webhook never has."""

        depth = 0

        def doctype(self, *_: Any) -> None:
            """Called at its beginning, before the entities in it are read."""
            raise ValueError("it has a document type")

        def start(self, tag: Any, attrs: Any, /) -> Any:
            """An element begins."""
            self.depth += 1
            if self.depth > _DEEPEST:
                raise ValueError("it is nested too deeply")
            return super().start(tag, attrs)

        def end(self, tag: Any, /) -> Any:
            """An element ends."""
            self.depth -= 1
            return super().end(tag)

    parser = XMLParser(target=Builder())  # noqa: S314 - no document type, so no entities
    try:
        parser.feed(text)
        root: Element = parser.close()
    except (ParseError, ValueError, LookupError):
        raise MalformedResponse("the XML of the event cannot be read") from None
    return root
