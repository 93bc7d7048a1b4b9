"""Bodies of webhooks that are no JSON, and keys that are no text."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlencode

import pytest

from prism_core import ConfigurationError, EventRejected, MalformedResponse, Secret
from prism_core.connector import signatures
from prism_core.connector.webhooks import form_of, xml_of

LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><l>&c;</l>'
)


def test_a_form_is_read_as_it_was_sent() -> None:
    fields = {"id": "tr_1", "empty": "", "word": "Zürich & ä"}
    assert form_of(urlencode(fields).encode()) == fields


@pytest.mark.parametrize(
    "body",
    [b"", b"=", b"id", b"id=1&id=2", b"\xff\xfe", b"{}", b"&", b"a=1&a=1"],
)
def test_what_is_no_form_or_has_a_name_twice_is_rejected(body: bytes) -> None:
    """Of two values, another reader may take the other one."""
    if body == b"=":
        assert form_of(body) == {"": ""}
        return
    with pytest.raises(EventRejected, match="no form"):
        form_of(body)


def test_xml_is_read() -> None:
    root = xml_of(b"<n><kind>check</kind><subject><id>t1</id></subject></n>")
    assert (root.findtext("kind"), root.findtext("subject/id")) == ("check", "t1")
    assert xml_of("<n>\N{EURO SIGN}</n>").text == "\N{EURO SIGN}"


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        '<!DOCTYPE n [<!ENTITY x SYSTEM "file:///etc/passwd">]><n>&x;</n>',
        '<!DOCTYPE n SYSTEM "https://elsewhere.example/n.dtd"><n/>',
        "<n>" * 101 + "</n>" * 101,
        "<n>" * 100_000,
        "<n>&x;</n>",
        "<n",
        "",
        b"\xff\xfe<",
        b"<?xml version='1.0' encoding='no-such'?><n/>",
    ],
    ids=lambda text: repr(text[:24]),
)
def test_xml_that_could_do_harm_is_refused(text: bytes | str) -> None:
    """Entities that multiply, files, addresses, depth, and what is no XML at all."""
    with pytest.raises(MalformedResponse, match="cannot be read"):
        xml_of(text)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_keys_may_be_bytes_in_hex_or_base64(algorithm: str) -> None:
    """As may signatures: each pair verifies, and no other key does."""
    key, message = bytes(range(32)), b"what is signed"
    made = hmac.new(key, message, getattr(hashlib, algorithm)).digest()
    for encoding, text in (("hex", key.hex()), ("base64", base64.b64encode(key).decode())):
        keys = signatures.keys_of(Secret(f"{text} {text}"), encoding)  # type: ignore[arg-type]
        assert keys == (key, key)
        given = [signatures.from_hex(made.hex())]
        signatures.verify(keys, message, given, algorithm=algorithm)
        given = [signatures.from_base64(base64.b64encode(made).decode())]
        signatures.verify(keys, message, given, algorithm=algorithm)
    with pytest.raises(EventRejected):
        signatures.verify([key + b"x"], message, [made], algorithm=algorithm)


@pytest.mark.parametrize("text", ["no hex", "abc", "YWJj!"])
def test_a_key_in_another_encoding_is_no_key(text: str) -> None:
    """The error names the credential and not its value."""
    for encoding in ("hex", "base64"):
        with pytest.raises(ConfigurationError, match=f"hmac_key is a key in {encoding}") as caught:
            signatures.keys_of(Secret(text), encoding, "hmac_key")
        assert text not in str(caught.value)


def test_no_key_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="hmac_key is needed"):
        signatures.keys_of(None, "hex", "hmac_key")


def test_the_key_may_be_the_hash_of_a_secret() -> None:
    expected = hashlib.sha256(b"private").digest()
    assert signatures.hashed(Secret("private")) == expected
    assert len(signatures.hashed(Secret("private"), algorithm="sha1")) == 20
