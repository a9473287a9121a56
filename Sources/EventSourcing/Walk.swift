import FoundationEssentials

/// A recursive statement that reaches rows by relations (all managers above somebody), so that a chain is one round trip.
public struct Walk: Sendable, Hashable {
    /// The text of the query: of the keys that are reached, or of the values by which a lookup finds rows.
    public let text: String
    /// The parameters of the text, in the order in which it takes them.
    public let parameters: [Parameter]
    /// The lookup whose values the query gives, instead of keys: whatever it finds by each of them is loaded, absence included.
    public let lookup: Int?

    /// A parameter of a walk's query.
    public enum Parameter: Sendable, Hashable {
        /// The array of all starts, which are of a type.
        case starts(ColumnType)
        /// What says which relations to follow.
        case value(ColumnValue, ColumnType)
    }

    /// A walk by a query of keys, in as many columns as a key has.
    public init<Input>(keys query: WalkQuery<Input>, _ input: Input) {
        text = query.text
        parameters = query.parameters(input)
        lookup = nil
    }

    /// A walk by a query of the values of a lookup.
    public init<P: Projection, Input>(to lookup: Lookup<P>, values query: WalkQuery<Input>, _ input: Input) {
        text = query.text
        parameters = query.parameters(input)
        self.lookup = lookup.ordinal
    }
}

/// The query of walks, whose text takes its parameters where they appear: the starts, and what it computes from the input of a
/// walk. It must end by itself after some `View.stepLimit` keys.
///
///     WalkQuery<String> { "… unnest(\($0.starts(.uuid))) … where type = \($0.text { $0 })" }
///
/// Keep it in a `static let`: its text is made once.
public struct WalkQuery<Input>: Sendable {
    fileprivate let text: String
    private let values: [Parameters.Value]

    /// A query whose text takes its parameters where they appear.
    public init(_ text: (Parameters) -> String) {
        let parameters = Parameters()
        self.text = text(parameters)
        values = parameters.values
    }

    fileprivate func parameters(_ input: Input) -> [Walk.Parameter] { values.map { $0(input) } }

    /// The parameters of a walk's query, which number themselves in the order in which they are taken. Keep the text that refers
    /// to one in a constant to refer to it more than once.
    public final class Parameters {
        fileprivate typealias Value = @Sendable (Input) -> Walk.Parameter

        fileprivate private(set) var values: [Value] = []

        /// An array of the starts.
        public func starts(_ type: ColumnType) -> String {
            take { _ in .starts(type) }
        }

        /// A uuid.
        public func uuid(_ value: @escaping @Sendable (Input) -> UUID) -> String {
            take { .value(.uuid(value($0)), .uuid) }
        }

        /// A text.
        public func text(_ value: @escaping @Sendable (Input) -> String) -> String {
            take { .value(.text(value($0)), .text) }
        }

        private func take(_ value: @escaping Value) -> String {
            values.append(value)
            return "$\(values.count)"
        }
    }
}
