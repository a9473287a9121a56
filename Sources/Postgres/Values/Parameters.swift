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
        array(.uuid, values) { $0.append(uuid: $1) }
    }

    /// A `text[]`.
    public func texts(_ values: @escaping @Sendable (Input) -> [String]) -> String {
        array(.text, values) { $0.append(text: $1) }
    }

    /// A `bigint[]`.
    public func ints(_ values: @escaping @Sendable (Input) -> [Int64]) -> String {
        array(.int8, values) { $0.append(int8: $1) }
    }

    private func array<T>(
        _ type: ElementType, _ values: @escaping @Sendable (Input) -> [T],
        _ append: @escaping @Sendable (inout ArrayBuilder, T) -> Void
    ) -> String {
        take(.array(type)) { input in
            let values = values(input)
            var builder = ArrayBuilder(of: type, capacity: values.count)
            for value in values { append(&builder, value) }
            return .array(builder)
        }
    }

    private func take(_ type: ParameterType, _ value: @escaping Value) -> String {
        types.append(type)
        values.append(value)
        return reference(values.count)
    }
}

/// The type of a parameter.
enum ParameterType: Equatable {
    case element(ElementType)
    case array(ElementType)
}
