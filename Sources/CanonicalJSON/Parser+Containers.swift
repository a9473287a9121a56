extension Parser {
    mutating func array() throws(JSONError) -> JSON {
        try descend()
        var elements: [JSON] = []
        if peek == UInt8(ascii: "]") { return ascend(.array([])) }
        while true {
            guard elements.count < limits.maximumArrayCount else { throw JSONError(.arrayTooLong, at: position) }
            do throws(JSONError) {
                elements.append(try value())
            } catch {
                throw error.below(String(elements.count))
            }
            guard try continues(until: UInt8(ascii: "]")) else { return ascend(.array(elements)) }
        }
    }

    mutating func object() throws(JSONError) -> JSON {
        try descend()
        var members: [JSON.Member] = []
        var names = NameSet()
        if peek == UInt8(ascii: "}") { return ascend(.object([])) }
        while true {
            guard members.count < limits.maximumMembers else { throw JSONError(.tooManyMembers, at: position) }
            let start = position
            guard peek == UInt8(ascii: "\"") else { throw JSONError(.syntax, at: position) }
            let name = try string()
            guard names.insert(name, after: members) else { throw JSONError(.duplicateKey, at: start).below(name) }
            skipWhiteSpace()
            try expect(UInt8(ascii: ":"))
            skipWhiteSpace()
            do throws(JSONError) {
                members.append(JSON.Member(name: name, value: try value()))
            } catch {
                throw error.below(name)
            }
            guard try continues(until: UInt8(ascii: "}")) else { return ascend(.object(members)) }
        }
    }

    private mutating func descend() throws(JSONError) {
        guard depth < maximumDepth else { throw JSONError(.depth, at: position) }
        depth &+= 1
        position &+= 1
        skipWhiteSpace()
    }

    private mutating func ascend(_ value: JSON) -> JSON {
        depth &-= 1
        position &+= 1
        return value
    }

    /// Whether a comma announces another element. If not, the position is left at the closing bracket.
    private mutating func continues(until close: UInt8) throws(JSONError) -> Bool {
        skipWhiteSpace()
        if peek == close { return false }
        try expect(UInt8(ascii: ","))
        skipWhiteSpace()
        return true
    }
}

/// The names seen so far in one object. A few are compared one by one; many are hashed with Swift's random seed, so that no
/// choice of names makes the check quadratic.
private struct NameSet {
    private static let few = 16
    private var hashed: Set<ByteName> = []

    /// False if one of `members`, all of which were inserted here before, has that name.
    mutating func insert(_ name: String, after members: [JSON.Member]) -> Bool {
        guard members.count >= Self.few else { return !members.contains { $0.name.isIdentical(to: name) } }
        if hashed.isEmpty { hashed = Set(members.map { ByteName(text: $0.name) }) }
        return hashed.insert(ByteName(text: name)).inserted
    }
}
