import MartletScheduling

extension StoreDirectory {
    /// Reads the manifest of the directory at `path`, or makes one.
    ///
    /// - Returns: The manifest, and whether a damaged one had to be replaced.
    static func manifest(
        at path: String
    ) throws(PlainFile.SystemError) -> (manifest: StoreManifest, wasDamaged: Bool) {
        let file = "\(path)/\(StoreManifest.fileName)"
        var isDamaged = false
        do throws(PlainFile.SystemError) {
            if let manifest = try read(file) { return (manifest, false) }
            isDamaged = true
        } catch {
            guard error.isMissing else { throw error }
        }
        let fresh = StoreManifest.random()
        var isWritten = false
        if !isDamaged { isWritten = try create(fresh, at: file) }
        if !isWritten { try write(fresh, to: file) }
        // Another process may have made one at the same moment: the one on disk is everybody's.
        return (try read(file) ?? fresh, isDamaged)
    }

    private static func read(_ file: String) throws(PlainFile.SystemError) -> StoreManifest? {
        let bytes = try PlainFile.read(file, sizes: [StoreManifest.byteCount])
        return bytes.flatMap { StoreManifest($0[0]) }
    }

    /// Writes a manifest where there is none.
    ///
    /// - Returns: False where the file system has no links, so that this cannot be done safely.
    private static func create(
        _ manifest: StoreManifest, at file: String
    ) throws(PlainFile.SystemError) -> Bool {
        do throws(PlainFile.SystemError) {
            try write(manifest, to: file, replaces: false)
            return true
        } catch {
            if error.isExisting { return true }
            guard error.isUnsupported else { throw error }
            return false
        }
    }

    private static func write(
        _ manifest: StoreManifest, to file: String, replaces: Bool = true
    ) throws(PlainFile.SystemError) {
        let folder = file.dropLast(StoreManifest.fileName.count + 1)
        let temporary = temporaryName(in: String(folder))
        let error: PlainFile.SystemError? = manifest.encoded.withUnsafeBytes { bytes in
            do throws(PlainFile.SystemError) {
                try PlainFile.write([bytes], to: file, temporary: temporary, replaces: replaces)
                return nil
            } catch { return error }
        }
        if let error { throw error }
    }
}
