"""Ids of an organization that the caller does not belong to, long walks above and below them, next to unknown ids."""

import re
import uuid
from statistics import median

from report import ms, ratio, say, table


def foreign(database, stranger):
    """How long each takes to be refused. Each bottom is asked for once: the service caches the rows of a mutation."""
    say("foreign ids")
    shape, person = database.shape, database.person
    own = stranger.ask("/api/v1/employee", "POST", {"name": "Own", "email": "own@example.com"})
    own = re.search(rb'"id":"([^"]+)"', own.body)[1].decode()
    bottoms = [person(shape.chain_bottom - step * max(1, shape.chain // 20)) for step in range(9)]
    top, root = person(shape.chain_top), person(0)

    def get(path):
        return lambda id: (path.format(id), "GET", None)

    below = get("/api/v1/employee/by-manager/{}?depth=all")
    requests = [
        (f"chain of up to {shape.chain - 1:,}", bottoms, get("/api/v1/employee/{}/chain")),
        ("by-manager, depth=all, the chain below", [top] * 9, below),
        ("by-manager, depth=all, the tree below", [root] * 9, below),
        ("POST managers of one's own, as managerId", bottoms,
         lambda id: (f"/api/v1/employee/{own}/managers", "POST", {"managerId": id, "type": "DIRECT"})),
        ("PUT managers of it", bottoms,
         lambda id: (f"/api/v1/employee/{id}/managers", "PUT", [{"managerId": id, "type": "DIRECT"}])),
    ]
    rows = []
    for name, ids, request in requests:
        theirs = [stranger.ask(*request(id)) for id in ids]
        nobodys = [stranger.ask(*request(str(uuid.uuid4()))) for _ in range(50)]
        statuses, unknown_statuses = ({answer.status for answer in answers} for answers in (theirs, nobodys))
        times, unknown = ([answer.whole for answer in answers] for answers in (theirs, nobodys))
        same = statuses == unknown_statuses
        status = " ".join(map(str, statuses)) if same else f"**{statuses}, {unknown_statuses}**"
        rows.append([name, status, ms(median(times)), ms(max(times)), ms(median(unknown)), ms(max(unknown)),
                     ratio(median(times), median(unknown)), ratio(max(times), max(unknown))])
    return table(["foreign id", "status", "foreign, ms", "slowest", "unknown, ms", "slowest", "ratio", "of slowest"],
                 *rows)
