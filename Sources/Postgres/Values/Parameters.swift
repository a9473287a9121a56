#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The parameters of a statement's text, which number themselves in the order in which they are taken.
///
/// Each method takes one parameter, computed from the input of a run, and gives the text that refers to it. Keep that text
/// in a constant to refer to it more than once.
///
///     Query<Filter> { "select … where organization = \($0.uuid(\.organization)) and status = \($0.text(\.status))" }
public final class Parameters<Input> {
    typealias Value = @Sendable (Input) -> Parameter

    private let reference: (Int) -> String
    private(set) var types: [ParameterType] = []
    private(set) var values: [Value] = []

    /// - Parameter reference: the text that refers to the parameter with a number, from 1.
    init(reference: @escaping (Int) -> String) { self.reference = reference }

    /// A uuid.
    public func uuid(_ value: @escaping @Sendable (Input) -> UUID?) -> String {
        take(.element(.uuid)) { .uuid(value($0)) }
    }

    /// A text.
    public func text(_ value: @escaping @Sendable (Input) -> String?) -> String {
        take(.element(.text)) { .text(value($0)) }
    }

    /// A bytea.
    public func bytes(_ value: @escaping @Sendable (Input) -> [UInt8]?) -> String {
        take(.element(.bytea)) { .bytea(value($0)) }
    }

    /// A bigint.
    public func int(_ value: @escaping @Sendable (Input) -> Int64?) -> String {
        take(.element(.int8)) { .int8(value($0)) }
    }

    /// A boolean.
    public func bool(_ value: @escaping @Sendable (Input) -> Bool) -> String {
        take(.element(.bool)) { .bool(value($0)) }
    }

    /// A timestamptz, in microseconds since 1970 UTC.
    public func microseconds(_ value: @escaping @Sendable (Input) -> Int64?) -> String {
        take(.element(.timestamptz)) { .timestamptz(microseconds: value($0)) }
    }

    /// A `uuid[]`.
    public func uuids(_ values: @escaping @Sendable (Input) -> [UUID]) -> String {
        each(values).uuid { $0 }
    }

    /// A `text[]`.
    public func texts(_ values: @escaping @Sendable (Input) -> [String]) -> String {
        each(values).text { $0 }
    }

    /// A `bigint[]`.
    public func ints(_ values: @escaping @Sendable (Input) -> [Int64]) -> String {
        each(values).int { $0 }
    }

    /// Arrays that have a value of each element of a list.
    public func each<Element>(_ elements: @escaping @Sendable (Input) -> [Element]) -> ArrayParameters<Input, Element> {
        ArrayParameters(parameters: self, elements: elements)
    }

    fileprivate func take(_ type: ParameterType, _ value: @escaping Value) -> String {
        types.append(type)
        values.append(value)
        return reference(values.count)
    }
}

/// Parameters that are arrays of one length: each has one value of every element of a list.
///
///     let notes = parameters.each { $0.notes }
///     return "select * from unnest(\(notes.uuid { $0.id }), \(notes.text { $0.text }))"
public struct ArrayParameters<Input, Element> {
    fileprivate let parameters: Parameters<Input>
    fileprivate let elements: @Sendable (Input) -> [Element]

    /// A `uuid[]`.
    public func uuid(_ value: @escaping @Sendable (Element) -> UUID?) -> String {
        array(.uuid) { $0.append(uuid: value($1)) }
    }

    /// A `text[]`.
    public func text(_ value: @escaping @Sendable (Element) -> String?) -> String {
        array(.text) { $0.append(text: value($1)) }
    }

    /// A `json[]`, whose values are given as the UTF-8 of their text.
    public func json(_ value: @escaping @Sendable (Element) -> [UInt8]?) -> String {
        array(.json) { $0.append(bytes: value($1)) }
    }

    /// A `bytea[]`.
    public func bytes(_ value: @escaping @Sendable (Element) -> [UInt8]?) -> String {
        array(.bytea) { $0.append(bytes: value($1)) }
    }

    /// A `smallint[]`.
    public func smallint(_ value: @escaping @Sendable (Element) -> Int16) -> String {
        array(.int2) { $0.append(int2: value($1)) }
    }

    /// A `bigint[]`.
    public func int(_ value: @escaping @Sendable (Element) -> Int64?) -> String {
        array(.int8) { $0.append(int8: value($1)) }
    }

    /// A `timestamptz[]`, in microseconds since 1970 UTC.
    public func microseconds(_ value: @escaping @Sendable (Element) -> Int64?) -> String {
        array(.timestamptz) { $0.append(microseconds: value($1)) }
    }

    private func array(
        _ type: ElementType, _ append: @escaping @Sendable (inout ArrayBuilder, Element) -> Void
    ) -> String {
        parameters.take(.array(type)) { [elements] input in
            let elements = elements(input)
            var builder = ArrayBuilder(of: type, capacity: elements.count)
            for element in elements { append(&builder, element) }
            return .array(builder)
        }
    }
}

/// The type of a parameter.
enum ParameterType: Equatable {
    case element(ElementType)
    case array(ElementType)
}
