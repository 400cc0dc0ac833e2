package import LinuxKernel

/// Makes the entries of an archive in a tree, with everything that the archive says of them.
package final class TreeEntries {
  /// Bytes of directories' names that are remembered until their times are set.
  private static let directoryLimit = 256 << 20

  package let directories: TreeDirectories
  private let ownership: TreeOwnership
  private var times: [(path: ArchivePath, time: TarEntry.Time)] = []
  private var timesSize = 0
  /// Bytes of files' content so far.
  package private(set) var size: Int64 = 0

  package init(_ directories: TreeDirectories, ownership: TreeOwnership = .archive) {
    self.directories = directories
    self.ownership = ownership
  }

  /// Makes what is not there yet. Of a directory, that is all: ``describe(_:_:)`` is to follow.
  /// - Throws: `EEXIST` if something is there; ``TarError`` that names the culprit.
  package func create(_ path: ArchivePath, _ entry: TarEntry, _ reader: TarReader) throws {
    switch entry.kind {
    case .regular: try makeFile(path, entry, reader)
    case .directory: try directories.with(path.parent) { try $0.makeDirectory(at: path.base.cString, mode: 0o700) }
    case .hardLink: try makeHardLink(path, entry)
    case .symbolicLink: try makeSymbolicLink(path, entry)
    case .fifo: try makeNode(.fifo, path, entry)
    case .characterDevice:
      try makeNode(.characterDevice(major: entry.deviceMajor, minor: entry.deviceMinor), path, entry)
    case .blockDevice: try makeNode(.blockDevice(major: entry.deviceMajor, minor: entry.deviceMinor), path, entry)
    }
  }

  /// Gives a directory that is there what the archive says of it.
  package func describe(_ path: ArchivePath, _ entry: TarEntry) throws {
    try directories.with(path.parent) { try describe(path.name, in: $0, entry) }
    // A directory's time changes with everything that is put into it: it is set last.
    timesSize += path.parent.count + path.base.count + MemoryLayout<(ArchivePath, TarEntry.Time)>.size + 64
    guard timesSize <= Self.directoryLimit else { throw invalid(entry, "there are too many directories") }
    times.append((path, entry.modified))
  }

  private func makeFile(_ path: ArchivePath, _ entry: TarEntry, _ reader: TarReader) throws {
    let file = try directories.with(path.parent) { try $0.makeFile(at: path.base.cString, mode: 0o600) }
    try reader.readBody { chunk in
      var rest = chunk
      while !rest.isEmpty { rest = UnsafeRawBufferPointer(rebasing: rest[try file.write(rest)...]) }
    }
    // The owner first: changing it takes set-user-ID bits and capabilities away.
    if let (user, group) = ownership.owner(of: entry) { try file.setOwner(user, group) }
    try file.setMode(entry.mode)
    for attribute in entry.attributes { try file.setAttribute(try checked(attribute, entry), to: attribute.value) }
    try file.setTimes(seconds: entry.modified.seconds, nanoseconds: entry.modified.nanoseconds)
    size += entry.size
  }

  private func makeSymbolicLink(_ path: ArchivePath, _ entry: TarEntry) throws {
    guard !entry.linkName.isEmpty else { throw invalid(entry, "the symbolic link points at nothing") }
    try directories.with(path.parent) { directory in
      try directory.makeSymbolicLink(at: path.base.cString, to: entry.linkName.cString)
      try describe(path.base.cString, in: directory, entry)
    }
  }

  private func makeNode(_ node: FileDescriptor.Node, _ path: ArchivePath, _ entry: TarEntry) throws {
    try directories.with(path.parent) { directory in
      try directory.makeNode(node, at: path.base.cString, mode: 0o600)
      try describe(path.base.cString, in: directory, entry)
    }
  }

  /// Links to a file of the same archive's place. Its owner, mode and times are the other name's already.
  private func makeHardLink(_ path: ArchivePath, _ entry: TarEntry) throws {
    let target = try linkTarget(entry)
    let directory = try parent(of: target, entry)
    guard let status = try directory.status(at: target.base.cString), status.kind != .directory else {
      throw invalid(entry, "the hard link's target \(TarEntry.title(entry.linkName)) is no file of this layer")
    }
    guard target != path else { throw invalid(entry, "the hard link points at itself") }
    try directories.with(path.parent) {
      try $0.makeHardLink(at: path.base.cString, to: target.base.cString, in: directory)
    }
  }

  private func linkTarget(_ entry: TarEntry) throws -> ArchivePath {
    do { return try ArchivePath(entry.linkName) } catch {
      throw invalid(entry, "the hard link's target \(TarEntry.title(entry.linkName)) leads out of the layer")
    }
  }

  private func parent(of target: ArchivePath, _ entry: TarEntry) throws -> FileDescriptor {
    do { return try directories.linked(target.parent) } catch {
      guard error.errno == .crossDevice else { throw error }
      let target = TarEntry.title(entry.linkName)
      throw invalid(entry, "the hard link's target \(target) leads through a symbolic link out of the layer")
    }
  }

  private func invalid(_ entry: TarEntry, _ reason: String) -> TarError { TarError(entry: entry.title, reason: reason) }
}

// MARK: - Properties

extension TreeEntries {
  private func describe(_ name: [CChar], in directory: borrowing FileDescriptor, _ entry: TarEntry) throws {
    if let (user, group) = ownership.owner(of: entry) { try directory.setOwner(at: name, user, group) }
    if entry.kind != .symbolicLink { try directory.setMode(at: name, entry.mode) }
    for attribute in entry.attributes {
      try directory.setAttribute(try checked(attribute, entry), to: attribute.value, at: name)
    }
    try directory.setTimes(at: name, seconds: entry.modified.seconds, nanoseconds: entry.modified.nanoseconds)
  }

  /// overlayfs keeps its own marks in attributes. An archive that could set them could show files of other layers.
  private func checked(_ attribute: TarEntry.Attribute, _ entry: TarEntry) throws -> [CChar] {
    for prefix in ["trusted.overlay.", "user.overlay."] where attribute.name.starts(with: prefix.utf8) {
      throw invalid(entry, "the attribute \(TarEntry.title(attribute.name)) is overlayfs's own")
    }
    guard !attribute.name.isEmpty, !attribute.name.contains(0) else { throw invalid(entry, "an attribute has no name") }
    return attribute.name.cString
  }

  /// Gives the directories their times, when nothing more is put into them.
  package func finish() throws {
    for (path, time) in times {
      do throws(SyscallError) {
        let parent = try directories.existing(path.parent)
        guard try parent.status(at: path.name)?.kind == .directory else { continue }
        try parent.setTimes(at: path.name, seconds: time.seconds, nanoseconds: time.nanoseconds)
      } catch {
        // A later entry put something else in the directory's place.
        guard error.errno == .noEntry || error.errno == .notDirectory || error.errno == .tooManyLinks else {
          throw TarError(entry: TarEntry.title(path.bytes), reason: error.description)
        }
      }
    }
  }
}

/// Whom what is unpacked is to belong to.
package enum TreeOwnership: Equatable {
  /// Whom the archive says.
  case archive
  case fixed(user: UInt32, group: UInt32)
  /// Whom the archive says, as a mount shows it; an id that it shows nobody as stays as it is.
  case shown(by: IDMap)
  /// Whoever unpacks it.
  case caller

  fileprivate func owner(of entry: TarEntry) -> (user: UInt32, group: UInt32)? {
    switch self {
    case .archive: (entry.owner, entry.group)
    case .fixed(let user, let group): (user, group)
    case .shown(let ids):
      (ids.users.stored(entry.owner) ?? entry.owner, ids.groups.stored(entry.group) ?? entry.group)
    case .caller: nil
    }
  }
}

extension ArchivePath {
  /// The last part as a C string; `.` for the root itself.
  fileprivate var name: [CChar] { isRoot ? [CChar(UInt8(ascii: ".")), 0] : base.cString }
}
