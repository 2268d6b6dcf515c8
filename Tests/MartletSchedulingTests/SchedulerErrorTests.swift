import MartletScheduling
import Testing

struct SchedulerErrorTests {
    private let id = SequenceID(rawValue: 7)

    private func add(_ count: Int, to fixture: SchedulerFixture) throws {
        var fixture = fixture
        try fixture.add(7, count: count)
    }

    @Test func `an id can be used once at a time`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(7, count: 1)
        #expect(throws: SchedulingError.duplicateSequence(id)) { try add(1, to: fixture) }
        fixture.finish(7)
        try fixture.add(7, count: 1)
    }

    @Test func `an empty prompt is refused`() {
        #expect(throws: SchedulingError.emptyPrompt(id)) { try add(0, to: SchedulerFixture()) }
    }

    @Test func `a prompt longer than the model's context is refused`() throws {
        let fixture = SchedulerFixture(maximumModelLength: 10)
        try add(10, to: fixture)
        let error = SchedulingError.promptTooLong(id, tokenCount: 11, maximumTokenCount: 10)
        #expect(throws: error) { try add(11, to: fixture) }
        #expect(error.description.contains("11 tokens"))
    }

    @Test func `a prompt that can never fit into the cache is refused`() throws {
        let fixture = SchedulerFixture(blockSize: 4, blockCount: 2)
        try add(8, to: fixture)
        let error = SchedulingError.promptExceedsCache(id, blockCount: 3, availableBlockCount: 2)
        #expect(throws: error) { try add(9, to: fixture) }
    }

    @Test func `a cache of no blocks admits nothing`() {
        let error = SchedulingError.promptExceedsCache(id, blockCount: 1, availableBlockCount: 0)
        #expect(throws: error) { try add(1, to: SchedulerFixture(blockCount: 0)) }
    }
}
