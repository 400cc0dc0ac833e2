internal import LinuxKernel

/// Compares a container's tree with that of its image. What counts is what Docker counts: directories that are there because of
/// what is in them only if they are otherwise than before themselves, or something in them was added or deleted.
struct TreeChanges: ~Copyable {
  private let tree: FileDescriptor
  /// The record that was written when the tree was whole.
  private let made: FileStatus?
  /// Paths that do not count, with a slash at the beginning.
  private let ignored: Set<[UInt8]>
  private let ignoredParents: Set<[UInt8]>

  init(tree: consuming FileDescriptor, made: FileStatus?, ignored: Set<[UInt8]>) {
    self.tree = tree
    self.made = made
    self.ignored = ignored
    ignoredParents = Set(ignored.map { $0.parent })
  }

  func run(against image: borrowing FileDescriptor) throws(SyscallError) -> [TreeChange] {
    var kinds: [[UInt8]: TreeChange.Kind] = [:]
    var walk = TreeWalk()
    while let path = walk.next() {
      do throws(SyscallError) {
        let directory = try TreeWalk.open(path, in: tree)
        let before = try Directories(directory, in: image, at: path)
        try compare(before, at: path, &walk, &kinds)
      } catch {
        // It has vanished meanwhile.
        guard [.noEntry, .notDirectory, .tooManyLinks].contains(error.errno) else { throw error }
      }
    }
    // What was made to mount something in it, and has nothing else.
    for path in ignoredParents where kinds[path] == .added {
      let below = path + [UInt8(ascii: "/")]
      if !kinds.keys.contains(where: { $0.starts(with: below) }) { kinds[path] = nil }
    }
    return kinds.map { TreeChange(path: $0.key, kind: $0.value) }
      .sorted { $0.path.lexicographicallyPrecedes($1.path) }
  }

  /// The same directory of the container and of the image.
  private final class Directories {
    let now: FileDescriptor
    /// `nil`: the image has no such directory.
    let before: OpenDirectory?

    init(
      _ now: consuming FileDescriptor, in image: borrowing FileDescriptor, at path: [CChar]
    ) throws(SyscallError) {
      self.now = now
      do throws(SyscallError) { before = OpenDirectory(try TreeWalk.open(path, in: image)) } catch {
        guard [.noEntry, .notDirectory, .tooManyLinks].contains(error.errno) else { throw error }
        before = nil
      }
    }

    func statusBefore(_ name: [CChar]) throws(SyscallError) -> FileStatus? {
      try before?.descriptor.status(at: name)
    }

    func namesBefore() throws(SyscallError) -> [[CChar]] {
      try before?.descriptor.directoryNames() ?? []
    }
  }

  private final class OpenDirectory {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
  }

  private func compare(
    _ directories: Directories, at path: [CChar], _ walk: inout TreeWalk, _ kinds: inout [[UInt8]: TreeChange.Kind]
  ) throws(SyscallError) {
    let parent = path.dropFirst().dropLast().map(UInt8.init(bitPattern:))
    let names = try directories.now.directoryNames()
    for name in names {
      let entry = parent + [UInt8(ascii: "/")] + name.dropLast().map(UInt8.init(bitPattern:))
      guard !ignored.contains(entry), let status = try directories.now.status(at: name) else { continue }
      if status.kind == .directory { walk.add(name, in: path) }
      guard let kind = try kind(of: status, at: entry, name, directories) else { continue }
      note(kind, entry, parent, &kinds)
    }
    let left = Set(names)
    for name in try directories.namesBefore() where !left.contains(name) {
      let entry = parent + [UInt8(ascii: "/")] + name.dropLast().map(UInt8.init(bitPattern:))
      if !ignored.contains(entry) { note(.deleted, entry, parent, &kinds) }
    }
  }

  private func note(
    _ kind: TreeChange.Kind, _ entry: [UInt8], _ parent: [UInt8], _ kinds: inout [[UInt8]: TreeChange.Kind]
  ) {
    kinds[entry] = kind
    if kind != .modified, !parent.isEmpty, kinds[parent] == nil { kinds[parent] = .modified }
  }

  /// `nil` if nothing has changed there.
  private func kind(
    of status: FileStatus, at path: [UInt8], _ name: [CChar], _ directories: Directories
  ) throws(SyscallError) -> TreeChange.Kind? {
    guard let before = try directories.statusBefore(name) else { return .added }
    guard status.kind == before.kind, status.permissions == before.permissions, status.owner == before.owner,
      status.group == before.group, status.represents == before.represents
    else { return .modified }
    let isAsOld = status.modified == before.modified && status.modifiedNanoseconds == before.modifiedNanoseconds
    if status.kind == .directory { return isAsOld || ignoredParents.contains(path) ? nil : .modified }
    guard isAsOld, status.size == before.size else { return .modified }
    // Somebody may have set the time back.
    guard wasTouched(status) else { return nil }
    return try hasSame(name, status, directories) ? nil : .modified
  }

  private func wasTouched(_ status: FileStatus) -> Bool {
    guard let made else { return true }
    return (status.changed, status.changedNanoseconds) >= (made.modified, made.modifiedNanoseconds)
  }

  /// Whether content and capabilities are the same, where everything else is.
  private func hasSame(
    _ name: [CChar], _ status: FileStatus, _ directories: Directories
  ) throws(SyscallError) -> Bool {
    guard let before = directories.before else { return false }
    switch status.kind {
    case .symbolicLink:
      let link = try directories.now.symbolicLinkTarget(at: name)
      return try link == before.descriptor.symbolicLinkTarget(at: name)
    case .regular:
      let one = try Self.open(name, in: directories.now)
      let other = try Self.open(name, in: before.descriptor)
      let capability = "security.capability"
      guard try one.attribute(capability) == other.attribute(capability) else { return false }
      return try Self.haveSameContent(one, other, size: status.size)
    default: return true
    }
  }

  /// A regular file, and nothing that somebody has put in its place meanwhile: opening that may do something.
  private static func open(
    _ name: [CChar], in directory: borrowing FileDescriptor
  ) throws(SyscallError) -> FileDescriptor {
    let place = try directory.openResolved(name, [.pathOnly, .noFollow], resolve: [.beneath, .noSymbolicLinks])
    guard try place.status().kind == .regular else { throw SyscallError("openat2", errno: .noEntry) }
    return try FileDescriptor.open(place.procPath, [.readOnly, .nonBlocking])
  }

  private static func haveSameContent(
    _ one: borrowing FileDescriptor, _ other: borrowing FileDescriptor, size: Int64
  ) throws(SyscallError) -> Bool {
    var (first, second) = ([UInt8](repeating: 0, count: 128 << 10), [UInt8](repeating: 0, count: 128 << 10))
    var position: Int64 = 0
    while position < size {
      let count = try one.read(into: &first, at: position)
      guard count > 0, try other.read(into: &second, at: position) == count, first[..<count] == second[..<count] else {
        return false
      }
      position += Int64(count)
    }
    return true
  }
}

extension [UInt8] {
  /// The path of the directory that has what is at this one.
  fileprivate var parent: [UInt8] { Array(self[..<(lastIndex(of: UInt8(ascii: "/")) ?? 0)]) }
}

extension FileDescriptor {
  /// - Returns: how many bytes were read; `count` of `bytes` but at the end of the file.
  fileprivate func read(into bytes: inout [UInt8], at position: Int64) throws(SyscallError) -> Int {
    var read = 0
    while read < bytes.count {
      let result: Result<Int, SyscallError> = bytes.withUnsafeMutableBytes { buffer in
        do throws(SyscallError) {
          return .success(
            try self.read(
              into: UnsafeMutableRawBufferPointer(rebasing: buffer[read...]), at: position + Int64(read)))
        } catch { return .failure(error) }
      }
      let count = try result.get()
      if count == 0 { break }
      read += count
    }
    return read
  }
}
