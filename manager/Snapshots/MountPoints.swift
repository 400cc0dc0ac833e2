internal import LinuxKernel

/// What something is to be mounted on in every container. It stands below the layers: made in each container's own directory, at
/// every start, it costs more than the mounts. Paths are relative.
public struct MountPoints: Sendable {
  public var folders: [String]
  public var files: [String]

  public init(folders: [String] = [], files: [String] = []) {
    self.folders = folders
    self.files = files
  }

  var isEmpty: Bool { folders.isEmpty && files.isEmpty }

  /// Makes what is missing of them in the folder `path`.
  func make(in path: String) throws(SyscallError) {
    try Directory.make(path, mode: 0o700)
    let root = try FileDescriptor.open(path, [.readOnly, .directory])
    for folder in folders {
      try Directory.make("\(path)/\(folder)")
      try root.open(at: folder, [.readOnly, .directory, .noFollow]).setMode(0o755)
    }
    for file in files { try root.open(at: file, [.writeOnly, .create, .noFollow]).setMode(0o644) }
  }
}
