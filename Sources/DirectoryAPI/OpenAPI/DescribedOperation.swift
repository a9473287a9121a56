/// An operation under the path that it has in the description.
struct DescribedOperation: Sendable {
    let operation: Operation
    /// Paths that differ only in the names of their parameters are one path in OpenAPI, with the names from the reference.
    let path: String
    let parameters: [PathParameter]

    static func all(of operations: [Operation]) -> [DescribedOperation] {
        operations.map { operation in
            let same = operations.filter { $0.path.shape == operation.path.shape }
            let naming = (same.first { $0.number != nil } ?? same.first ?? operation).path
            return DescribedOperation(operation: operation, path: naming.text, parameters: naming.described)
        }
    }
}

extension PathPattern {
    /// The path without the names of its parameters.
    fileprivate var shape: String {
        segments.map { if case .name(let name) = $0 { "/\(name)" } else { "/{}" } }.joined()
    }
}
