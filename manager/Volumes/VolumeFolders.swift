internal import LinuxKernel

/// The volumes' files: `<root>/<name>/_data`. What is half made or half removed has a name that no volume has. Blocks.
///
/// A volume is there when its folder has its name. Its removal begins with another name for its folder, is recorded, and
/// ends with the folder: what was not recorded is taken back at the next start, and no file of it is lost.
struct VolumeFolders: Sendable {
  private static let removal = ".removed-"
  private static let filling = "_data~"

  /// An absolute path.
  let root: String

  func data(_ name: String) -> String { "\(root)/\(name)/_data" }

  /// Whether a volume can be held to a limit of its size.
  func keepsLimits() throws(SyscallError) -> Bool {
    try Directory.make(root, mode: 0o701)
    return try ProjectQuota.isEnforced(on: try FileDescriptor.open(root, [.readOnly, .directory]))
  }

  /// What is there of it stays.
  /// - Parameter limit: in bytes, for all that comes to be in a new folder.
  func make(
    _ name: String, _ owner: VolumeOwner = VolumeOwner(), limit: UInt64? = nil
  ) throws(SyscallError) {
    try Directory.make(root, mode: 0o701)
    let isNew = try FileStatus.of("\(root)/\(name)") == nil
    try Directory.make("\(root)/\(name)", mode: 0o701)
    if let limit, isNew { try self.limit(name, to: limit) }
    try Directory.make(data(name), mode: 0o755)
    if owner != VolumeOwner() { try owner.apply(to: FileDescriptor.open(data(name), [.readOnly, .directory])) }
    try Directory.sync(parentOf: data(name))
    try Directory.sync(parentOf: "\(root)/\(name)")
  }

  private func limit(_ name: String, to bytes: UInt64) throws(SyscallError) {
    let folder = "\(root)/\(name)"
    do throws(SyscallError) {
      try ProjectQuota.limit(try FileDescriptor.open(folder, [.readOnly, .directory]), to: bytes)
    } catch {
      // Without the limit it is not what was asked for.
      try Directory.removeTree(folder)
      throw error
    }
  }

  /// First half of a removal; ``takeBack(_:)`` undoes it.
  func hide(_ name: String) throws(SyscallError) {
    try Directory.moveSynced("\(root)/\(name)", to: "\(root)/\(Self.removal)\(name)")
  }

  func takeBack(_ name: String) throws(SyscallError) {
    try Directory.moveSynced("\(root)/\(Self.removal)\(name)", to: "\(root)/\(name)")
  }

  func removeHidden(_ name: String) throws(SyscallError) {
    // Whatever is mounted there is not the volume's own.
    let folder = "\(root)/\(Self.removal)\(name)"
    try VolumeMount.unmount("\(folder)/_data")
    if try FileStatus.of(folder) != nil {
      try ProjectQuota.lift(try FileDescriptor.open(folder, [.readOnly, .directory]))
    }
    try Subvolume.removeTree(folder)
  }

  /// Finishes or undoes what a process left that did not live to finish.
  /// - Parameters:
  ///   - known: the names on record.
  ///   - options: of those whose options can be read, by name; they are for a folder that has to be made anew.
  /// - Returns: names of volumes that have files and no record.
  func recover(known: Set<String>, _ options: [String: VolumeOptions] = [:]) throws(SyscallError) -> [String] {
    try Directory.make(root, mode: 0o701)
    var strays: [String] = []
    for entry in try Directory.names(root) {
      guard entry.hasPrefix(Self.removal) else {
        if !known.contains(entry) { strays.append(entry) }
        continue
      }
      let name = String(entry.dropFirst(Self.removal.count))
      if known.contains(name) { try takeBack(name) } else { try removeHidden(name) }
    }
    for name in known {
      var owner = options[name]?.owner ?? VolumeOwner()
      // Without need it is not looked at: what is mounted there may be a server that does not answer.
      if owner != VolumeOwner(), try FileStatus.of(data(name)) != nil { owner = VolumeOwner() }
      try make(name, owner, limit: options[name]?.limit)
      for entry in try Directory.names("\(root)/\(name)") where entry.hasPrefix(Self.filling) {
        try Directory.removeTree("\(root)/\(name)/\(entry)")
      }
    }
    return strays
  }

  /// Has `body` fill an empty volume; nothing happens to one that is not empty.
  /// - Parameter isMounted: whether somebody may have the folder open, so that it cannot be another one all of a sudden.
  /// - Parameter owner: goes before what `body` gives it.
  func fill(_ name: String, isMounted: Bool, _ owner: VolumeOwner, _ body: VolumeFilling) throws {
    guard try Directory.names(data(name)).isEmpty else { return }
    guard isMounted else { return try fillAtOnce(name, owner, body) }
    let folder = try FileDescriptor.open(data(name), [.readOnly, .directory])
    if try body(folder) { try owner.apply(to: folder) }
  }

  private func fillAtOnce(_ name: String, _ owner: VolumeOwner, _ body: VolumeFilling) throws {
    let new = "\(root)/\(name)/\(Self.filling)\(VolumeName.random().prefix(12))"
    do {
      try Directory.make(new, mode: 0o755)
      let folder = try FileDescriptor.open(new, [.readOnly, .directory])
      guard try body(folder) else { return try Directory.removeTree(new) }
      try owner.apply(to: folder)
      try folder.syncFileSystem()
      try Directory.moveSynced(new, to: data(name))
    } catch {
      try Directory.removeTree(new)
      throw error
    }
  }
}
