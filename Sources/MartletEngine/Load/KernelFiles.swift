#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The kernel's small files.
struct KernelFiles {
    /// Where the files are; tests point it elsewhere.
    var root = ""

    /// A file's text; nil where there is none.
    func text(_ path: String) -> String? {
        let descriptor = open(root + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // Enough for every file that is read here: of `/proc/stat` only the first line matters.
        let bytes = [UInt8](unsafeUninitializedCapacity: 8192) { buffer, count in
            count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Texts

    /// The share of the last ten seconds in which some task waited.
    static func pressure(_ text: String) -> Double? {
        let name = "avg10="
        guard
            let field = fields("some", of: text)?.first(where: { $0.starts(with: name.utf8) }),
            let percent = Double(Substring(field.dropFirst(name.utf8.count)))
        else { return nil }
        return min(1, max(0, percent / 100))
    }

    /// The number after `name` at the beginning of a line.
    static func field(_ name: String, of text: String) -> Int? {
        fields(name, of: text)?.first.flatMap { Int(Substring($0)) }
    }

    /// The words after `name` at the beginning of a line. Bytes are compared, since finding the
    /// characters of a text takes longer than reading the file.
    static func fields(_ name: String, of text: String) -> [Substring.UTF8View]? {
        for line in text.utf8.split(separator: UInt8(ascii: "\n"))
        where line.starts(with: name.utf8) {
            let words = line.split(separator: UInt8(ascii: " "))
            if words[0].elementsEqual(name.utf8) { return Array(words.dropFirst()) }
        }
        return nil
    }
}
