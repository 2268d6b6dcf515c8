/// From which load of the machine on an engine takes on no more. A limit that is nil is not looked
/// at.
public struct LoadThresholds: Hashable, Sendable {
    /// The share of the processors that others use, 0 to 1. An engine on processors is expected to
    /// use them itself, so its own use does not count.
    public var cpu: Double?
    /// The share of the accelerator's time that is used, 0 to 1.
    public var gpu: Double?
    /// The share of the machine's memory that is used, 0 to 1.
    public var memory: Double? = 0.98

    /// The defaults: only memory is looked at.
    public init() {}
}
