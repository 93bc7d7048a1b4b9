"""Public keys and certificates in texts: no secrets, though they look like some. Their structure
says what they are (RFC 5280, RFC 8017): a private key has another."""

from __future__ import annotations

import base64
import re

_BASE64 = re.compile(r"(?<!\\)[A-Za-z0-9+/](?:[A-Za-z0-9+/\r\n]|\\[rn/]){38,}={0,2}")
_LABEL = re.compile(r"-----(BEGIN|END) ((EC|RSA) )?(PUBLIC KEY|CERTIFICATE)-----")
_SEQUENCE, _INTEGER, _BITS = 0x30, 0x02, 0x03
_PUBLIC = (
    [_SEQUENCE, _BITS],  # SubjectPublicKeyInfo: the algorithm, the key
    [_SEQUENCE, _SEQUENCE, _BITS],  # Certificate: what is signed, the algorithm, the signature
    [_INTEGER, _INTEGER],  # RSAPublicKey
)
_NAMED = re.compile(
    r"(?i)(public_?key|key_?id|kid|x5[ct]\w*|cert(ificate)?(_?(id|url))?|fingerprint|thumbprint)$"
)


def without_public_keys(text: str) -> str:
    """The text without public keys and certificates, in base64 with or without PEM's labels."""
    found = _BASE64.sub(lambda match: "" if _is_public(match[0]) else match[0], text)
    return _LABEL.sub("", found)


def names_public(place: str) -> bool:
    """Whether the name of a field says that its value is public: a key's id, or a public key."""
    return _NAMED.search(place) is not None


def _is_public(text: str) -> bool:
    plain = re.sub(r"\\[rn]|\s|\\", "", text)
    try:
        der = base64.b64decode(plain, validate=True)
        tag, content = _parts(der)[0]
        return tag == _SEQUENCE and [tag for tag, _ in _parts(content)] in _PUBLIC
    except (ValueError, IndexError):
        return False


def _parts(der: bytes) -> list[tuple[int, bytes]]:
    """The values of a DER encoding (X.690), as tag and content. Raises if it is none."""
    found = []
    while der:
        tag, length, at = der[0], der[1], 2
        if length >= 0x80:
            at += length - 0x80
            length = int.from_bytes(der[2:at], "big")
        if at + length > len(der):
            raise ValueError("cut off")
        found.append((tag, der[at : at + length]))
        der = der[at + length :]
    return found
