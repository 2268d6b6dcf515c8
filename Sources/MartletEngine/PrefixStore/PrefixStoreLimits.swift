/// The sizes that a prefix store keeps to.
package struct PrefixStoreLimits: Hashable {
    /// What all files may have together.
    package var byteCountMax: Int
    /// The keys and values of one block.
    package var blockByteCount: Int
    /// The tokens of one block.
    package var blockSize: Int
    /// What may wait to be written.
    package var queuedByteCountMax = 64 << 20
    /// How long writing rests after the directory has refused a file.
    package var restAfterFailure = Duration.seconds(60)

    package init(byteCountMax: Int, blockByteCount: Int, blockSize: Int) {
        self.byteCountMax = byteCountMax
        self.blockByteCount = blockByteCount
        self.blockSize = blockSize
        queuedByteCountMax = max(queuedByteCountMax, 2 * blockByteCount)
    }

    /// The size of one block's file.
    package var fileByteCount: Int {
        BlockFileHeader.byteCount(tokenCount: blockSize) + blockByteCount
    }

    /// Deleting goes this far, so that it is not done for each new file.
    package var byteCountAfterTrim: Int { byteCountMax - byteCountMax / 16 }

    /// After writing so much the directory is listed again, since other processes write too.
    package var byteCountBetweenListings: Int { byteCountMax / 16 }
}
