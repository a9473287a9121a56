import Testing

/// Expects that a repeat under an idempotency key answered what the first answered.
func expectSame(_ first: Answer, _ second: Answer, _ what: String) {
    #expect(second.status == first.status, "\(what): \(second.text)")
    #expect(second.body == first.body, "\(what)")
    for name in ["ETag", "Location", "Directory-Position", "Content-Type"] {
        #expect(second.header(name) == first.header(name), "\(what): \(name)")
    }
}
