internal import LinuxKernel

/// Goes through the directories of a tree, however deep it is, and at the same time through those of the same names in another one.
/// What a directory has comes before what the directories in it have.
final class TreeWalk {
  let here: TreePosition
  /// In the other tree, which may have no such directory.
  let beside: TreePosition?
  /// Names of directories that are still to be gone to, for each one from the root down to here; empty before the first.
  private var waiting: [[[CChar]]] = []

  init(_ root: borrowing FileDescriptor) throws(SyscallError) {
    here = try TreePosition(root)
    beside = nil
  }

  init(_ root: borrowing FileDescriptor, beside other: borrowing FileDescriptor) throws(SyscallError) {
    here = try TreePosition(root)
    beside = try TreePosition(other)
  }

  /// Goes to the next directory that was added, the root at first. What has vanished meanwhile is passed over.
  /// - Returns: whether there is one.
  func next() throws(SyscallError) -> Bool {
    if waiting.isEmpty {
      waiting.append([])
      return true
    }
    while let last = waiting.indices.last {
      if let name = waiting[last].popLast() {
        waiting.append([])
        try beside?.enter(name)
        if try here.enter(name) { return true }
      } else {
        waiting.removeLast()
        if waiting.isEmpty { return false }
        try beside?.leave()
        try here.leave()
      }
    }
    return false
  }

  /// Notes the directory `name` in the one here.
  func add(_ name: [CChar]) { waiting[waiting.count - 1].append(name) }

  /// The place in the other tree.
  /// - Throws: `ENOENT` if that has no such directory.
  func counterpart() throws(SyscallError) -> TreePosition {
    guard let beside, beside.isThere else { throw SyscallError("openat2", errno: .noEntry) }
    return beside
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
