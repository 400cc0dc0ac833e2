internal import LinuxKernel

/// Paths of directories in a tree that wait for their turn. Paths and not descriptors do: a tree can be deeper than a process may
/// open files.
struct TreeWalk {
  private var waiting: [[CChar]] = [[CChar(UInt8(ascii: ".")), 0]]

  /// The next directory, ending in 0; `nil` if all have been.
  mutating func next() -> [CChar]? { waiting.popLast() }

  /// Notes the directory `name` in the one at `path`.
  mutating func add(_ name: [CChar], in path: [CChar]) {
    waiting.append(path.dropLast() + [CChar(UInt8(ascii: "/"))] + name)
  }

  /// The directory at `path`, through no link.
  static func open(_ path: [CChar], in root: borrowing FileDescriptor) throws(SyscallError) -> FileDescriptor {
    try root.openResolved(path, [.readOnly, .directory, .noFollow], resolve: [.beneath, .noSymbolicLinks])
  }
}

/// What a directory entry is besides its content.
enum EntryDescription {
  private static let itself: [CChar] = [CChar(UInt8(ascii: ".")), 0]

  /// Gives the entry `name` of `target` owner, mode, attributes and times of the one of `source`, of which `status` tells.
  static func copy(
    _ name: [CChar], _ status: FileStatus, from source: borrowing FileDescriptor, to target: borrowing FileDescriptor
  ) throws(SyscallError) {
    // The owner first: changing it takes set-user-ID bits and capabilities away.
    try target.setOwner(at: name, status.owner, status.group)
    for attribute in try source.attributeNames(at: name) where !isOverlays(attribute) {
      try target.setAttribute(attribute, to: try source.attribute(attribute, at: name), at: name)
    }
    if status.kind != .symbolicLink { try target.setMode(at: name, status.permissions) }
    try target.setTimes(at: name, seconds: status.modified, nanoseconds: status.modifiedNanoseconds)
  }

  /// The same of a directory itself, which has no attributes afterwards that `source` has not.
  static func copy(
    _ status: FileStatus, of source: borrowing FileDescriptor, to target: borrowing FileDescriptor
  ) throws(SyscallError) {
    let names = Set(try source.attributeNames(at: itself))
    for attribute in try target.attributeNames(at: itself) where !names.contains(attribute) {
      try target.removeAttribute(attribute, at: itself)
    }
    try copy(itself, status, from: source, to: target)
  }

  /// Whether an attribute is one of the marks that overlayfs keeps.
  private static func isOverlays(_ attribute: [CChar]) -> Bool {
    attribute.starts(with: Array("trusted.overlay.".utf8CString.dropLast()))
  }
}
