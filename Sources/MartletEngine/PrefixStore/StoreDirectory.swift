import MartletScheduling

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A prefix store's directory: the manifest, and a folder of block files for each model.
///
/// Names that the store does not give are never touched, whatever they hold.
struct StoreDirectory: Sendable {
    let path: String
    /// The folder of the model that is served.
    let folder: PrefixKey

    /// A file being written is named so; one this old was left behind by a crash.
    private static let temporarySuffix = ".kvpart"
    private static let temporaryLifetime: Int64 = 600_000_000_000

    func path(of block: ListedBlock) -> String {
        path(
            folder: block.address.folder,
            BlockFileName(key: block.address.key, parent: block.parent))
    }

    func path(of name: BlockFileName) -> String { path(folder: folder, name) }

    private func path(folder: PrefixKey, _ name: BlockFileName) -> String {
        "\(path)/\(folder.hexadecimal)/\(name)"
    }

    // MARK: Files of the served model

    /// Makes the model's folder, and the directory if need be.
    func makeFolder() throws(PlainFile.SystemError) {
        try PlainFile.makeDirectory("\(path)/\(folder.hexadecimal)")
    }

    /// Writes a block's file, making the folder again if somebody has cleared the directory.
    func write(_ block: BlockToStore) throws(PlainFile.SystemError) {
        do throws(PlainFile.SystemError) {
            try writeOnce(block)
        } catch {
            guard !fileExists("\(path)/\(folder.hexadecimal)") else { throw error }
            try makeFolder()
            try writeOnce(block)
        }
    }

    private func writeOnce(_ block: BlockToStore) throws(PlainFile.SystemError) {
        let name = BlockFileName(key: block.key, parent: block.parent)
        let temporary = Self.temporaryName(in: "\(path)/\(folder.hexadecimal)")
        let header = header(of: name, tokens: block.tokens, payloadByteCount: block.payload.count)
        let error: PlainFile.SystemError? = block.payload.withUnsafeBytes { payload in
            header.encoded(payload: payload).withUnsafeBytes { header in
                do throws(PlainFile.SystemError) {
                    try PlainFile.write(
                        [header, payload], to: path(of: name), temporary: temporary)
                    return nil
                } catch { return error }
            }
        }
        if let error { throw error }
    }

    /// What is found where a block's file should be.
    enum Reading {
        case payload([UInt8])
        /// No file, or none that can be read right now.
        case missing
        /// A file that is not this block's.
        case damaged
    }

    /// Reads a block's file and compares all of it with what was asked for.
    func read(_ name: BlockFileName, tokens: [Int32], payloadByteCount: Int) -> Reading {
        let header = header(of: name, tokens: tokens, payloadByteCount: payloadByteCount)
        let headerByteCount = BlockFileHeader.byteCount(tokenCount: tokens.count)
        do throws(PlainFile.SystemError) {
            let pieces = try PlainFile.read(
                path(of: name), sizes: [headerByteCount, payloadByteCount])
            guard let pieces else { return .damaged }
            let isExact = pieces[1].withUnsafeBytes { header.matches(pieces[0], payload: $0) }
            return isExact ? .payload(pieces[1]) : .damaged
        } catch {
            return error.isPassing ? .missing : .damaged
        }
    }

    private func header(
        of name: BlockFileName, tokens: [Int32], payloadByteCount: Int
    ) -> BlockFileHeader {
        BlockFileHeader(
            fingerprint: folder, key: name.key, parent: name.parent, tokens: tokens,
            payloadByteCount: payloadByteCount)
    }

    static func temporaryName(in folder: String) -> String {
        let number = String(UInt64.random(in: .min ... .max), radix: 16)
        return "\(folder)/\(number)\(temporarySuffix)"
    }

    // MARK: Listing

    /// Block files, and how many damaged ones were deleted on the way.
    struct Listing {
        var blocks: [ListedBlock] = []
        var damagedCount = 0
    }

    /// All block files of all models. Files of the served model whose size is wrong, and files that
    /// a crash has left unfinished, are deleted.
    ///
    /// - Parameter fileByteCount: The size that the served model's files have.
    /// - Returns: Nil when the directory cannot be read right now.
    func list(fileByteCount: Int, now: Int64) -> Listing? {
        guard let folders = names(in: path) else { return nil }
        var listing = Listing()
        for name in folders {
            guard let folder = PrefixKey(hexadecimal: Array(name.utf8)) else { continue }
            guard let files = names(in: "\(path)/\(name)") else {
                if folder == self.folder { return nil }
                continue
            }
            for file in files {
                let path = "\(path)/\(name)/\(file)"
                if let name = BlockFileName(file) {
                    list(name, path, in: folder, fileByteCount: fileByteCount, into: &listing)
                } else if file.hasSuffix(Self.temporarySuffix) {
                    removeIfOld(path, now: now)
                }
            }
        }
        return listing
    }

    private func list(
        _ name: BlockFileName, _ path: String, in folder: PrefixKey, fileByteCount: Int,
        into listing: inout Listing
    ) {
        guard let attributes = PlainFile.attributes(path) else { return }
        guard folder != self.folder || attributes.byteCount == fileByteCount else {
            PlainFile.remove(path)
            listing.damagedCount += 1
            return
        }
        listing.blocks.append(
            ListedBlock(
                address: BlockAddress(folder: folder, key: name.key), parent: name.parent,
                byteCount: attributes.byteCount, use: attributes.modified))
    }

    private func removeIfOld(_ path: String, now: Int64) {
        guard let attributes = PlainFile.attributes(path) else { return }
        if now - attributes.modified > Self.temporaryLifetime { PlainFile.remove(path) }
    }

    private func names(in path: String) -> [String]? {
        try? FileManager.default.contentsOfDirectory(atPath: path)
    }

    private func fileExists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }
}
