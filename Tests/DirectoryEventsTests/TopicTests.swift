import Directory
import DirectoryEvents
import EventSourcing
import Testing

@Suite struct TopicTests {
    @Test(arguments: projections.indices)
    func `A projection declares the topics of all events that change its rows, and no others`(index: Int) {
        func check<P: Projection<DirectoryEvent>>(_ projection: P.Type) {
            let events = SampleEvents.all.filter { !P.keys(of: $0).isEmpty }
            #expect(!events.isEmpty)
            for event in events {
                #expect(P.topics.contains(event.topic), "\(P.name): \(SampleEvents.type(of: event))")
            }
            #expect(Set(events.map(\.topic)) == P.topics, "\(P.name)")
        }
        check(projections[index])
    }
}
