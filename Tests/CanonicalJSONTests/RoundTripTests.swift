import CanonicalJSON
import TestSupport
import Testing

@Suite struct RoundTripTests {
    @Test(arguments: 0..<400 as Range<UInt64>)
    func `A value survives its canonical text, which is its own canonical text`(seed: UInt64) throws {
        var generator = SeededGenerator(seed)
        let value = generator.json(depth: 4)
        let canonical = value.canonicalBytes()
        let read = try JSON(parsing: canonical)
        #expect(read == value)
        #expect(read.hashValue == value.hashValue)
        #expect(read.canonicalBytes() == canonical)
        #expect(value.canonicalText().utf8.elementsEqual(canonical))
    }

    @Test func `Every double survives, large integers too`() throws {
        var generator = SeededGenerator(3)
        for round in 0..<50_000 {
            // Half of them where the canonical text is an integer beyond 2^53.
            let value =
                round.isMultiple(of: 2)
                ? generator.double() : Double.random(in: 9e15...1.1e21, using: &generator).rounded()
            #expect(try JSON(parsing: JSON.number(value).canonicalBytes()).number == value)
        }
    }
}
