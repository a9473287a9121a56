import Directory

/// What a caller is shown of an entity.
struct Representation: Sendable, Equatable {
    /// Finished JSON.
    let json: [UInt8]
    /// The tag of the entity in the path, or of the one created.
    let tag: EntityTag
}
