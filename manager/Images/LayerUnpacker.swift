internal import LinuxKernel

/// Writes the entries of one layer's tar archive into the directory that a ``LayerStore`` prepared (image-spec layer.md).
final class LayerUnpacker<Layers: LayerStore> {
  /// Bytes of directories' names that are remembered until their times are set.
  private static var directoryLimit: Int { 256 << 20 }
  private static var whiteoutPrefix: [UInt8] { Array(".wh.".utf8) }
  private static var whiteoutOfAll: [UInt8] { Array(".wh..wh..opq".utf8) }
  /// What aufs kept in its branches for itself; it never belonged to an image.
  private static var aufsPrefix: [UInt8] { Array(".wh..wh.".utf8) }

  private let layers: Layers
  private let directories: LayerDirectories
  private var times: [(path: LayerPath, time: TarEntry.Time)] = []
  private var timesSize = 0
  private var whiteouts: Set<LayerPath> = []
  /// Bytes of files' content so far.
  private(set) var size: Int64 = 0

  init(layers: Layers, directory: String) throws {
    self.layers = layers
    directories = try LayerDirectories(root: directory)
  }

  /// Unpacks everything that `reader` has.
  /// - Throws: ``ImageError`` that names the culprit.
  func unpack(_ reader: TarReader) throws {
    while let entry = try reader.next() {
      do { try unpack(entry, reader) } catch let error as SyscallError {
        throw ImageError.invalidArchive(entry: entry.title, reason: error.description)
      } catch is LayerPath.Escapes {
        throw ImageError.invalidArchive(entry: entry.title, reason: "the name leads out of the layer")
      }
    }
    try setDirectoryTimes()
  }

  private func unpack(_ entry: TarEntry, _ reader: TarReader) throws {
    let path = try LayerPath(entry.name)
    if path.isRoot {
      guard entry.kind == .directory else { throw invalid(entry, "the layer's root is no directory") }
      try describe(".".utf8CString.map { $0 }, in: directories.root, entry)
      try remember(path, entry.modified)
    } else if path.base.starts(with: Self.whiteoutPrefix) {
      try whiteOut(path, entry)
    } else {
      try make(path, entry, reader)
    }
  }

  // MARK: - Whiteouts

  private func whiteOut(_ path: LayerPath, _ entry: TarEntry) throws {
    let layers = layers
    if path.base == Self.whiteoutOfAll {
      return try directories.with(path.parent) { try layers.removeLowerEntries(of: $0.reopened()) }
    }
    if path.base.starts(with: Self.aufsPrefix) { return }
    let name = Array(path.base.dropFirst(Self.whiteoutPrefix.count))
    guard !name.isEmpty, name != Array(".".utf8), name != Array("..".utf8) else {
      throw invalid(entry, "the whiteout names nothing")
    }
    // A whiteout is about the layers below, never about its own: what is there stays, and is all there is.
    try directories.with(path.parent) { directory in
      switch try directory.status(at: name.cString)?.kind {
      case nil: try layers.removeEntry(name.cString, in: directory)
      case .directory: try layers.removeLowerEntries(of: directory.open(child: name.cString))
      default: break
      }
    }
    whiteouts.insert(try LayerPath(path.parent + [UInt8(ascii: "/")] + name))
  }

  // MARK: - Files

  private func make(_ path: LayerPath, _ entry: TarEntry, _ reader: TarReader) throws {
    let name = path.base.cString
    do { try create(path, name, entry, reader) } catch let error as SyscallError where error.errno == .exists {
      // The later entry counts. Only a directory that is one again keeps what is in it.
      let isDirectory = try directories.with(path.parent) { try $0.status(at: name)?.kind == .directory }
      if !(isDirectory && entry.kind == .directory) {
        try directories.with(path.parent) { try $0.removeTree(at: name) }
        directories.forget()
        try create(path, name, entry, reader)
      }
    }
    if entry.kind == .directory {
      let layers = layers
      if whiteouts.contains(path) {
        try directories.with(path.parent) { try layers.removeLowerEntries(of: $0.open(child: name)) }
      }
      try directories.with(path.parent) { try describe(name, in: $0, entry) }
      try remember(path, entry.modified)
    }
  }

  private func create(
    _ path: LayerPath, _ name: [CChar], _ entry: TarEntry, _ reader: TarReader
  ) throws {
    switch entry.kind {
    case .regular: try makeFile(path, name, entry, reader)
    case .directory: try directories.with(path.parent) { try $0.makeDirectory(at: name, mode: 0o700) }
    case .hardLink: try makeHardLink(path, name, entry)
    case .symbolicLink: try makeSymbolicLink(path, name, entry)
    case .fifo: try makeNode(.fifo, path, name, entry)
    case .characterDevice:
      try makeNode(.characterDevice(major: entry.deviceMajor, minor: entry.deviceMinor), path, name, entry)
    case .blockDevice:
      try makeNode(.blockDevice(major: entry.deviceMajor, minor: entry.deviceMinor), path, name, entry)
    }
  }

  private func makeFile(
    _ path: LayerPath, _ name: [CChar], _ entry: TarEntry, _ reader: TarReader
  ) throws {
    let file = try directories.with(path.parent) { try $0.makeFile(at: name, mode: 0o600) }
    try reader.readBody { chunk in
      var rest = chunk
      while !rest.isEmpty { rest = UnsafeRawBufferPointer(rebasing: rest[try file.write(rest)...]) }
    }
    // The owner first: changing it takes set-user-ID bits and capabilities away.
    try file.setOwner(entry.owner, entry.group)
    try file.setMode(entry.mode)
    for attribute in entry.attributes { try file.setAttribute(try checked(attribute, entry), to: attribute.value) }
    try file.setTimes(seconds: entry.modified.seconds, nanoseconds: entry.modified.nanoseconds)
    size += entry.size
  }

  private func makeSymbolicLink(_ path: LayerPath, _ name: [CChar], _ entry: TarEntry) throws {
    guard !entry.linkName.isEmpty else { throw invalid(entry, "the symbolic link points at nothing") }
    try directories.with(path.parent) { directory in
      try directory.makeSymbolicLink(at: name, to: entry.linkName.cString)
      try describe(name, in: directory, entry)
    }
  }

  private func makeNode(
    _ node: FileDescriptor.Node, _ path: LayerPath, _ name: [CChar], _ entry: TarEntry
  ) throws {
    try directories.with(path.parent) { directory in
      try directory.makeNode(node, at: name, mode: 0o600)
      try describe(name, in: directory, entry)
    }
  }

  /// Links to a file of this layer. Its owner, mode and times are the other name's already.
  private func makeHardLink(_ path: LayerPath, _ name: [CChar], _ entry: TarEntry) throws {
    let target = try linkTarget(entry)
    let directory = try parent(of: target, entry)
    guard let status = try directory.status(at: target.base.cString), status.kind != .directory else {
      throw invalid(entry, "the hard link's target \(TarEntry.title(entry.linkName)) is no file of this layer")
    }
    guard target != path else { throw invalid(entry, "the hard link points at itself") }
    try directories.with(path.parent) { try $0.makeHardLink(at: name, to: target.base.cString, in: directory) }
  }

  private func linkTarget(_ entry: TarEntry) throws -> LayerPath {
    do { return try LayerPath(entry.linkName) } catch {
      throw invalid(entry, "the hard link's target \(TarEntry.title(entry.linkName)) leads out of the layer")
    }
  }

  private func parent(of target: LayerPath, _ entry: TarEntry) throws -> FileDescriptor {
    do { return try directories.existing(target.parent) } catch {
      guard error.errno == .crossDevice else { throw error }
      let target = TarEntry.title(entry.linkName)
      throw invalid(entry, "the hard link's target \(target) leads through a symbolic link out of the layer")
    }
  }

  // MARK: - Properties

  private func describe(_ name: [CChar], in directory: borrowing FileDescriptor, _ entry: TarEntry) throws {
    try directory.setOwner(at: name, entry.owner, entry.group)
    if entry.kind != .symbolicLink { try directory.setMode(at: name, entry.mode) }
    for attribute in entry.attributes {
      try directory.setAttribute(try checked(attribute, entry), to: attribute.value, at: name)
    }
    try directory.setTimes(at: name, seconds: entry.modified.seconds, nanoseconds: entry.modified.nanoseconds)
  }

  /// overlayfs keeps its own marks in attributes. An image that could set them could show files of other layers.
  private func checked(_ attribute: TarEntry.Attribute, _ entry: TarEntry) throws -> [CChar] {
    for prefix in ["trusted.overlay.", "user.overlay."] where attribute.name.starts(with: prefix.utf8) {
      throw invalid(entry, "the attribute \(TarEntry.title(attribute.name)) is overlayfs's own")
    }
    guard !attribute.name.isEmpty, !attribute.name.contains(0) else { throw invalid(entry, "an attribute has no name") }
    return attribute.name.cString
  }

  /// A directory's time changes with everything that is put into it: it is set last.
  private func remember(_ path: LayerPath, _ time: TarEntry.Time) throws {
    timesSize += path.parent.count + path.base.count + MemoryLayout<(LayerPath, TarEntry.Time)>.size + 64
    guard timesSize <= Self.directoryLimit else {
      throw ImageError.invalidArchive(entry: TarEntry.title(path.bytes), reason: "there are too many directories")
    }
    times.append((path, time))
  }

  private func setDirectoryTimes() throws {
    for (path, time) in times {
      let name = path.isRoot ? [CChar(UInt8(ascii: ".")), 0] : path.base.cString
      do throws(SyscallError) {
        let parent = try directories.root.openResolved(
          path.parent.isEmpty ? [CChar(UInt8(ascii: ".")), 0] : path.parent.cString, [.pathOnly, .directory],
          resolve: LayerDirectories.resolution)
        guard try parent.status(at: name)?.kind == .directory else { continue }
        try parent.setTimes(at: name, seconds: time.seconds, nanoseconds: time.nanoseconds)
      } catch {
        // A later entry put something else in the directory's place.
        guard error.errno == .noEntry || error.errno == .notDirectory || error.errno == .tooManyLinks else {
          throw ImageError.invalidArchive(entry: TarEntry.title(path.bytes), reason: error.description)
        }
      }
    }
  }

  private func invalid(_ entry: TarEntry, _ reason: String) -> ImageError {
    .invalidArchive(entry: entry.title, reason: reason)
  }
}

extension FileDescriptor {
  /// The directory `name` in this one, open for everything; no symbolic link.
  fileprivate func open(child name: [CChar]) throws(SyscallError) -> FileDescriptor {
    try openResolved(name, [.readOnly, .directory, .noFollow], resolve: [.beneath, .noMagicLinks])
  }

  /// The same directory, open for everything and not only as a path.
  fileprivate func reopened() throws(SyscallError) -> FileDescriptor { try open(at: ".", [.readOnly, .directory]) }
}
