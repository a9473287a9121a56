import EventSourcing
import FoundationEssentials
import TransparencyLog

/// Checks a log event by event, from the first: each commitment, each leaf, and the tree over them. It keeps the right edge of
/// the tree and whose data is missing, whatever the length of the log.
public struct LogChecker: Sendable {
    private var tiles = TileBuilder()
    private var lastTime: Instant?
    /// Whose texts are missing, each with the first position: they were erased if an erasing event follows.
    private var withoutSealed: [UUID: Position] = [:]
    private var withoutOrigin: [UUID: Position] = [:]
    private var erased: Set<UUID> = []
    private let sizes: Set<Position>
    /// The roots of the trees of the sizes asked for, as far as the log has been read.
    public private(set) var roots: [Position: [UInt8]]

    /// - Parameter sizes: those of which the root is wanted.
    public init(rootsOf sizes: some Sequence<Position>) {
        self.sizes = Set(sizes)
        roots = self.sizes.contains(0) ? [0: MerkleTree.emptyRoot] : [:]
    }

    /// The position of the last event.
    public var head: Position { Position(tiles.size) }
    /// The root of the tree so far.
    public var root: [UInt8] { tiles.root }

    /// Checks the next event.
    /// - Returns: the tiles that it completes.
    /// - Throws: `LogFinding`.
    public mutating func take(_ event: StoredEvent) throws(LogFinding) -> [TileBuilder.Tile] {
        let position = head + 1
        guard event.position == position else { throw LogFinding(at: position, "the event is missing") }
        for (name, commitment) in [("sealed", event.sealed), ("origin", event.origin)] {
            guard let commitment, commitment.text != nil || commitment.salt != nil else { continue }
            guard commitment.isIntact else { throw LogFinding(at: position, "`\(name)` is not what was committed to") }
        }
        guard MerkleTree.leafHash(event.entry) == event.leafHash else {
            throw LogFinding(at: position, "the entry is not the one that its leaf hashes")
        }
        if let lastTime, event.recordedAt < lastTime {
            throw LogFinding(at: position, "it is older than the one before")
        }
        lastTime = event.recordedAt
        noteErasure(event)
        let complete = tiles.append(event.leafHash)
        if sizes.contains(position) { roots[position] = tiles.root }
        return complete
    }

    /// Checks what can only be told at the end of the log.
    public func finish() throws(LogFinding) {
        let missing = [("sealed", withoutSealed), ("origin", withoutOrigin)].compactMap { name, streams in
            streams.values.min().map { (position: $0, name: name) }
        }
        guard let first = missing.min(by: { $0.position < $1.position }) else { return }
        throw LogFinding(
            at: first.position, "the text of `\(first.name)` is missing, although its subject was not erased later")
    }

    /// A text may be missing in the events of a stream before the one that erases it, and where a request came from in all
    /// that an erased account caused.
    private mutating func noteErasure(_ event: StoredEvent) {
        let stream = event.payload.stream
        if let sealed = event.sealed, sealed.text == nil {
            withoutSealed[stream] = withoutSealed[stream] ?? event.position
        }
        if let origin = event.origin, origin.text == nil, let actor = event.actor, !erased.contains(actor) {
            withoutOrigin[actor] = withoutOrigin[actor] ?? event.position
        }
        guard event.payload.type.hasSuffix(".erased") else { return }
        erased.insert(stream)
        withoutSealed[stream] = nil
        withoutOrigin[stream] = nil
    }
}

extension LogChecker {
    /// Whether the log extends what a checkpoint says; its size is one of those asked for.
    /// - Parameter name: what the checkpoint is called.
    /// - Throws: `LogFinding`.
    public func check(_ checkpoint: Checkpoint, _ name: String) throws(LogFinding) {
        guard checkpoint.size <= UInt64(head) else {
            throw LogFinding(
                at: head + 1,
                "the event is missing: \(name) is of a log of \(checkpoint.size) events, this one has \(head)")
        }
        guard roots[Position(checkpoint.size)] == checkpoint.root else {
            throw LogFinding(
                at: nil,
                "the first \(checkpoint.size) events are not those of \(name): the log was rewritten, hashes and all")
        }
    }
}
