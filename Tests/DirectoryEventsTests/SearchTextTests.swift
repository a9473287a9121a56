import DirectoryEvents
import Testing

@Suite struct SearchTextTests {
    private func same(_ left: String, _ right: String) -> Bool {
        Array(SearchText.emailKey(left).utf8) == Array(SearchText.emailKey(right).utf8)
    }

    @Test func `Addresses are compared without regard to case`() {
        #expect(same("Ada@Example.COM", "ada@example.com"))
        #expect(same("JÜRGEN@x.de", "jürgen@x.de"))
        #expect(same("stra\u{DF}e@x.de", "STRASSE@x.de"))
        #expect(same("stra\u{1E9E}e@x.de", "strasse@x.de"))
        #expect(same("ΣΟΦΟΣ@x.gr", "σοφος@x.gr"))
        #expect(same("σοφος@x.gr", "σοφο\u{3C2}@x.gr"))
    }

    @Test func `Composed and decomposed letters are one address`() {
        #expect(same("Andr\u{E9}@x.fr", "andre\u{301}@x.fr"))
    }

    @Test func `Accents and dotless letters tell addresses apart`() {
        #expect(!same("andré@x.fr", "andre@x.fr"))
        // In upper case ı would become I: accounts have been taken over by that.
        #expect(!same("mıke@example.com", "mike@example.com"))
    }

    @Test func `Words are folded and stripped of marks`() {
        #expect(SearchText.words("Ángel Núñez-O'Neill") == ["angel", "nunez", "o", "neill"])
        #expect(SearchText.words("Straße STRASSE") == ["strasse"])
        #expect(
            SearchText.words("Їжакевич Лариса").map { Array($0.utf8) } == ["іжакевич", "лариса"].map { Array($0.utf8) })
        #expect(SearchText.words("이준호").count == 1)
        #expect(SearchText.words("  ") == [])
    }

    @Test func `A combining mark after a space does not hide the space`() {
        // A Hebrew point is not an accent, so it is kept; it and the space before it are one character.
        let words = SearchText.words("anna \u{5B0}ben").map { Array($0.utf8) }
        #expect(words == ["anna", "\u{5B0}ben"].map { Array($0.utf8) })
        #expect(SearchText.words("anna \u{301}ben") == ["anna", "ben"])
    }

    @Test func `Identical means the same bytes`() {
        #expect("\u{E9}" == "e\u{301}")
        #expect(!"\u{E9}".isIdentical(to: "e\u{301}"))
        #expect("\u{E9}".isIdentical(to: "\u{E9}"))
        #expect(!"".isIdentical(to: nil))
    }
}
