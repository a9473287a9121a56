import CanonicalJSON

/// What an organization or an employee says of itself: named strings.
public struct Profile: Sendable, Equatable {
    /// The values by field; a field without a value is not in it.
    public var values: [String: String] = [:]

    /// The fields of an organization's profile, in the order in which they are shown.
    public static let organizationFields = [
        "logoUrl", "timezone", "location", "countryCode", "companySize", "website", "mission",
    ]
    /// The fields of an employee's profile, in the order in which they are shown.
    public static let employeeFields = [
        "employeeNumber", "firstName", "lastName", "bio", "profileImage", "birthDate", "gender", "timezone", "location",
        "joinDate", "companyRole",
    ]
    /// The fields of an employee's profile that only some may see.
    public static let hiddenFields: Set<String> = ["birthDate", "gender"]

    /// A profile with these values.
    public init(_ values: [String: String] = [:]) { self.values = values }

    /// Reads a profile from its finished JSON; `nil` reads as one never set.
    public init(_ json: JSON?) {
        for member in json?.members ?? [] { values[member.name] = member.value.string }
    }

    /// Carries changes out.
    public mutating func apply(_ changes: [ProfileChange]) {
        for change in changes { values[change.field] = change.change.to }
    }

    /// Writes an object of the fields that have a value, in the order given.
    public func write(_ fields: [String], to writer: inout JSONWriter) {
        writer.beginObject()
        for field in fields {
            guard let value = values[field] else { continue }
            writer.name(field)
            writer.string(value)
        }
        writer.endObject()
    }
}
