"""``POST /api/v1/sync/pull``: what a phone knows already (docs/protocol part 4)."""

from dataclasses import dataclass
from typing import Final

from domain.errors import fault
from sync.messages.frame import Frame
from sync.messages.heartbeat import Heartbeat, parse_heartbeat

MAX_SPACES: Final = 500
MAX_LIMIT: Final = 1000


@dataclass(frozen=True, slots=True)
class PullRequest:
    """``spaces`` maps each space to the cursor up to which the phone has it (0: nothing yet);
    ``limit`` is the number of rows wanted per space."""

    device: str
    epoch: str
    schema: int
    spaces: dict[str, int]
    limit: int
    heartbeat: Heartbeat | None = None


def parse_pull_request(body: object) -> PullRequest:
    """Raises ``request.*``. A limit beyond ours is cut down, not refused."""
    frame = Frame(body)
    wanted = Frame(frame.raw("spaces"), "spaces")
    names = [str(name) for name in frame.plain("spaces")]
    if len(names) > MAX_SPACES or any(len(name) > 60 for name in names):
        raise fault("request.wrong_type", field="spaces")
    request = PullRequest(
        device=frame.text("device", 40),
        epoch=frame.text("epoch", 40),
        schema=frame.integer("schema", 1),
        spaces={name: wanted.integer(name) for name in names},
        limit=min(frame.integer("limit", 1), MAX_LIMIT) if frame.has("limit") else 500,
        heartbeat=parse_heartbeat(frame.raw("heartbeat"), "heartbeat")
        if frame.has("heartbeat")
        else None,
    )
    frame.close()
    return request
