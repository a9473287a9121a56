import EventSourcing

/// What an `ETag` says (RFC 9110, section 8.8.3).
public struct EntityTag: Sendable, Hashable, CustomStringConvertible {
    /// The position of the last event that changed the entity's full representation.
    public var position: Position
    /// For an account, also that of the last event that changed the caller's own grants.
    public var grants: Position?
    /// Whether the caller is shown fields that are hidden from others: a promotion shows more of a state that is the same.
    public var showsHidden: Bool
    /// For the groups of an entity, which of its memberships do not count for now.
    public var suspended: Suspended?

    /// Memberships in INACTIVE groups: they are not shown, and whether they are does not depend on events of the member.
    public struct Suspended: Sendable, Hashable {
        let count: Int64
        let since: Position

        /// - Parameter since: the position of the last event that changed one of the groups.
        public init?(count: Int64, since: Position) {
            if count == 0 { return nil }
            self.count = count
            self.since = since
        }
    }

    /// A tag.
    public init(
        _ position: Position, grants: Position? = nil, showsHidden: Bool = false, suspended: Suspended? = nil
    ) {
        self.position = position
        self.grants = grants
        self.showsHidden = showsHidden
        self.suspended = suspended
    }

    /// As in the header, quotes included.
    public var description: String {
        "\"\(state)\(showsHidden ? "h" : "")\(suspended.map { ".\($0.count).\($0.since)" } ?? "")\""
    }

    private var state: String { grants.map { "\(position)-\($0)" } ?? "\(position)" }

    /// Whether a tag in a header names this state, whatever its holder was shown of it.
    func agrees(with tag: String) -> Bool {
        tag == "\"\(state)\"" || tag == "\"\(state)h\"" || tag.hasPrefix("\"\(state).")
    }
}

/// What `If-Match` or `If-None-Match` asks for (RFC 9110, sections 13.1.1 and 13.1.2).
public enum Precondition: Sendable, Hashable {
    /// Any state, as long as there is one.
    case exists
    /// One of these tags, as in the header.
    case tags([String])
    /// No state at all.
    case absent
    /// None of these tags, as in the header.
    case otherThan([String])

    /// Whether a state meets it, whatever is shown of it.
    public func isMet(by tag: EntityTag?) -> Bool {
        switch (self, tag) {
        case (.exists, let tag): tag != nil
        case (.absent, let tag): tag == nil
        case (.tags(let tags), let tag?): tags.contains(where: tag.agrees)
        case (.tags, nil): false
        case (.otherThan(let tags), let tag?): !tags.contains(where: tag.agrees)
        case (.otherThan, nil): true
        }
    }

    /// Whether what is shown under a tag meets it: a holder of the same state who was shown less of it does not have this.
    public func isMet(byWhatIsShownUnder tag: EntityTag) -> Bool {
        if case .otherThan(let tags) = self { !tags.contains(tag.description) } else { isMet(by: tag) }
    }
}
