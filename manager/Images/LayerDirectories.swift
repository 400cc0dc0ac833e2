internal import LinuxKernel

/// Finds the directories of a layer that is being unpacked, and makes those that are missing. Every path is resolved by the kernel
/// with the layer's root as `/`, so that no link, wherever it points and whoever swaps it, leads out.
final class LayerDirectories {
  static let resolution: FileDescriptor.ResolveOptions = [.inRoot, .noMagicLinks]

  let root: FileDescriptor
  /// The directory used last: archives list a directory's files together.
  private var lastPath: [UInt8]?
  private var last: FileDescriptor

  init(root path: String) throws(SyscallError) {
    let root = try FileDescriptor.open(path, [.readOnly, .directory])
    last = try root.duplicate()
    self.root = root
  }

  /// Runs `body` on the directory at `path`, which is made if it is missing.
  func with<Result: ~Copyable>(
    _ path: [UInt8], _ body: (borrowing FileDescriptor) throws -> Result
  ) throws -> Result {
    if path.isEmpty { return try body(root) }
    if lastPath != path {
      last = try find(path)
      lastPath = path
    }
    return try body(last)
  }

  /// To be called when something was removed: the last directory may have been it.
  func forget() { lastPath = nil }

  /// The directory at `path`, for links: it must be there, and no symbolic link on the way may point out of the layer.
  func existing(_ path: [UInt8]) throws(SyscallError) -> FileDescriptor {
    if path.isEmpty { return try root.duplicate() }
    return try root.openResolved(path.cString, [.pathOnly, .directory], resolve: [.beneath, .noMagicLinks])
  }

  private func find(_ path: [UInt8]) throws(SyscallError) -> FileDescriptor {
    do throws(SyscallError) { return try open(path[...]) } catch {
      guard error.errno == .noEntry else { throw error }
    }
    // Archives may leave out the directories above their files; they get the mode that mkdir -p gives.
    var directory = try root.duplicate()
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

  private func open(_ path: ArraySlice<UInt8>) throws(SyscallError) -> FileDescriptor {
    try root.openResolved(Array(path).cString, [.pathOnly, .directory], resolve: Self.resolution)
  }
}
