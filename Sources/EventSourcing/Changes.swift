/// What a batch of events did to the rows of one projection.
public struct Changes<P: Projection>: Sendable {
    /// A version of a row that is no longer in effect.
    public struct Past: Sendable {
        /// The row's key.
        public let key: P.Key
        /// The row, and the position since which it was in effect.
        public let version: Versioned<P.Row>
        /// The position of the event that ended it.
        public let until: Position
    }

    /// What has to be written. The table itself has the row of a version from before the batch, and needs only the position
    /// that ended it.
    public struct Writes {
        /// Rows where there was none.
        public var inserted: [(key: P.Key, version: Versioned<P.Row>)] = []
        /// Rows that replace others, and the positions that ended those.
        public var updated: [(key: P.Key, version: Versioned<P.Row>, until: Position)] = []
        /// Keys that have no row any longer, and the positions that ended theirs.
        public var deleted: [(key: P.Key, until: Position)] = []
        /// Versions that both began and ended within the batch.
        public var passing: [Past] = []
    }

    private struct Change {
        /// What there was before the batch.
        let before: Versioned<P.Row>?
        /// The position that ended it.
        let until: Position
        /// What there is after the batch.
        var after: Versioned<P.Row>?
    }

    /// The changed keys, in the order of their first change.
    public private(set) var keys: [P.Key] = []
    /// All versions that ended, in the order of their ends.
    public private(set) var past: [Past] = []
    private var changes: [P.Key: Change] = [:]

    init() {}

    /// Whether nothing changed.
    public var isEmpty: Bool { keys.isEmpty }

    /// What the changed keys have after the batch.
    public var latest: [P.Key: Versioned<P.Row>?] { changes.mapValues { $0.after } }

    /// Whether the row of a key changed.
    func contains(_ key: P.Key) -> Bool { changes[key] != nil }

    mutating func record(
        _ before: Versioned<P.Row>?, _ after: Versioned<P.Row>?, at key: P.Key, until position: Position
    ) {
        if changes[key] == nil {
            changes[key] = Change(before: before, until: position, after: after)
            keys.append(key)
        } else {
            changes[key]?.after = after
        }
        if let before { past.append(Past(key: key, version: before, until: position)) }
    }

    /// What has to be written, each kind in the order of the first change.
    public var writes: Writes {
        var writes = Writes()
        for key in keys {
            guard let change = changes[key] else { continue }
            switch (change.before, change.after) {
            case (nil, let version?): writes.inserted.append((key, version))
            case (_?, let version?): writes.updated.append((key, version, until: change.until))
            case (_?, nil): writes.deleted.append((key, until: change.until))
            case (nil, nil): break
            }
        }
        writes.passing = past.filter { changes[$0.key]?.before?.since != $0.version.since }
        return writes
    }
}
