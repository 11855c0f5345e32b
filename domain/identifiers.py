"""Numbers that identify firms, vehicles, licences and officers (domain research 3.3–3.5).

Every check is a value: None when good, a `Refused` with a catalogue code otherwise, because a
register import lists many refusals at once.
"""

import re
from typing import Final

from domain.errors import Refused

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_LENGTH: Final = 18
_USCC_WEIGHTS: Final = tuple(pow(3, i, 31) for i in range(17))
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)

_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE: Final = re.compile(
    rf"[{_PROVINCES}][A-HJ-NP-Z](?:"
    r"[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警]"  # ordinary, trailer, training car, police
    r"|[A-HJK][A-HJ-NP-Z0-9][0-9]{4}"  # new energy, small
    r"|[0-9]{5}[A-HJK]"  # new energy, large
    r")"
)
_LICENCE: Final = re.compile(rf"[{_PROVINCES}]交运管(?:许可)?\w{{1,4}}字([0-9]{{12}})号?")
_CERTIFICATE: Final = re.compile(r"[0-9A-Z]{6,20}")
_SEPARATORS: Final = re.compile(r"[\s\-‐‑–—−－]+")


def normalise_uscc(text: str) -> str:
    """Trimmed, without blanks and hyphens, full-width letters and digits made plain, upper case.
    Nothing is repaired: a letter O stays a letter O and is refused later."""
    return _plain(_SEPARATORS.sub("", text))


def uscc_check_character(body: str) -> str:
    """The 18th character for the first 17 (GB 32100-2015). `body` must be of the alphabet."""
    total = sum(
        USCC_ALPHABET.index(char) * weight
        for char, weight in zip(body[:17], _USCC_WEIGHTS, strict=True)
    )
    # The outer "mod 31" is the known trap: when the sum divides evenly, 31 - 0 has no character.
    return USCC_ALPHABET[(31 - total % 31) % 31]


def organisation_check_character(body: str) -> str:
    """The 9th character for the 8 of an organisation code (GB 11714). Values 0–9, A=10 … Z=35."""
    total = sum(
        int(char, 36) * weight for char, weight in zip(body[:8], _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def check_uscc(text: str) -> Refused | None:
    """None for a valid 统一社会信用代码, given in any spelling `normalise_uscc` accepts."""
    uscc = normalise_uscc(text)
    reason = _uscc_reason(uscc)
    return None if reason is None else Refused("firm.bad_uscc", {"uscc": uscc, "reason": reason})


def is_valid_uscc(text: str) -> bool:
    """Whether `check_uscc` has nothing to say."""
    return check_uscc(text) is None


def _uscc_reason(uscc: str) -> str | None:
    if len(uscc) != USCC_LENGTH:
        return "uscc.length"
    if any(char not in USCC_ALPHABET for char in uscc):
        return "uscc.alphabet"
    if uscc[17] != uscc_check_character(uscc[:17]):
        return "uscc.check_digit"
    if uscc[16] != organisation_check_character(uscc[8:16]):
        return "uscc.organisation"
    return None


def normalise_plate(text: str) -> str:
    """Without blanks, hyphens and the middle dot, upper case."""
    return _plain(re.sub(r"[\s\-·•・.]+", "", text))


def check_plate(text: str) -> Refused | None:
    """None for a mainland plate: ordinary, 挂/学/警, or new energy small and large. No I, no O."""
    plate = normalise_plate(text)
    return None if _PLATE.fullmatch(plate) else Refused("identifier.bad_plate", {"text": text})


def licence_digits(text: str) -> str | None:
    """The 12 digits of a 道路运输经营许可证号 or 道路运输证号, for matching; None when the text has
    another form. The text is kept as written either way: this is a warning, not a refusal."""
    match = _LICENCE.fullmatch(_plain(re.sub(r"\s+", "", text)))
    if match:
        return match.group(1)
    bare = _plain(re.sub(r"\s+", "", text))
    return bare if re.fullmatch(r"[0-9]{12}", bare) else None


def check_licence(text: str) -> Refused | None:
    """A warning for a licence number of unknown form."""
    return None if licence_digits(text) else Refused("identifier.bad_licence", {"text": text})


def check_certificate(text: str) -> Refused | None:
    """None for an enforcement certificate number: 6 to 20 digits or capitals (format unconfirmed,
    so the check is wide)."""
    number = normalise_certificate(text)
    good = _CERTIFICATE.fullmatch(number)
    return None if good else Refused("identifier.bad_certificate", {"text": text})


def normalise_certificate(text: str) -> str:
    """Without blanks and hyphens, upper case."""
    return _plain(_SEPARATORS.sub("", text))


def _plain(text: str) -> str:
    wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    return text.translate(wide).upper()
