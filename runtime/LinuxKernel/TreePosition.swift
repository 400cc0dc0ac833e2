/// A place in a tree, which one goes down from by names, and up by `..`.
///
/// Trees can be deeper than there are descriptors, and their paths longer than the kernel takes: never more than the root and
/// two directories are open. Others may change the tree meanwhile: nothing leads out of it, through no link and no move.
package final class TreePosition {
  private struct Step {
    var name: [CChar]
    /// `nil` if it is not there.
    var identity: FileIdentity?
  }

  private let root: FileDescriptor
  private let rootIdentity: FileIdentity
  /// From the root down to here.
  private var path: [Step] = []
  /// How many steps at the end of the path are not there.
  private var missing = 0

  /// The directory here if ``isThere``, or the nearest one above that is.
  package private(set) var directory: FileDescriptor

  /// Starts at the directory `root`.
  package init(_ root: borrowing FileDescriptor) throws(SyscallError) {
    self.root = try root.open(at: ".", [.readOnly, .directory])
    rootIdentity = try root.status().identity
    directory = try root.open(at: ".", [.readOnly, .directory])
  }

  /// Whether there is a directory here.
  package var isThere: Bool { missing == 0 }

  package var isRoot: Bool { path.isEmpty }

  /// The names from the root down to here, each ending in 0.
  package var names: [[CChar]] { path.map { $0.name } }

  /// Goes down to the directory `name`, be it there or not.
  /// - Returns: whether it is.
  @discardableResult
  package func enter(_ name: [CChar]) throws(SyscallError) -> Bool {
    path.append(Step(name: name, identity: nil))
    missing += 1
    if missing == 1 { try findNext() }
    return isThere
  }

  /// Goes up. The directory above is the one that one came from, wherever that is now; if it has left the tree, what has its
  /// names now.
  package func leave() throws(SyscallError) {
    path.removeLast()
    guard isThere else {
      missing -= 1
      return
    }
    let above = try directory.open(at: "..", [.readOnly, .directory])
    let former = path.isEmpty ? rootIdentity : path[path.count - 1].identity
    if try above.status().identity == former {
      directory = above
    } else {
      try findAgain()
    }
  }

  /// Goes down the whole path once more.
  private func findAgain() throws(SyscallError) {
    directory = try root.open(at: ".", [.readOnly, .directory])
    missing = path.count
    var left = 0
    while missing > 0, missing != left {
      left = missing
      try findNext()
    }
  }

  /// Opens the first directory of those that are missing, if it is there.
  private func findNext() throws(SyscallError) {
    let index = path.count - missing
    do throws(SyscallError) {
      let child = try directory.openResolved(
        path[index].name, [.readOnly, .directory, .noFollow], resolve: [.beneath, .noSymbolicLinks])
      path[index].identity = try child.status().identity
      directory = child
      missing -= 1
    } catch {
      guard error.isOfNoDirectory else { throw error }
    }
  }
}

extension SyscallError {
  /// Whether there is no directory of that name, which may have vanished or become something else meanwhile.
  package var isOfNoDirectory: Bool { errno == .noEntry || errno == .notDirectory || errno == .tooManyLinks }
}
