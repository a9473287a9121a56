/// Turns stored shapes of events into today's, one version at a time, so that a fold knows only today's.
public struct Upcasters: Sendable {
    /// One step: what was stored as `type` in version `schema` of its shape becomes version `schema + 1`, or another type.
    public struct Step: Sendable {
        /// The stored type.
        public let type: String
        /// The stored version.
        public let schema: Int
        /// The next shape. It must raise `schema` or change `type`, or reading would never end.
        public let next: @Sendable (EncodedPayload) throws(UnreadableEvent) -> EncodedPayload

        /// A step from one version of a type to the next.
        public init(
            from type: String, schema: Int,
            _ next: @escaping @Sendable (EncodedPayload) throws(UnreadableEvent) -> EncodedPayload
        ) {
            self.type = type
            self.schema = schema
            self.next = next
        }
    }

    private let steps: [String: [Int: Step]]

    /// The steps of a domain.
    public init(_ steps: [Step]) {
        var byType: [String: [Int: Step]] = [:]
        for step in steps { byType[step.type, default: [:]][step.schema] = step }
        self.steps = byType
    }

    /// The shape of today.
    public func upcast(_ stored: EncodedPayload) throws(UnreadableEvent) -> EncodedPayload {
        var payload = stored
        while let step = steps[payload.type]?[payload.schema] { payload = try step.next(payload) }
        return payload
    }
}
