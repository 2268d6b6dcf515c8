import MartletEngine
import MartletTestSupport
import Testing

@Suite struct HistogramTests {
    @Test func `a value is in the first bucket whose bound it does not exceed`() {
        var histogram = Histogram(bounds: [1, 2, 5])
        for value in [0, 1, 1.5, 2, 2.1, 5, 5.1, 100] { histogram.observe(value) }
        #expect(histogram.counts == [2, 2, 2, 2])
        #expect(histogram.count == 8)
        #expect(abs(histogram.sum - 116.7) < 1e-9)
    }

    @Test func `what is no number is passed over`() {
        var histogram = Histogram(bounds: [1])
        histogram.observe(.nan)
        histogram.observe(-3)
        histogram.observe(.infinity)
        #expect(histogram.counts == [1, 1])
        #expect(histogram.sum == .infinity)
    }

    @Test func `buckets are found as by looking at each bound`() {
        var generator = SeededGenerator(seed: 11)
        let bounds = (1...20).map { Double($0 * $0) }
        var histogram = Histogram(bounds: bounds)
        var expected = Array(repeating: 0, count: 21)
        for _ in 0..<2000 {
            let value = Double(Int.random(in: 0...450, using: &generator))
            histogram.observe(value)
            expected[bounds.firstIndex { value <= $0 } ?? 20] += 1
        }
        #expect(histogram.counts == expected)
    }

    @Test func `a histogram without bounds counts`() {
        var histogram = Histogram(bounds: [])
        histogram.observe(.milliseconds(2500))
        #expect(histogram.counts == [1])
        #expect(histogram.sum == 2.5)
    }
}
