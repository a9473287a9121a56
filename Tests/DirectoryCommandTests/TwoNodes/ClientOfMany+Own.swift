import TestSupport

/// What a client makes for itself, and changes alone.
extension ClientOfMany {
    func newEmployee(email: String) -> Change {
        Change(
            kind: .employee, method: "POST", path: "/employee", organization: place.organization,
            body: #"{"name":"E","email":"\#(email)"}"#)
    }

    func newGroup() -> Change {
        Change(
            kind: .group, method: "POST", path: "/group", organization: place.organization,
            body: #"{"name":"G\#(number)","type":"TEAM"}"#)
    }

    func newApp() -> Change {
        Change(
            kind: .app, method: "POST", path: "/organization/\(place.organization)/apps",
            body: #"{"type":"TEAMS","secretData":{"token":"s\#(number)"}}"#)
    }

    mutating func keyOrItsDeletion() -> Change {
        let path = "/organization/\(place.organization)/keys"
        guard random.chance(40), let key = keys.popLast() else {
            return Change(kind: .key, method: "POST", path: path, body: #"{"name":"K","limitToRole":"AUDITOR"}"#)
        }
        return Change(kind: .keyDeletion, method: "DELETE", path: "\(path)/\(key)", isOwn: true)
    }

    /// Ids in an app are contended for; the mapping is the client's.
    mutating func integration() -> Change {
        guard let employee else { return newEmployee(email: email()) }
        let mapping = "/employee/\(employee)/mappings/\(place.app)/user"
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return Change(kind: .mappingRemoval, method: "DELETE", path: mapping, isOwn: true)
        case 1: return preferences(.preferences, of: "employee/\(employee)", isOwn: true)
        case 2: return preferences(.accountPreferences, of: "account/\(random.pick(ground.accounts))", isOwn: false)
        default:
            let id = "U\(Int.random(in: 0..<12, using: &random))"
            return Change(
                kind: .mapping, method: "PUT", path: mapping, body: #"{"mappedId":"\#(id)"}"#, isOwn: true)
        }
    }

    private func preferences(_ kind: Change.Kind, of entity: String, isOwn: Bool) -> Change {
        Change(
            kind: kind, method: "PUT", path: "/\(entity)/preferences/ui",
            body: #"{"values":{"by":"\#(number)-\#(count)"}}"#, isOwn: isOwn)
    }

    mutating func erasure() -> Change {
        guard let employee = spare.popLast() else { return newEmployee(email: email()) }
        return Change(
            kind: .erasure, method: "POST", path: "/employee/\(employee)/erase", body: #"{"reason":"LEFT"}"#)
    }

    mutating func changeOfOwn() -> Change {
        let name = #"{"name":"N\#(number)-\#(count)"}"#
        if let app, random.chance(50) {
            return Change(
                kind: .ownApp, method: "PATCH", path: "/organization/\(place.organization)/apps/\(app)", body: name,
                isOwn: true)
        }
        if let group, random.chance(50) {
            return Change(kind: .ownGroup, method: "PATCH", path: "/group/\(group)", body: name, isOwn: true)
        }
        guard let employee else { return newEmployee(email: email()) }
        if random.chance(40) {
            let bio = #"{"bio":"B\#(number)-\#(count)"}"#
            return Change(
                kind: .ownProfile, method: "PATCH", path: "/employee/\(employee)/profile", body: bio, isOwn: true)
        }
        return Change(kind: .ownEmployee, method: "PATCH", path: "/employee/\(employee)", body: name, isOwn: true)
    }
}
