#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

extension PlainFile.SystemError {
    /// There is no such file.
    var isMissing: Bool { number == ENOENT || number == ENOTDIR }

    /// There is such a file already.
    var isExisting: Bool { number == EEXIST }

    /// The file system cannot do this at all.
    var isUnsupported: Bool { [EPERM, ENOTSUP, EOPNOTSUPP, ENOSYS, EMLINK].contains(number) }

    /// It says nothing about the file: it is gone, or the process or machine is short of something.
    var isPassing: Bool {
        isMissing || [EMFILE, ENFILE, ENOMEM, EAGAIN, EINTR].contains(number)
    }
}
