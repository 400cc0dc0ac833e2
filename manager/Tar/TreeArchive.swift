package import LinuxKernel

/// Makes a tar archive of a directory, or of one entry of it, piece by piece. Blocks.
///
/// Whoever can write there may do so meanwhile: nothing is reached through a symbolic link, no device or fifo is opened, what
/// vanishes is left out, and what shrinks is filled up with null bytes.
package final class TreeArchive {
  private static let pieceSize = 256 << 10
  /// The one extended attribute that is more than a note: a program's capabilities.
  private static let capability = "security.capability"

  /// A directory that is being read: its path below the top, and the names that are still to come, the last one first.
  private struct Frame {
    var path: [UInt8]
    var names: [[CChar]]
  }

  private struct Inode: Hashable {
    var device: UInt64
    var number: UInt64
  }

  private let top: FileDescriptor
  /// What stands before the names of entries, and a slash between; `nil`: nothing, not even that.
  private let prefix: [UInt8]?
  /// The name of the only entry, if it has another one there.
  private let title: [UInt8]?
  /// Of an overlay's upper directory: what is gone is archived, too.
  private let differences: OverlayDifferences?
  /// What alone is archived, and what is gone; `nil`: everything.
  private let changes: ChangedPaths?
  private var frames: [Frame] = []
  private var directory: FileDescriptor
  private var output: [UInt8] = []
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: TreeArchive.pieceSize, alignment: 16)
  private var file: OpenFile?
  /// Names of files that have several.
  private var seen: [Inode: [UInt8]] = [:]
  private var hasEnded = false

  private final class OpenFile {
    let descriptor: FileDescriptor
    var left: Int64
    let padding: Int

    init(_ descriptor: consuming FileDescriptor, size: Int64) {
      self.descriptor = descriptor
      left = size
      padding = TarWriter.padding(size)
    }
  }

  /// - Parameters:
  ///   - top: the directory.
  ///   - prefix: the directory's name in the archive; empty for `/`, `nil` if only what is in it is to be there.
  ///   - differences: if it is an overlay's upper directory, how that is to be read.
  ///   - changes: if a layer is to be made of a whole tree, what is to be in it.
  package init(
    of top: consuming FileDescriptor, named prefix: [UInt8]?, differences: OverlayDifferences? = nil,
    changes: ChangedPaths? = nil
  ) throws(SyscallError) {
    directory = try top.open(at: ".", [.readOnly, .directory])
    self.top = top
    self.prefix = prefix
    self.differences = differences
    self.changes = changes
    title = nil
    if let prefix {
      output += TarWriter.header(Self.entry(try directory.status(), prefix + [UInt8(ascii: "/")], .directory))
    }
    frames = [Frame(path: [], names: try Self.names(directory, changes?.names(in: [])))]
  }

  /// - Parameters:
  ///   - name: of the one entry of `top` that is archived; must be no directory.
  ///   - title: its name in the archive, if that is another one.
  package init(
    ofEntry name: [CChar], in top: consuming FileDescriptor, named title: [UInt8]? = nil
  ) throws(SyscallError) {
    self.title = title
    differences = nil
    changes = nil
    directory = try top.open(at: ".", [.readOnly, .directory])
    self.top = top
    prefix = nil
    frames = [Frame(path: [], names: [name])]
  }

  deinit { buffer.deallocate() }

  /// The next piece; `nil` at the end.
  package func next() throws(SyscallError) -> [UInt8]? {
    while output.count < Self.pieceSize, !hasEnded {
      if let file { try read(file) } else { try advance() }
    }
    defer { output.removeAll(keepingCapacity: true) }
    return output.isEmpty ? nil : output
  }

  // MARK: - The walk

  private func advance() throws(SyscallError) {
    guard var frame = frames.popLast() else {
      output += TarWriter.end
      hasEnded = true
      return
    }
    guard let name = frame.names.popLast() else {
      if let above = frames.last { try enter(above.path) }
      return
    }
    let path = frame.path + (frame.path.isEmpty ? [] : [UInt8(ascii: "/")]) + name.bytes
    frames.append(frame)
    do throws(SyscallError) { try add(name, path) } catch {
      // It has vanished, or become something else, since its name was read.
      guard [.noEntry, .notDirectory, .tooManyLinks].contains(error.errno) else { throw error }
    }
  }

  private func enter(_ path: [UInt8]) throws(SyscallError) {
    do throws(SyscallError) {
      let name = path.isEmpty ? [CChar(UInt8(ascii: ".")), 0] : path.cString
      directory = try top.openResolved(
        name, [.readOnly, .directory, .noFollow], resolve: [.beneath, .noSymbolicLinks])
    } catch {
      guard [.noEntry, .notDirectory, .tooManyLinks].contains(error.errno), !frames.isEmpty else { throw error }
      frames[frames.count - 1].names = []
    }
  }

  private func add(_ name: [CChar], _ path: [UInt8]) throws(SyscallError) {
    if let changes, changes.isGone(path) {
      output += TarWriter.header(Self.whiteout(OverlayDifferences.whiteout(of: path)))
      return
    }
    guard let status = try directory.status(at: name) else { return }
    if let differences, differences.ignored.contains([UInt8(ascii: "/")] + path) { return }
    let title = title ?? (prefix.map { $0 + [UInt8(ascii: "/")] } ?? []) + path
    switch status.kind {
    case .socket: return
    case .directory: try addDirectory(name, path, title)
    case .regular: try addFile(name, title)
    case .symbolicLink:
      var entry = Self.entry(status, title, .symbolicLink)
      entry.linkName = try directory.symbolicLinkTarget(at: name).bytes
      output += TarWriter.header(entry)
    case .fifo: output += TarWriter.header(Self.entry(status, title, .fifo))
    case .characterDevice where differences != nil && status.represents == 0:
      output += TarWriter.header(Self.whiteout(OverlayDifferences.whiteout(of: title)))
    case .characterDevice, .blockDevice:
      var entry = Self.entry(status, title, status.kind == .blockDevice ? .blockDevice : .characterDevice)
      (entry.deviceMajor, entry.deviceMinor) = status.deviceNumbers
      output += TarWriter.header(entry)
    }
  }

  private func addDirectory(_ name: [CChar], _ path: [UInt8], _ title: [UInt8]) throws(SyscallError) {
    let child = try directory.openResolved(
      name, [.readOnly, .directory, .noFollow], resolve: [.beneath, .noSymbolicLinks])
    output += TarWriter.header(Self.entry(try child.status(), title + [UInt8(ascii: "/")], .directory))
    if differences != nil, try OverlayDifferences.isOpaque(child) {
      output += TarWriter.header(Self.whiteout(OverlayDifferences.whiteoutOfAll(in: title)))
    }
    frames.append(Frame(path: path, names: try Self.names(child, changes?.names(in: path))))
    directory = child
  }

  private func addFile(_ name: [CChar], _ title: [UInt8]) throws(SyscallError) {
    // By its path first: opening something else for reading may already do something.
    let place = try directory.openResolved(name, [.pathOnly, .noFollow], resolve: [.beneath, .noSymbolicLinks])
    guard try place.status().kind == .regular else { return }
    let opened = try FileDescriptor.open(place.procPath, [.readOnly, .nonBlocking])
    let status = try opened.status()
    if differences != nil { try OverlayDifferences.checkContent(opened) }
    var entry = Self.entry(status, title, .regular)
    if status.links > 1 {
      let inode = Inode(device: status.device, number: status.inode)
      if let other = seen[inode] {
        entry.kind = .hardLink
        entry.linkName = other
        output += TarWriter.header(entry)
        return
      }
      seen[inode] = title
    }
    entry.size = status.size
    if let value = try Self.capability(of: opened) {
      entry.attributes = [.init(name: Array(Self.capability.utf8), value: value)]
    }
    output += TarWriter.header(entry)
    file = OpenFile(opened, size: status.size)
  }

  private static func capability(of file: borrowing FileDescriptor) throws(SyscallError) -> [UInt8]? {
    do throws(SyscallError) { return try file.attribute(capability) } catch {
      if error.errno == .notSupported { return nil }
      throw error
    }
  }

  private func read(_ file: OpenFile) throws(SyscallError) {
    let wanted = Int(min(Int64(Self.pieceSize), file.left))
    let chunk = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
    var count = wanted == 0 ? 0 : try file.descriptor.read(into: chunk)
    if count == 0 {
      // The end of a file that has shrunk: null bytes for the rest.
      chunk.initializeMemory(as: UInt8.self, repeating: 0)
      count = wanted
    }
    output += chunk[..<count]
    file.left -= Int64(count)
    guard file.left == 0 else { return }
    output += [UInt8](repeating: 0, count: file.padding)
    self.file = nil
  }

  // MARK: - Entries

  private static func entry(_ status: FileStatus, _ name: [UInt8], _ kind: TarEntry.Kind) -> TarEntry {
    var entry = TarEntry()
    entry.kind = kind
    entry.name = name
    entry.mode = status.permissions
    entry.owner = status.owner
    entry.group = status.group
    entry.modified = .init(seconds: status.modified, nanoseconds: 0)
    return entry
  }

  private static func whiteout(_ name: [UInt8]) -> TarEntry {
    var entry = TarEntry()
    entry.name = name
    return entry
  }

  /// In reverse order.
  /// - Parameter wanted: the only ones that count.
  private static func names(
    _ directory: borrowing FileDescriptor, _ wanted: [[CChar]]?
  ) throws(SyscallError) -> [[CChar]] {
    let names = if let wanted { wanted } else { try directory.directoryNames() }
    return names.sorted { $1.bytes.lexicographicallyPrecedes($0.bytes) }
  }
}

extension [CChar] {
  /// A C string without its end.
  fileprivate var bytes: [UInt8] { dropLast().map(UInt8.init(bitPattern:)) }
}
