// Swift's == on String treats composed and decomposed letters as equal, and its < sorts by normal form. JSON names are
// sequences of code units, so everything here uses the UTF-8 view.

/// Feeds the bytes and then a byte that never occurs in UTF-8, so that a string does not run into what follows.
func hashBytes(of text: String, into hasher: inout Hasher) {
    text.withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(0xFF as UInt8)
}

/// Whether `left` sorts before `right` by UTF-16 code units (RFC 8785, section 3.2.3).
func precedesInUTF16(_ left: String, _ right: String) -> Bool {
    left.withBytes { left in
        right.withBytes { right in
            var index = 0
            let shared = min(left.count, right.count)
            while index < shared, left[index] == right[index] { index += 1 }
            guard index < shared else { return left.count < right.count }
            return utf16Rank(left[index]) < utf16Rank(right[index])
        }
    }
}

func sortedByName(_ members: [JSON.Member]) -> [JSON.Member] {
    // Members of a canonical text are sorted already: checking is cheaper than sorting.
    let isSorted = zip(members, members.dropFirst()).allSatisfy { !precedesInUTF16($1.name, $0.name) }
    return isSorted ? members : members.sorted { precedesInUTF16($0.name, $1.name) }
}

/// A name that compares by bytes, for sets.
struct ByteName: Hashable {
    let text: String

    static func == (left: ByteName, right: ByteName) -> Bool {
        left.text.isIdentical(to: right.text)
    }

    func hash(into hasher: inout Hasher) {
        hashBytes(of: text, into: &hasher)
    }
}

/// UTF-8 bytes sort in the order of code points. The order of UTF-16 code units differs in one place: surrogates (code
/// points above U+FFFF, lead bytes F0 to F4) sort before U+E000 to U+FFFF (lead bytes EE and EF).
private func utf16Rank(_ byte: UInt8) -> UInt8 {
    byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte
}
