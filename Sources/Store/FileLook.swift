internal import PatchbayCSystem

/// What the name of a file stands for, without opening it: a pipe would keep whoever opens it waiting.
struct FileLook {
    /// Tells a file from another one that takes its name.
    struct Identity: Equatable, Sendable {
        fileprivate let device: UInt64
        fileprivate let number: UInt64
    }

    private let status: stat?
    private let error: Int32

    /// Looks at a name.
    ///
    /// - Parameters:
    ///   - path: the name.
    ///   - followsLinks: whether what a link leads to is looked at, and not the link.
    init(_ path: String, followsLinks: Bool = true) {
        var status = stat()
        let isThere = (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0
        error = isThere ? 0 : system_errno()
        self.status = isThere ? status : nil
    }

    /// Whether there is something of the name.
    var isThere: Bool { status != nil }

    /// Whether there can be nothing of the name, as it is too long.
    var isTooLong: Bool { error == ENAMETOOLONG }

    /// Whether that is a folder, a pipe, a device.
    var isNoFile: Bool { isThere && !isOf(S_IFREG) }

    private func isOf(_ type: some BinaryInteger) -> Bool {
        status.map { $0.st_mode & mode_t(S_IFMT) == mode_t(type) } ?? false
    }

    /// How many bytes it has.
    var size: Int64 { status.map { Int64($0.st_size) } ?? 0 }

    /// Which file it is; `nil` without one.
    var identity: Identity? {
        status.map { Identity(device: UInt64(truncatingIfNeeded: $0.st_dev), number: UInt64($0.st_ino)) }
    }

    /// The name of the file that a link leads to, by way of others if need be; the name itself where it is no link.
    static func target(of path: String) -> String {
        guard FileLook(path, followsLinks: false).isOf(S_IFLNK), let name = realpath(path, nil) else { return path }
        defer { free(name) }
        return String(cString: name)
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
