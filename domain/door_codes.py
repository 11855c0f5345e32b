"""The short code beneath the QR code on the officers' phone, for who cannot scan (R048, R057).

It is worked out from the visit's token, so that the phone needs nothing more and no network: the
visit's number and eight letters or digits, e.g. ``42-K7QM-2F9D``. `pwa/app/domain/door-code.ts`
says the same, with the same vectors.
"""

import re
from typing import Final

# Neither 0 and O nor 1, I and L: it is read out and typed by hand.
ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH: Final = 8
BASE64URL: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
USED: Final = 8  # letters of the token: 48 bits, which a phone counts exactly
_TYPED: Final = re.compile(r"([1-9][0-9]{0,17})[-\s]+([A-Z2-9]{4})[-\s]*([A-Z2-9]{4})")
_PLAIN: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x2013: "-", 0x2014: "-"}


def build_door_code(token: str) -> str:
    """Of a token of the form ``42-`` and at least eight letters of base64url."""
    visit, _dash, secret = token.partition("-")
    number = 0
    for one in secret[:USED]:
        number = number * len(BASE64URL) + BASE64URL.index(one)
    letters = []
    for _place in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    code = "".join(letters)
    return f"{visit}-{code[:4]}-{code[4:]}"


def parse_door_code(text: str) -> str | None:
    """What was typed in the form of ``build_door_code``; None for anything else. Blanks for hyphens
    and small letters will do."""
    found = _TYPED.fullmatch(text.translate(_PLAIN).strip().upper())
    return f"{found[1]}-{found[2]}-{found[3]}" if found else None
