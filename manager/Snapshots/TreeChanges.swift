internal import LinuxKernel

/// Compares a container's tree with that of its image. What counts is what Docker counts: directories that are there because of
/// what is in them only if they are otherwise than before themselves, or something in them was added or deleted.
struct TreeChanges: ~Copyable {
  /// `PATH_MAX`.
  private static let pathLimit = 4096

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

  /// - Throws: `ENAMETOOLONG` if a directory's path is longer than the kernel resolves.
  func run(against image: borrowing FileDescriptor) throws(SyscallError) -> [TreeChange] {
    var kinds: [[UInt8]: TreeChange.Kind] = [:]
    let walk = try TreeWalk(tree, beside: image)
    while try walk.next() {
      let parent = try Self.path(of: walk.here)
      try compare(walk, at: parent) { kind, name, _ in Self.note(kind, parent.entry(name), parent, &kinds) }
    }
    // What was made to mount something in it, and has nothing else.
    for path in ignoredParents where kinds[path] == .added {
      let below = path + [UInt8(ascii: "/")]
      if !kinds.keys.contains(where: { $0.starts(with: below) }) { kinds[path] = nil }
    }
    return kinds.map { TreeChange(path: $0.key, kind: $0.value) }
      .sorted { $0.path.lexicographicallyPrecedes($1.path) }
  }

  /// What of that is there, and the tree's root directory. Nothing is ignored, and the tree may be as deep as it likes.
  func usage(against image: borrowing FileDescriptor) throws(SyscallError) -> SnapshotUsage {
    var usage = SnapshotUsage(inodes: 1)
    var seen: Set<FileIdentity> = []
    let walk = try TreeWalk(tree, beside: image)
    while try walk.next() {
      var isOtherwise = false
      try compare(walk, at: nil) { kind, _, status in
        if kind != .modified { isOtherwise = true }
        if let status, seen.isNew(status) { usage.count(status) }
      }
      guard isOtherwise, !walk.here.isRoot else { continue }
      let status = try walk.here.directory.status()
      if seen.isNew(status) { usage.count(status) }
    }
    return usage
  }

  /// - Throws: `ENAMETOOLONG` if that is longer than the kernel resolves.
  private static func path(of position: TreePosition) throws(SyscallError) -> [UInt8] {
    var path: [UInt8] = []
    for name in position.names {
      path.append(UInt8(ascii: "/"))
      path += name.dropLast().lazy.map(UInt8.init(bitPattern:))
      // With a dot for the root, and the 0 at the end.
      guard path.count + 2 <= Self.pathLimit else { throw SyscallError("openat2", errno: .nameTooLong) }
    }
    return path
  }

  /// Compares what one directory has in both trees.
  /// - Parameters:
  ///   - parent: its path; if it is not known, nothing is ignored.
  ///   - found: is told what has changed, by which name, and what that is now.
  private func compare(
    _ walk: TreeWalk, at parent: [UInt8]?, _ found: (TreeChange.Kind, [CChar], FileStatus?) -> Void
  ) throws(SyscallError) {
    do throws(SyscallError) {
      let names = try walk.here.directory.directoryNames()
      for name in names {
        let entry = parent?.entry(name)
        guard !isIgnored(entry), let status = try walk.here.directory.status(at: name) else { continue }
        if status.kind == .directory { walk.add(name) }
        guard let kind = try kind(of: status, at: entry, name, walk) else { continue }
        found(kind, name, status)
      }
      guard let before = walk.beside, before.isThere else { return }
      let left = Set(names)
      for name in try before.directory.directoryNames() where !left.contains(name) {
        if !isIgnored(parent?.entry(name)) { found(.deleted, name, nil) }
      }
    } catch {
      // It has vanished meanwhile.
      guard error.isOfNoDirectory else { throw error }
    }
  }

  private func isIgnored(_ path: [UInt8]?) -> Bool { path.map(ignored.contains) ?? false }

  private static func note(
    _ kind: TreeChange.Kind, _ entry: [UInt8], _ parent: [UInt8], _ kinds: inout [[UInt8]: TreeChange.Kind]
  ) {
    kinds[entry] = kind
    if kind != .modified, !parent.isEmpty, kinds[parent] == nil { kinds[parent] = .modified }
  }

  /// `nil` if nothing has changed there.
  private func kind(
    of status: FileStatus, at path: [UInt8]?, _ name: [CChar], _ walk: TreeWalk
  ) throws(SyscallError) -> TreeChange.Kind? {
    guard let image = walk.beside, image.isThere, let before = try image.directory.status(at: name) else {
      return .added
    }
    guard status.kind == before.kind, status.permissions == before.permissions, status.owner == before.owner,
      status.group == before.group, status.represents == before.represents
    else { return .modified }
    let isAsOld = status.modified == before.modified && status.modifiedNanoseconds == before.modifiedNanoseconds
    if status.kind == .directory { return isAsOld || path.map(ignoredParents.contains) ?? false ? nil : .modified }
    guard isAsOld, status.size == before.size else { return .modified }
    // Somebody may have set the time back.
    guard wasTouched(status) else { return nil }
    return try Self.haveSame(name, status, walk.here.directory, image.directory) ? nil : .modified
  }

  private func wasTouched(_ status: FileStatus) -> Bool {
    guard let made else { return true }
    return (status.changed, status.changedNanoseconds) >= (made.modified, made.modifiedNanoseconds)
  }

  /// Whether content and capabilities are the same, where everything else is.
  private static func haveSame(
    _ name: [CChar], _ status: FileStatus, _ now: borrowing FileDescriptor, _ before: borrowing FileDescriptor
  ) throws(SyscallError) -> Bool {
    switch status.kind {
    case .symbolicLink: return try now.symbolicLinkTarget(at: name) == before.symbolicLinkTarget(at: name)
    case .regular:
      let one = try open(name, in: now)
      let other = try open(name, in: before)
      let capability = "security.capability"
      guard try one.attribute(capability) == other.attribute(capability) else { return false }
      return try haveSameContent(one, other, size: status.size)
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

  /// The path of what is called `name`, which ends in 0, in the directory at this path.
  fileprivate func entry(_ name: [CChar]) -> [UInt8] {
    self + [UInt8(ascii: "/")] + name.dropLast().map(UInt8.init(bitPattern:))
  }
}

extension Set<FileIdentity> {
  /// Whether a file that may have several names, or a directory, was not here before.
  fileprivate mutating func isNew(_ status: FileStatus) -> Bool {
    status.kind != .directory && status.links == 1 || insert(status.identity).inserted
  }
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
