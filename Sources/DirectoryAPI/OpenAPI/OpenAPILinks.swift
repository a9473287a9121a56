import CanonicalJSON

/// The links of an operation's answer: which operations can follow it, and where their parameters come from. They are found
/// by two rules, so that no operation names another:
///
/// 1. What makes an entity leads to every operation with the entity's id in its path.
/// 2. A change leads to every other operation on the same path, or on the same path with one id more that is in the body.
struct OpenAPILinks {
    private let source: DescribedOperation
    private let all: [DescribedOperation]

    init(_ source: DescribedOperation, among all: [DescribedOperation]) {
        self.source = source
        self.all = all
    }

    /// The links object; empty where nothing follows.
    var json: [JSON.Member] {
        // What deletes an entity leads nowhere.
        guard source.operation.isMutation, !source.operation.name.hasPrefix("delete") else { return [] }
        return all.compactMap { target in
            guard target.operation.name != source.operation.name, let parameters = parameters(of: target) else {
                return nil
            }
            return JSON.Member(
                name: target.operation.name,
                value: [
                    "operationId": .string(target.operation.name),
                    "parameters": .object(parameters.map { JSON.Member(name: $0, value: .string($1)) }),
                ])
        }
    }

    private func parameters(of target: DescribedOperation) -> [(name: String, expression: String)]? {
        madeEntity.map { parameters(of: target, taking: $0) } ?? parametersOfSamePath(target)
    }

    /// The schema of the entity that the operation makes.
    private var madeEntity: String? {
        guard source.operation.response.status == 201, let schema = source.operation.response.schema,
            Shape.all.contains(where: { $0.name == schema && $0.fields.contains { $0.name == "id" } })
        else { return nil }
        return schema
    }

    /// Rule 1. Ids of other entities come from the request, or from the entity itself; other parameters are the client's to choose.
    private func parameters(
        of target: DescribedOperation, taking entity: String
    ) -> [(name: String, expression: String)]? {
        let ids = target.parameters.filter { !$0.entities.isEmpty }
        guard ids.filter({ $0.entities.contains(entity) }).count == 1 else { return nil }
        var found: [(name: String, expression: String)] = []
        for parameter in ids {
            if parameter.entities.contains(entity) {
                found.append((parameter.name, "$response.body#/id"))
            } else if source.parameters.contains(where: { $0.name == parameter.name }) {
                found.append((parameter.name, "$request.path.\(parameter.name)"))
            } else if hasMember(parameter.name, entity) {
                found.append((parameter.name, "$response.body#/\(parameter.name)"))
            } else {
                return nil
            }
        }
        return found
    }

    private func hasMember(_ name: String, _ schema: String) -> Bool {
        Shape.all.contains { $0.name == schema && $0.fields.contains { $0.name == name && $0.isAlwaysThere } }
    }

    /// Rule 2.
    private func parametersOfSamePath(_ target: DescribedOperation) -> [(name: String, expression: String)]? {
        guard !source.parameters.isEmpty, target.path.hasPrefix(source.path) else { return nil }
        var found = source.parameters.map { (name: $0.name, expression: "$request.path.\($0.name)") }
        if target.path == source.path { return found }
        guard target.parameters.count == source.parameters.count + 1, let more = target.parameters.last,
            target.path == "\(source.path)/{\(more.name)}", let body = source.operation.body.map(BodySchema.init),
            let field = body.fields.first(where: { $0.name == "\(more.name)Id" })
        else { return nil }
        found.append((more.name, "$request.body#/\(body.example.array == nil ? "" : "0/")\(field.name)"))
        return found
    }
}
