internal import LinuxKernel

/// What something is to be mounted on in every container. overlayfs has it below the layers: made in each container's own
/// directory, at every start, it costs more than the mounts. Paths are relative.
public struct MountPoints: Sendable {
  public var folders: [String]
  public var files: [String]

  public init(folders: [String] = [], files: [String] = []) {
    self.folders = folders
    self.files = files
  }

  var isEmpty: Bool { folders.isEmpty && files.isEmpty }

  /// Makes what is missing of them in the directory `root`. What is there stays, and nothing is made through links.
  func make(in root: borrowing FileDescriptor) throws(SyscallError) {
    for folder in folders { try Self.makeMissing(folder, isFolder: true, in: root) }
    for file in files { try Self.makeMissing(file, isFolder: false, in: root) }
  }

  private static func makeMissing(
    _ path: String, isFolder: Bool, in root: borrowing FileDescriptor
  ) throws(SyscallError) {
    let slash = path.lastIndex(of: "/")
    let (parent, name) = slash.map { (path[..<$0], path[path.index(after: $0)...]) } ?? (".", path[...])
    do throws(SyscallError) {
      let directory = try root.open(
        at: String(parent), [.readOnly, .directory, .noFollow], resolve: [.beneath, .noSymbolicLinks])
      if isFolder {
        try directory.makeDirectory(at: String(name))
        try directory.setMode(at: String(name), 0o755)
      } else {
        try directory.makeFile(at: String(name), mode: 0o644).setMode(0o644)
      }
    } catch {
      // It is there, or above it are a file or a link: the image's own goes first.
      guard [.exists, .notDirectory, .tooManyLinks, .noEntry].contains(error.errno) else { throw error }
    }
  }
}
