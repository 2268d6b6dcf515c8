/// The value of `range(…)`.
struct RangeValue: Hashable {
    let start, stop, step: Int
    let count: Int

    /// Nil where the length does not fit into an integer; `step` must not be zero.
    init?(start: Int, stop: Int, step: Int) {
        self.start = start
        self.stop = stop
        self.step = step
        let (low, high) = step > 0 ? (start, stop) : (stop, start)
        guard low < high else {
            count = 0
            return
        }
        let (distance, overflow) = high.subtractingReportingOverflow(low)
        guard !overflow else { return nil }
        count = Int((UInt(distance) - 1) / step.magnitude) + 1
    }

    /// The element at `index`, which must be below `count`.
    subscript(index: Int) -> Int { start + index * step }

    /// What the element at `index` would be, also before and after the range; nil where it does not
    /// fit into an integer.
    func place(_ index: Int) -> Int? {
        let (offset, overflow) = index.multipliedReportingOverflow(by: step)
        let (place, isTooLarge) = start.addingReportingOverflow(offset)
        return overflow || isTooLarge ? nil : place
    }

    func position(of value: Int) -> Int? {
        let (offset, overflow) = value.subtractingReportingOverflow(start)
        guard !overflow, count > 0, step == -1 || offset % step == 0 else { return nil }
        let index = step == -1 ? 0 &- offset : offset / step
        return index >= 0 && index < count ? index : nil
    }

    /// What equality looks at: an empty range equals every other.
    var key: MappingKey {
        .range(
            start: count > 0 ? start : 0, count: count, step: count > 1 ? step : 0)
    }
}
