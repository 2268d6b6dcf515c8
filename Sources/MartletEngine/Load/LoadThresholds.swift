/// The load above which the engine refuses new requests. Shares are 0 to 1.
///
/// An engine on the processors is expected to use them, so its own use never counts: `cpu` is
/// compared with what others take. Only memory is watched by default, since a machine without it
/// ends the process, while one without processor time merely takes longer.
public struct LoadThresholds: Hashable, Sendable {
    /// Refuse when others use more than this share of the machine's processors, or when the tasks
    /// that wait for one wait so because of others.
    public var cpu: Double?
    /// Refuse when more than this share of the accelerator is in use. Nothing happens without one.
    public var gpu: Double?
    /// Refuse when more than this share of the memory is in use.
    public var memory: Double?
    /// Refuse when fewer bytes are available. On small machines a fiftieth of the memory counts
    /// instead, if that is less.
    public var minimumAvailableByteCount: Int?

    /// Thresholds; nil turns one off.
    public init(
        cpu: Double? = nil, gpu: Double? = nil, memory: Double? = nil,
        minimumAvailableByteCount: Int? = 256 << 20
    ) {
        self.cpu = cpu
        self.gpu = gpu
        self.memory = memory
        self.minimumAvailableByteCount = minimumAvailableByteCount
    }

    /// Whether there is anything to compare with.
    var areOff: Bool {
        cpu == nil && gpu == nil && memory == nil && minimumAvailableByteCount == nil
    }
}
