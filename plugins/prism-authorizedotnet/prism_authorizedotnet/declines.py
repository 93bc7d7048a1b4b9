"""Authorize.Net's codes in Prism's words.

Source of all tables: https://developer.authorize.net/api/reference/responseCodes.html
"""

from __future__ import annotations

from prism_core import ErrorKind, UnifiedCode, codes_by_word

# Response reason codes: why a transaction was declined; and the event of a declined review.
_UNIFIED = {
    UnifiedCode.EXPIRED_CARD: "8 317",
    UnifiedCode.INCORRECT_CVC: "44 65 78 165",
    UnifiedCode.INCORRECT_CARD_DATA: "6 7 37 45 145 200 201 211 315 316",
    UnifiedCode.INCORRECT_ADDRESS: "27 127",
    UnifiedCode.LOST_OR_STOLEN: "4",
    UnifiedCode.SUSPECTED_FRAUD: "41 141 250 251 254 net.authorize.payment.fraud.declined",
    UnifiedCode.NOT_PERMITTED: "128",
    UnifiedCode.CARD_NOT_SUPPORTED: "17 28",
    UnifiedCode.DUPLICATE: "11 222 318",
    UnifiedCode.TRY_AGAIN_LATER: "209 214 220 224",
}
UNIFIED = codes_by_word(_UNIFIED)

# Reason codes with response code 3, "an error", that are about the card all the same.
_CARD = frozenset(["6", "7", "8", "17", "28", "37", "78", "128", "315", "316", "317"])

# The other reason codes with response code 3. What goes wrong between Authorize.Net and the bank
# (UNAVAILABLE) may have been authorized there; a conflict says nothing of the first transaction.
# 0 ("unknown error") and 36 ("approved, but settlement failed") are in no line: nobody knows.
_REASONS = {
    ErrorKind.CONFLICT: "11 222 234 235 318 2103 2106",
    ErrorKind.AUTHENTICATION: "13 32 103 123",
    ErrorKind.NOT_FOUND: "16 230 308 319",
    ErrorKind.INVALID_REQUEST: "5 9 10 12 14 15 33 39 42 47 48 49 50 51 53 54 55 64 68 70 71 72 73 "
    "74 75 76 77 79 80 81 82 83 84 85 86 87 88 89 91 92 93 94 95 96 97 98 99 100 101 111 112 116 "
    "117 118 153 156 195 225 226 228 231 233 236 237 238 239 240 242 243 244 245 247 248 260 262 "
    "270 271 280 281 282 283 284 285 286 287 290 296 297 298 300 301 302 304 306 312 313 325 326 "
    "327 328 331 332 333 334 339 340 341 342 343 344 350 351 2000 2002 2004 2005 2006 2008 2009 "
    "2100 2101 2102 2104 2105 2107 2108 2109",
    ErrorKind.UNAVAILABLE: "19 20 21 22 23 25 26 52 57 58 59 60 61 62 63 120 121 122 152 180 181 "
    "192 241 261 901",
    ErrorKind.OTHER: "18 24 29 30 31 34 35 38 40 43 46 56 66 67 69 90 102 113 114 115 119 124 130 "
    "131 132 154 155 170 171 172 173 174 175 185 227 232 246 265 288 289 303 305 309 314 320 330 "
    "2001 2007",
}
REASONS = codes_by_word(_REASONS)

# Codes of the messages about a transaction that was voided or captured before: response code 1.
DONE_ALREADY = frozenset(["310", "311"])

# Message codes of a request that was refused whole, "E00001" and so on.
_MESSAGES = {
    ErrorKind.AUTHENTICATION: "5 6 7 8 10 11 59 64 123 124 139",
    ErrorKind.NOT_FOUND: "40 98",
    ErrorKind.CONFLICT: "12 39",
    ErrorKind.UNAVAILABLE: "1 49 53 62 63 104 117 133",
    ErrorKind.INVALID_REQUEST: "2 3 4 13 14 15 16 41 42 43 45 51 52 60 65 66 67 68 71 72 73 75 76 "
    "77 82 85 88 89 90 91 92 93 94 95 102 105 106 107 108 113 114 115 116 119 120 138 141 142",
    ErrorKind.OTHER: "9 17 18 19 20 21 22 23 24 25 26 28 29 30 31 32 33 34 35 36 37 38 44 46 47 "
    "48 50 54 55 56 57 58 61 69 70 74 79 80 81 83 84 86 87 96 97 99 100 101 103",
}
MESSAGES = {f"E{int(word):05}": kind for word, kind in codes_by_word(_MESSAGES).items()}


def is_duplicate(reason: str) -> bool:
    """Whether the transaction was just made: by Authorize.Net, by an issuer, by the processor.
    Whatever the response code, this says nothing of the first one, which may have been made."""
    return UNIFIED.get(reason) is UnifiedCode.DUPLICATE


def is_decline(response_code: str, reason: str) -> bool:
    """Whether a transaction was declined: by its response code, or for its card."""
    by_code = response_code == "2" or (response_code == "3" and reason in _CARD)
    return by_code and not is_duplicate(reason)
