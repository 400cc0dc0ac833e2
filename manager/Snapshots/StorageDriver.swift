internal import LinuxKernel

/// The drivers that a daemon can be started with, and which one it is.
public enum StorageDriver: String, CaseIterable, Sendable {
  // In the order in which they are taken, as by dockerd.
  case overlay2, btrfs, vfs

  private var folderName: String { self == .overlay2 ? "overlay" : rawValue }

  /// The file in the folder of all snapshots that says whose they are.
  private static let record = "driver"

  /// Opens the snapshots in the folder `root`, which is made if it is missing.
  /// - Parameter wanted: `nil`: the one that has been at work there, or else the first that the file system allows.
  /// - Throws: ``StorageDriverError``, ``SnapshotError``.
  public static func open(
    _ wanted: StorageDriver?, at root: String, mountPoints: MountPoints
  ) throws -> any Snapshotter {
    try Directory.make(root, mode: 0o711)
    let recorded = try recorded(at: root)
    let driver = try choose(wanted, recorded, at: root)
    // A full disk keeps no daemon from starting.
    if driver != recorded { try AtomicFile.write(Array("\(driver.rawValue)\n".utf8), to: "\(root)/\(record)") }
    let folder = "\(root)/\(driver.folderName)"
    return switch driver {
    case .overlay2: try OverlaySnapshotter(root: folder, mountPoints: mountPoints)
    case .btrfs: try TreeSnapshotter(.btrfs, root: folder, mountPoints: mountPoints)
    case .vfs: try TreeSnapshotter(.vfs, root: folder, mountPoints: mountPoints)
    }
  }

  private static func choose(
    _ wanted: StorageDriver?, _ recorded: StorageDriver?, at root: String
  ) throws -> StorageDriver {
    if let recorded, wanted == nil || wanted == recorded { return recorded }
    if let wanted {
      if let recorded, try recorded.hasSnapshots(at: root) {
        throw StorageDriverError.otherDriver(wanted, recorded: recorded, root: root)
      }
      if let reason = try wanted.obstacle(at: root) { throw StorageDriverError.impossible(wanted, reason, root: root) }
      return wanted
    }
    for driver in allCases where try driver.obstacle(at: root) == nil { return driver }
    return .vfs
  }

  private static func recorded(at root: String) throws -> StorageDriver? {
    let path = "\(root)/\(record)"
    guard try FileStatus.of(path) != nil else {
      // As it was before there were others.
      return try FileStatus.of("\(root)/\(StorageDriver.overlay2.folderName)") == nil ? nil : .overlay2
    }
    let text = String(decoding: try AtomicFile.read(path, limit: 4096), as: UTF8.self)
    guard let driver = StorageDriver(rawValue: text.filter { !$0.isWhitespace }) else {
      throw StorageDriverError.unknown(path: path)
    }
    return driver
  }

  private func hasSnapshots(at root: String) throws(SyscallError) -> Bool {
    for name in ["layers", "containers"] {
      let path = "\(root)/\(folderName)/\(name)"
      if try FileStatus.of(path) != nil, try !Directory.names(path).isEmpty { return true }
    }
    return false
  }

  /// Why the driver does not work in the folder `root`, for a person; `nil` if it does.
  func obstacle(at root: String) throws -> String? {
    switch self {
    case .vfs: return nil
    case .btrfs:
      let kind = try FileSystemKind(ofPath: root)
      return kind == .btrfs ? nil : "it is not on btrfs but on \(kind.name)"
    case .overlay2:
      let folder = "\(root)/probe"
      try Directory.removeTree(folder)
      let result = Result { try Self.probeOverlay(in: folder) }
      try Directory.removeTree(folder)
      return try result.get()
    }
  }

  /// Makes an overlay that is mounted nowhere.
  private static func probeOverlay(in folder: String) throws(SyscallError) -> String? {
    for name in ["lower", "upper", "work"] { try Directory.make("\(folder)/\(name)") }
    let directory = try FileDescriptor.open(folder, [.readOnly, .directory])
    do throws(SyscallError) {
      let context = try FileSystemContext("overlay")
      try context.set("source", "overlay")
      for (key, name) in [("lowerdir", "lower"), ("upperdir", "upper"), ("workdir", "work")] {
        try context.set(key, "\(directory.procPath)/\(name)")
      }
      return try withExtendedLifetime(directory) { () throws(SyscallError) in
        _ = try context.mount()
        return nil
      }
    } catch {
      // Before Linux 5.2 it has to be mounted somewhere to find out.
      if error.errno == .notImplemented { return nil }
      return "the kernel does not mount it there: \(error.errno)"
    }
  }
}

/// Why a driver cannot be used.
public enum StorageDriverError: Error, Equatable, CustomStringConvertible {
  case impossible(StorageDriver, String, root: String)
  case otherDriver(StorageDriver, recorded: StorageDriver, root: String)
  case unknown(path: String)

  public var description: String {
    switch self {
    case .impossible(let driver, let reason, let root): "\(driver.rawValue) cannot be used in \(root): \(reason)"
    case .otherDriver(let driver, let recorded, let root):
      "the images and containers in \(root) were made with \(recorded.rawValue), and \(driver.rawValue) would see none of "
        + "them: start with --storage-driver \(recorded.rawValue), or with another --data-root"
    case .unknown(let path): "\(path) names no storage driver; there are overlay2, btrfs and vfs"
    }
  }
}
