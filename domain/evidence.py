"""What counts as evidence: a photo as the camera made it (R063).

A marked copy explains an original and never stands in for one. The phone counts alike, with the
same vectors.
"""

from collections.abc import Mapping

MARKED = "marked"


def is_original(manifest: Mapping[str, object] | None) -> bool:
    """False for a copy somebody has drawn on; a photo that says nothing of itself is one."""
    return (manifest or {}).get("source") != MARKED
