extension JSON: Hashable {
    /// Whether two values are the same. Strings compare by bytes; the order of an object's members does not matter.
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.isIdentical(to: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): haveSameMembers(left, right)
        default: false
        }
    }

    /// Feeds a hash that agrees with `==`: by bytes, and independent of the order of members.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null:
            hasher.combine(0 as UInt8)
        case .bool(let value):
            hasher.combine(1 as UInt8)
            hasher.combine(value)
        case .number(let value):
            hasher.combine(2 as UInt8)
            hasher.combine(value)
        case .string(let value):
            hasher.combine(3 as UInt8)
            hashBytes(of: value, into: &hasher)
        case .array(let elements):
            hasher.combine(4 as UInt8)
            hasher.combine(elements)
        case .object(let members):
            hasher.combine(5 as UInt8)
            hasher.combine(members.count)
            // A sum does not depend on the order of its terms.
            hasher.combine(members.reduce(0) { $0 &+ $1.hashValue })
        }
    }
}

extension JSON.Member: Hashable {
    /// Whether two members have the same name, by bytes, and the same value.
    public static func == (left: JSON.Member, right: JSON.Member) -> Bool {
        left.name.isIdentical(to: right.name) && left.value == right.value
    }

    /// Feeds a hash that agrees with `==`.
    public func hash(into hasher: inout Hasher) {
        hashBytes(of: name, into: &hasher)
        hasher.combine(value)
    }
}

private func haveSameMembers(_ left: [JSON.Member], _ right: [JSON.Member]) -> Bool {
    guard left.count == right.count else { return false }
    // Two canonical texts have their members in the same order, so there is nothing to sort.
    if zip(left, right).allSatisfy({ $0.name.isIdentical(to: $1.name) }) {
        return zip(left, right).allSatisfy { $0.value == $1.value }
    }
    return zip(sortedByName(left), sortedByName(right)).allSatisfy { $0 == $1 }
}
