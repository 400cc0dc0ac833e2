package import LinuxKernel

/// Finds the directories of a tree that an archive is being unpacked to, and makes those that are missing. Every path is
/// resolved by the kernel with the tree's root as `/`, so that no link, wherever it points and whoever swaps it, leads out.
package final class TreeDirectories {
  private static let resolution: FileDescriptor.ResolveOptions = [.inRoot, .noMagicLinks]

  private let root: FileDescriptor
  /// The archive's root, which may be moved meanwhile, and where in the tree it was.
  private let top: FileDescriptor
  private let place: [UInt8]
  private let linkResolution: FileDescriptor.ResolveOptions
  /// The directory used last: archives list a directory's files together.
  private var lastPath: [UInt8]?
  private var last: FileDescriptor

  /// For archives that may link to nothing that leads out of the tree: those of layers.
  package init(root path: String) throws(SyscallError) {
    let root = try FileDescriptor.open(path, [.readOnly, .directory])
    last = try root.duplicate()
    top = try root.duplicate()
    self.root = root
    place = []
    linkResolution = [.beneath, .noMagicLinks]
  }

  /// For archives whose links lead wherever they do when `root` is the root.
  /// - Parameter place: the path of `top` below `root`, without links.
  package init(
    root: consuming FileDescriptor, top: consuming FileDescriptor, place: [UInt8]
  ) throws(SyscallError) {
    last = try top.duplicate()
    self.root = root
    self.top = top
    self.place = place
    linkResolution = Self.resolution
  }

  /// Runs `body` on the directory at `path`, which is made if it is missing.
  package func with<Result: ~Copyable>(
    _ path: [UInt8], _ body: (borrowing FileDescriptor) throws -> Result
  ) throws -> Result {
    if path.isEmpty { return try body(top) }
    if lastPath != path {
      last = try find(path)
      lastPath = path
    }
    return try body(last)
  }

  /// To be called when something was removed: the last directory may have been it.
  package func forget() { lastPath = nil }

  /// The directory at `path`, for links to what is in it: it must be there.
  package func linked(_ path: [UInt8]) throws(SyscallError) -> FileDescriptor {
    try open(path[...], resolve: linkResolution)
  }

  /// The directory at `path`, which must be there.
  package func existing(_ path: [UInt8]) throws(SyscallError) -> FileDescriptor { try open(path[...]) }

  private func find(_ path: [UInt8]) throws(SyscallError) -> FileDescriptor {
    do throws(SyscallError) { return try open(path[...]) } catch {
      guard error.errno == .noEntry else { throw error }
    }
    // Archives may leave out the directories above their files; they get the mode that mkdir -p gives.
    var directory = try top.duplicate()
    var start = path.startIndex
    while start < path.endIndex {
      let end = path[start...].firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
      directory = try child(of: directory, path[start..<end], at: path[..<end])
      start = min(end + 1, path.endIndex)
    }
    return directory
  }

  private func child(
    of directory: borrowing FileDescriptor, _ name: ArraySlice<UInt8>, at path: ArraySlice<UInt8>
  ) throws(SyscallError) -> FileDescriptor {
    do throws(SyscallError) { return try open(path) } catch {
      guard error.errno == .noEntry else { throw error }
    }
    try directory.makeDirectory(at: Array(name).cString, mode: 0o755)
    return try open(path)
  }

  private func open(
    _ path: ArraySlice<UInt8>, resolve: FileDescriptor.ResolveOptions = TreeDirectories.resolution
  ) throws(SyscallError) -> FileDescriptor {
    if path.isEmpty { return try top.duplicate() }
    do throws(SyscallError) {
      return try top.openResolved(
        Array(path).cString, [.pathOnly, .directory], resolve: [.beneath, .noSymbolicLinks])
    } catch { guard error.errno == .tooManyLinks else { throw error } }
    // There is a link on the way.
    let whole = place.isEmpty ? Array(path) : place + [UInt8(ascii: "/")] + path
    return try root.openResolved(whole.cString, [.pathOnly, .directory], resolve: resolve)
  }
}
