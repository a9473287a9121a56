import DequeModule

/// The reads that wait to be sent.
///
/// Point reads have a line of their own, since they are sent in groups. The two lines take turns, so neither keeps the
/// other waiting for longer than one statement.
struct PoolQueue {
    enum Line { case points, others }

    private var points = Deque<PoolRequest>()
    private var others = Deque<PoolRequest>()
    private var lastLine = Line.others

    var isEmpty: Bool { points.isEmpty && others.isEmpty }
    var count: Int { points.count + others.count }

    /// The lines in the order in which they are to be served.
    var order: (Line, Line) { lastLine == .others ? (.points, .others) : (.others, .points) }

    mutating func append(_ request: PoolRequest) {
        if request.joinsGroups { points.append(request) } else { others.append(request) }
    }

    /// The requests that go out together: of point reads as many as a group may hold. Empty if none waits.
    mutating func next(_ line: Line) -> [PoolRequest] {
        let most = line == .points ? PoolLimits.groupSize : 1
        var requests: [PoolRequest] = []
        while requests.count < most, let request = line == .points ? points.popFirst() : others.popFirst() {
            if !request.isAnswered { requests.append(request) }
        }
        if !requests.isEmpty { lastLine = line }
        return requests
    }

    /// Ends the wait of those whose deadline has passed, and drops all whose caller has gone.
    mutating func expire(now: Nanoseconds) {
        for request in points { request.expire(now: now) }
        for request in others { request.expire(now: now) }
        points.removeAll { $0.isAnswered }
        others.removeAll { $0.isAnswered }
    }

    mutating func removeAll() -> [PoolRequest] {
        defer {
            points.removeAll()
            others.removeAll()
        }
        return Array(points) + Array(others)
    }
}
