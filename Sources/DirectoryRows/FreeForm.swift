import CanonicalJSON
import DirectoryEvents

extension JSONWriter {
    /// Writes an object that shows secrets by their names alone.
    public mutating func secrets(_ names: [String]) {
        beginObject()
        for name in names {
            self.name(name)
            string(SecretNames.mask)
        }
        endObject()
    }
}

extension JSON {
    /// About how many bytes it takes in memory.
    public var size: Int {
        switch self {
        case .null, .bool, .number: 32
        case .string(let text): 32 + text.utf8.count
        case .array(let elements): elements.reduce(32) { $0 + $1.size }
        case .object(let members): members.reduce(32) { $0 + 32 + $1.name.utf8.count + $1.value.size }
        }
    }
}
