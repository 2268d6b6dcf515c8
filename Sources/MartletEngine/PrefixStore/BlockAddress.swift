package import MartletScheduling

/// Where a block's file is: the folder of its model, and its key.
package struct BlockAddress: Hashable {
    /// The hash of the model's fingerprint.
    package let folder: PrefixKey
    package let key: PrefixKey

    package init(folder: PrefixKey, key: PrefixKey) {
        self.folder = folder
        self.key = key
    }
}

/// A block's file as a listing shows it.
package struct ListedBlock: Hashable {
    package let address: BlockAddress
    package let parent: PrefixKey
    package let byteCount: Int
    /// Nanoseconds since 1970 at which the file was last said to be used.
    package let use: Int64

    package init(address: BlockAddress, parent: PrefixKey, byteCount: Int, use: Int64) {
        self.address = address
        self.parent = parent
        self.byteCount = byteCount
        self.use = use
    }
}
