/// Pointers into JSON values (RFC 6901).
public enum JSONPointer {
    /// What follows the pointer of an array or object to lead to an element or member: `/`, and its escaped index or name.
    public static func token(_ name: String) -> String {
        var token = "/"
        // By scalars: a slash and a combining mark after it are one character, which is not a slash.
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": token += "~0"
            case "/": token += "~1"
            default: token.unicodeScalars.append(scalar)
            }
        }
        return token
    }
}
