"""What somebody types to say why: a reason, an opinion, where a seed came from."""

from domain.errors import fault


def parse_reason(text: str, longest: int) -> str:
    """The text as it is kept: no blanks around it, each line end one character, as people count
    and as a browser's own counter does (a form sends two). Empty stays empty. Raises
    ``reason.too_long``: what somebody signed for is never cut."""
    kept = text.replace("\r\n", "\n").strip()
    if len(kept) > longest:
        raise fault("reason.too_long", max=longest, length=len(kept))
    return kept
