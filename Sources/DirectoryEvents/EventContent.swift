import CanonicalJSON
import EventSourcing
import FoundationEssentials

/// Type and fields of an event, before it is known which entity it belongs to.
struct EventContent {
    private let declaration: EventDeclaration
    var related: UUID?
    var data: [JSON.Member] = []
    private var sealed: [JSON.Member] = []
    /// The pointers of sealed changes, in the order in which they were decided.
    private var pointers: [JSON] = []
    private var isErased = false

    init(_ declaration: EventDeclaration) { self.declaration = declaration }

    mutating func seal(_ text: Erasable, as name: String) {
        switch text {
        case .text(let text): sealed.append(member(name, .string(text)))
        case .erased: isErased = true
        }
    }

    mutating func seal(_ change: Change<String>, at pointer: String) {
        pointers.append(.string(pointer))
        if change.isErased { isErased = true } else { sealed.append(member(pointer, change.json)) }
    }

    mutating func seal(_ value: JSON, as name: String) { sealed.append(member(name, value)) }

    mutating func seal(_ change: Change<JSON>, at pointer: String) {
        pointers.append(.string(pointer))
        if change.isErased { isErased = true } else { seal(change.json, as: pointer) }
    }

    /// Says that `sealed` held something that has been erased.
    mutating func markErased() { isErased = true }

    func payload(organization: UUID?, stream: UUID) -> EncodedPayload {
        let data = pointers.isEmpty ? data : data + [member("fields", .array(pointers))]
        return EncodedPayload(
            type: declaration.type, schema: declaration.schema, organization: organization, stream: stream,
            streamType: declaration.stream.rawValue, related: related, data: data.isEmpty ? nil : .object(data),
            sealed: sealed.isEmpty ? nil : .object(sealed), isErased: isErased)
    }
}

func member(_ name: String, _ value: JSON) -> JSON.Member { JSON.Member(name: name, value: value) }

extension Change<String> {
    /// Both sides; one without a value is left out.
    var json: JSON {
        let sides = [("from", from), ("to", to)]
        return .object(sides.compactMap { name, value in value.map { member(name, .string($0)) } })
    }
}
