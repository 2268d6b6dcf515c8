import MartletEngine
import Testing

@Suite struct MemoryBudgetTests {
    @Test func `reservations never exceed the budget and come back when let go`() throws {
        let budget = MemoryBudget(byteCount: 100)
        let first = try #require(budget.reserve(60))
        #expect(budget.reserve(41) == nil)
        do {
            let second = try #require(budget.reserve(40))
            #expect(budget.remainingByteCount == 0)
            #expect(second.attainableByteCount == 40)
        }
        #expect(budget.remainingByteCount == 40)
        first.release()
        first.release()
        #expect(budget.reservedByteCount == 0)
        #expect(first.byteCount == 0)
    }

    @Test func `what is really used replaces what was planned, even beyond the budget`() throws {
        let budget = MemoryBudget(byteCount: 100)
        let first = try #require(budget.reserve(60))
        first.resize(to: 10)
        #expect(budget.remainingByteCount == 90)
        #expect(first.attainableByteCount == 100)
        first.resize(to: 130)
        #expect(budget.remainingByteCount == 0)
        #expect(budget.reserve(1) == nil)
        first.release()
        #expect(budget.remainingByteCount == 100)
    }

    @Test func `without a limit everything fits and is still counted`() throws {
        let budget = MemoryBudget(byteCount: nil)
        let first = try #require(budget.reserve(1 << 50))
        #expect(first.attainableByteCount == nil)
        #expect(budget.remainingByteCount == nil)
        #expect(budget.reservedByteCount == 1 << 50)
        #expect(budget.reserve(.max) == nil)
    }
}
