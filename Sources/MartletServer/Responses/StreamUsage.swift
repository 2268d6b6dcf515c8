import MartletJSON

/// When and how a stream tells its usage and its fingerprint.
struct StreamUsage: Sendable {
    let includesUsage: Bool
    let isContinuous: Bool
    let reportsDetails: Bool

    init(options: CommonOptions, configuration: ServerConfiguration) {
        includesUsage = options.includesUsage || configuration.forcesUsage
        isContinuous = options.includesContinuousUsage
        reportsDetails = configuration.reportsPromptTokenDetails
    }

    /// What follows `choices` in a chunk: the usage so far where it is asked for with every chunk,
    /// and the fingerprint on a choice's last chunk where no usage chunk will carry it.
    func writeMembers(
        _ usage: Usage, isLast: Bool, fingerprint: String, into json: inout JSONWriter
    ) {
        if isContinuous {
            json.raw(#","usage":"#)
            usage.writeChunk(reportsDetails: false, into: &json)
        }
        if isLast, !includesUsage {
            json.raw(#","system_fingerprint":"#)
            json.string(fingerprint)
        }
    }

    /// The chunk of usage that ends a stream.
    func writeFinalChunk(
        _ usage: Usage, prefix: [UInt8], fingerprint: String, into frames: inout FrameBuffer
    ) {
        guard includesUsage else { return }
        frames.begin()
        frames.json.bytes += prefix
        frames.json.raw(#"],"usage":"#)
        usage.writeChunk(reportsDetails: reportsDetails, into: &frames.json)
        frames.json.raw(#","system_fingerprint":"#)
        frames.json.string(fingerprint)
        frames.json.raw("}")
        frames.end()
    }
}
