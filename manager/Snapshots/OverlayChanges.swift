public import LinuxKernel

extension OverlaySnapshotter {
  public func containerChanges(
    _ id: String, to layers: borrowing FileDescriptor, ignoring ignored: Set<String>
  ) throws(SnapshotError) -> [TreeChange] {
    guard try containsContainer(id) else { return [] }
    let upper = "\(try folder(container: id))/upper"
    do throws(SyscallError) {
      let scan = OverlayChanges(ignored: Set(ignored.map { Array($0.utf8) }))
      return try scan.run(in: try FileDescriptor.open(upper, [.readOnly, .directory, .noFollow]), comparedTo: layers)
    } catch { throw .system(error) }
  }
}

/// Compares what an overlay's upper directory has with what is below it. Directories that are there because of what is in them
/// count only if they are otherwise than before themselves, or something in them was added or deleted: as Docker has it.
struct OverlayChanges {
  /// Paths that do not count, with a slash at the beginning.
  let ignored: Set<[UInt8]>
  private let ignoredParents: Set<[UInt8]>

  init(ignored: Set<[UInt8]>) {
    self.ignored = ignored
    ignoredParents = Set(ignored.map(Self.parent))
  }

  func run(
    in upper: borrowing FileDescriptor, comparedTo lower: borrowing FileDescriptor
  ) throws(SyscallError) -> [TreeChange] {
    var kinds: [[UInt8]: TreeChange.Kind] = [:]
    // Paths and not descriptors wait for their turn: a tree can be deeper than a process may open files.
    var waiting: [[UInt8]] = [[]]
    while let path = waiting.popLast() {
      do throws(SyscallError) {
        let directory = try Self.open(path, in: upper)
        for name in try directory.directoryNames() {
          let entry = path + [UInt8(ascii: "/")] + name.dropLast().map(UInt8.init(bitPattern:))
          guard !ignored.contains(entry), let status = try directory.status(at: name) else { continue }
          if status.kind == .directory { waiting.append(entry) }
          guard let kind = try kind(of: status, at: entry, name, in: lower) else { continue }
          kinds[entry] = kind
          let parent = Self.parent(entry)
          if kind != .modified, !parent.isEmpty, kinds[parent] == nil { kinds[parent] = .modified }
        }
      } catch {
        // It has vanished meanwhile.
        guard [.noEntry, .notDirectory, .tooManyLinks].contains(error.errno) else { throw error }
      }
    }
    return kinds.map { TreeChange(path: $0.key, kind: $0.value) }
      .sorted { $0.path.lexicographicallyPrecedes($1.path) }
  }

  /// `nil` if nothing has changed there.
  private func kind(
    of status: FileStatus, at path: [UInt8], _ name: [CChar], in lower: borrowing FileDescriptor
  ) throws(SyscallError) -> TreeChange.Kind? {
    // overlayfs's mark for what is gone.
    if status.kind == .characterDevice, status.represents == 0 { return .deleted }
    guard let before = try Self.status(of: name, at: path, in: lower) else { return .added }
    guard status.kind == .directory, before.kind == .directory else { return .modified }
    let isSame =
      status.permissions == before.permissions && status.owner == before.owner && status.group == before.group
    let isAsOld = status.modified == before.modified && status.modifiedNanoseconds == before.modifiedNanoseconds
    return isSame && (isAsOld || ignoredParents.contains(path)) ? nil : .modified
  }

  private static func status(
    of name: [CChar], at path: [UInt8], in lower: borrowing FileDescriptor
  ) throws(SyscallError) -> FileStatus? {
    do throws(SyscallError) { return try open(parent(path), in: lower).status(at: name) } catch {
      guard [.noEntry, .notDirectory, .tooManyLinks].contains(error.errno) else { throw error }
      return nil
    }
  }

  /// The directory at `path`, through no link.
  private static func open(
    _ path: [UInt8], in root: borrowing FileDescriptor
  ) throws(SyscallError) -> FileDescriptor {
    let name = [CChar(UInt8(ascii: "."))] + path.map(CChar.init(bitPattern:)) + [0]
    return try root.openResolved(name, [.readOnly, .directory, .noFollow], resolve: [.beneath, .noSymbolicLinks])
  }

  private static func parent(_ path: [UInt8]) -> [UInt8] {
    Array(path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)])
  }
}
