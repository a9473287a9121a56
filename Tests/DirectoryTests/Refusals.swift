import Directory
import Testing

/// Expects a refusal of a kind, at a field if one is named.
func refused(
    _ kind: Refusal.Kind, at pointer: String? = nil, _ location: SourceLocation = #_sourceLocation,
    _ body: () throws -> Any
) {
    do {
        _ = try body()
        Issue.record("not refused", sourceLocation: location)
    } catch let refusal as Refusal {
        #expect(refusal.kind == kind, "\(refusal.detail)", sourceLocation: location)
        #expect(refusal.fields.first?.pointer == pointer, sourceLocation: location)
    } catch {
        Issue.record("\(error)", sourceLocation: location)
    }
}
