/// The reads that wait to be sent.
///
/// Point reads stand in a line of their own: they wait for the groups under way, and nobody else has to wait with them.
struct PoolQueue {
    enum Line { case points, others }

    private var points = Queue<PoolRequest>()
    private var others = Queue<PoolRequest>()

    var isEmpty: Bool { points.isEmpty && others.isEmpty }

    /// Puts a request at the end of its line, unless it stands there already.
    mutating func append(_ request: PoolRequest) {
        if request.isQueued { return }
        request.isQueued = true
        if request.joinsGroups { points.append(request) } else { others.append(request) }
    }

    /// The first of a line. A point read that has failed in a group since it came is one of the others now.
    mutating func first(_ line: Line) -> PoolRequest? {
        while let request = points.first, !request.joinsGroups {
            _ = points.popFirst()
            others.append(request)
        }
        return line == .points ? points.first : others.first
    }

    mutating func removeFirst(_ line: Line) {
        let request = line == .points ? points.popFirst() : others.popFirst()
        request?.isQueued = false
    }

    mutating func removeAll() -> [PoolRequest] {
        let all = points.removeAll() + others.removeAll()
        for request in all { request.isQueued = false }
        return all
    }

    func forEach(_ body: (PoolRequest) -> Void) {
        points.forEach(body)
        others.forEach(body)
    }
}
