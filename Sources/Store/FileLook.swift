internal import CSystem

/// What the name of a file stands for, without opening it: a pipe would keep whoever opens it waiting.
struct FileLook {
    /// Tells a file from another one that takes its name.
    struct Identity: Equatable, Sendable {
        fileprivate let device: UInt64
        fileprivate let number: UInt64
    }

    private let status: stat?

    init(_ path: String) {
        var status = stat()
        self.status = stat(path, &status) == 0 ? status : nil
    }

    /// Whether there is something of the name.
    var isThere: Bool { status != nil }

    /// Whether that is a folder, a pipe, a device.
    var isNoFile: Bool { status.map { $0.st_mode & mode_t(S_IFMT) != mode_t(S_IFREG) } ?? false }

    /// How many bytes it has.
    var size: Int64 { status.map { Int64($0.st_size) } ?? 0 }

    /// Which file it is; `nil` without one.
    var identity: Identity? {
        status.map { Identity(device: UInt64(truncatingIfNeeded: $0.st_dev), number: UInt64($0.st_ino)) }
    }

    /// The file for SQLite (<https://www.sqlite.org/uri.html>).
    ///
    /// - Parameters:
    ///   - path: its name, taken as it is.
    ///   - parameters: how it is opened.
    /// - Returns: a URI.
    static func location(of path: String, _ parameters: String) -> String {
        // A path that begins with two slashes would begin with the name of a machine.
        var address = path.hasPrefix("/") ? "file://" : "file:"
        for byte in path.utf8 {
            if byte.isUnreserved || byte == UInt8(ascii: "/") {
                address.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                address += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return address + "?" + parameters
    }
}
