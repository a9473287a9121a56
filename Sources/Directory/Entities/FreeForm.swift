import CanonicalJSON
import DirectoryEvents

/// The limits of what clients keep in the directory in forms of their own.
enum FreeForm {
    /// The largest object, in bytes of its canonical text.
    static let bytes = 32 << 10
    /// How many apps an organization has at most; how many mappings (to apps of one organization) and preferences an entity.
    static let most = 100

    /// Refuses an object that is too large.
    static func check(_ object: JSON?, at pointer: String) throws {
        guard let object, object.canonicalBytes().count > bytes else { return }
        throw Refusal.rule(at: pointer, "The object has more than 32 KiB.")
    }
}

extension JSON {
    /// The object, as events tell it: one without members is no value.
    var present: JSON? {
        // Between two branches `nil` would be JSON's null.
        if members?.isEmpty == true { return nil }
        return self
    }
}

/// Collects the changes of members, without those that change nothing.
struct ValueChanges {
    private(set) var all: [ValueChange] = []

    mutating func add(_ name: String, from: JSON?, to: JSON?) {
        if from != to { all.append(ValueChange(name, from: from, to: to)) }
    }

    mutating func add(_ name: String, from: String?, to: String?) {
        add(name, from: from.map { .string($0) }, to: to.map { .string($0) })
    }
}
