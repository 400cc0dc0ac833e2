internal import LinuxKernel

/// How overlayfs says in an upper directory what is gone of the directories below (Documentation/filesystems/overlayfs.rst),
/// and how a layer's archive does (image-spec layer.md).
package struct OverlayDifferences: Sendable {
  /// Paths, with a slash at the beginning, that are not archived.
  package var ignored: Set<[UInt8]>

  package init(ignoring ignored: Set<String>) { self.ignored = Set(ignored.map { Array($0.utf8) }) }

  /// The name in the archive of what says that `path` is gone.
  static func whiteout(of path: [UInt8]) -> [UInt8] {
    let base = path.split(separator: UInt8(ascii: "/")).last ?? []
    return path.dropLast(base.count) + Array(".wh.".utf8) + base
  }

  /// The name in the archive of what says that nothing of `directory` is left of before.
  static func whiteoutOfAll(in directory: [UInt8]) -> [UInt8] { directory + Array("/.wh..wh..opq".utf8) }

  /// Whether nothing of before is left in a directory.
  /// - Throws: `EOPNOTSUPP` if the directory is not what it seems, but one from elsewhere under a new name: an overlay with
  ///   `redirect_dir`, which ours are not.
  static func isOpaque(_ directory: borrowing FileDescriptor) throws(SyscallError) -> Bool {
    if try directory.attribute("trusted.overlay.redirect") != nil {
      throw SyscallError("archive", "a directory that overlayfs redirects", errno: .notSupported)
    }
    return try directory.attribute("trusted.overlay.opaque") == [UInt8(ascii: "y")]
  }

  /// - Throws: `EOPNOTSUPP` if the file's content is in another one: an overlay with `metacopy`, which ours are not.
  static func checkContent(_ file: borrowing FileDescriptor) throws(SyscallError) {
    if try file.attribute("trusted.overlay.metacopy") != nil {
      throw SyscallError("archive", "a file whose content overlayfs has elsewhere", errno: .notSupported)
    }
  }
}
