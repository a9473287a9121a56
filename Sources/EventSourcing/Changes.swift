/// What a batch of events did to the rows of one projection.
public struct Changes<P: Projection>: Sendable {
    /// A version of a row that stands no more.
    public struct Past: Sendable {
        /// The row's key.
        public let key: P.Key
        /// The row, and since when it stood.
        public let version: Versioned<P.Row>
        /// The position of the event that ended it.
        public let until: Position
    }

    /// The changed keys, in the order of their first change.
    public private(set) var keys: [P.Key] = []
    /// What stood under them before the batch.
    public private(set) var originals: [P.Key: Versioned<P.Row>?] = [:]
    /// What stands under them behind it.
    public private(set) var latest: [P.Key: Versioned<P.Row>?] = [:]
    /// All versions that ended, in the order of their ends.
    public private(set) var past: [Past] = []

    init() {}

    /// Whether nothing changed.
    public var isEmpty: Bool { keys.isEmpty }

    mutating func record(
        _ before: Versioned<P.Row>?, _ after: Versioned<P.Row>?, at key: P.Key, until position: Position
    ) {
        if originals[key] == nil {
            originals[key] = .some(before)
            keys.append(key)
        }
        latest[key] = .some(after)
        if let before { past.append(Past(key: key, version: before, until: position)) }
    }

    /// The rows that are new, those that changed, and the keys that are gone, each in the order of their first change.
    public var outcome: (inserted: [(P.Key, Versioned<P.Row>)], updated: [(P.Key, Versioned<P.Row>)], deleted: [P.Key])
    {
        var inserted: [(P.Key, Versioned<P.Row>)] = []
        var updated: [(P.Key, Versioned<P.Row>)] = []
        var deleted: [P.Key] = []
        for key in keys {
            let existed = (originals[key] ?? nil) != nil
            switch (existed, latest[key] ?? nil) {
            case (false, let version?): inserted.append((key, version))
            case (true, let version?): updated.append((key, version))
            case (true, nil): deleted.append(key)
            case (false, nil): break
            }
        }
        return (inserted, updated, deleted)
    }
}
