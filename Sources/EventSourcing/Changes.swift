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
    /// Until when the originals stood.
    private var ends: [P.Key: Position] = [:]

    init() {}

    /// Whether nothing changed.
    public var isEmpty: Bool { keys.isEmpty }

    mutating func record(
        _ before: Versioned<P.Row>?, _ after: Versioned<P.Row>?, at key: P.Key, until position: Position
    ) {
        if originals[key] == nil {
            originals[key] = .some(before)
            keys.append(key)
            ends[key] = position
        }
        latest[key] = .some(after)
        if let before { past.append(Past(key: key, version: before, until: position)) }
    }

    /// The keys whose rows are new, changed or gone, each in the order of their first change.
    public var outcome: Outcome {
        var outcome = Outcome()
        for key in keys {
            let existed = (originals[key] ?? nil) != nil
            switch (existed, latest[key] ?? nil) {
            case (false, let version?): outcome.inserted.append((key, version))
            case (true, let version?): outcome.updated.append((key, version, until: ends[key] ?? version.since))
            case (true, nil): outcome.deleted.append((key, until: ends[key] ?? 0))
            case (false, nil): break
            }
        }
        outcome.passing = past.filter { (originals[$0.key] ?? nil)?.since != $0.version.since }
        return outcome
    }

    /// What has to be written. Of a version that stood before the batch the table itself has the row, and need only be told
    /// until when it stood.
    public struct Outcome {
        /// Rows where there was none.
        public var inserted: [(key: P.Key, version: Versioned<P.Row>)] = []
        /// Rows instead of those that stood until then.
        public var updated: [(key: P.Key, version: Versioned<P.Row>, until: Position)] = []
        /// Keys under which there is no row any more, and until when there was.
        public var deleted: [(key: P.Key, until: Position)] = []
        /// Versions that both began and ended within the batch.
        public var passing: [Past] = []
    }
}
