"""Choosing between versions: the lead's part in a conflict (docs/protocol part 3)."""

from sync.merge import is_equal, settles_all
from sync.operation import Kind, Operation
from sync.rows import Row


def is_choice(operation: Operation, row: Row | None) -> bool:
    """Whether an edit settles every open version of an answer and writes nothing that nobody of the
    team has recorded: each field it sends is a sibling's, or what stands there."""
    if operation.kind is not Kind.ANSWER_SET or row is None:
        return False
    if not settles_all(row, operation.resolves):
        return False
    versions = (row.fields, *(sibling.fields for sibling in row.siblings))
    return all(
        any(name in one and is_equal(one[name], value) for one in versions)
        for name, value in operation.fields.items()
    )
