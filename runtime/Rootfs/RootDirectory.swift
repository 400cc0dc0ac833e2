package import LinuxKernel

/// The root of a container before it is entered. Whatever the image holds, no path leads out of it: the kernel walks
/// every one with this directory as the root (`RESOLVE_IN_ROOT`), and the result is used by descriptor.
package struct RootDirectory: ~Copyable {
  package let descriptor: FileDescriptor

  package init(owning descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

  /// What a path leads to.
  package func open(
    _ path: String, _ options: FileDescriptor.OpenOptions = .pathOnly
  ) throws(SyscallError) -> FileDescriptor {
    try descriptor.open(at: path, options, resolve: [.inRoot, .noMagicLinks])
  }

  /// The same, refusing symbolic links anywhere on the way.
  package func openWithoutLinks(_ path: String) throws(SyscallError) -> FileDescriptor {
    try descriptor.open(at: path, .pathOnly, resolve: [.inRoot, .noMagicLinks, .noSymbolicLinks])
  }

  /// The directory at `path`, made with those above it if it is missing.
  package func openOrMakeDirectory(_ path: String) throws(SyscallError) -> FileDescriptor {
    do { return try open(path) } catch { guard error.errno == .noEntry else { throw error } }
    var links = 40
    return try makeDirectory(RootPath(path), links: &links)
  }

  /// The file at `path`, made empty if it is missing.
  package func openOrMakeFile(_ path: String, links: Int = 40) throws(SyscallError) -> FileDescriptor {
    do { return try open(path) } catch { guard error.errno == .noEntry else { throw error } }
    let path = RootPath(path)
    guard let name = path.last else { return try open("/") }
    let parent = try openOrMakeDirectory(path.parent.text)
    do {
      let file = try parent.open(at: name, [.create, .exclusive, .noFollow, .writeOnly], mode: 0o755)
      return try file.reopened(in: parent, as: name)
    } catch {
      // A symbolic link to nothing: what it points to is made.
      guard error.errno == .exists, links > 0 else { throw error }
      return try openOrMakeFile(path.following(try parent.symbolicLink(at: name)).text, links: links - 1)
    }
  }

  private func makeDirectory(_ path: RootPath, links: inout Int) throws(SyscallError) -> FileDescriptor {
    guard let name = path.last else { return try open("/") }
    let parent = try existingOrMade(path.parent, links: &links)
    do {
      try parent.makeDirectory(at: name)
      return try parent.open(at: name, [.pathOnly, .noFollow, .directory])
    } catch {
      guard error.errno == .exists, links > 0 else { throw error }
      links -= 1
      return try existingOrMade(path.following(try parent.symbolicLink(at: name)), links: &links)
    }
  }

  private func existingOrMade(_ path: RootPath, links: inout Int) throws(SyscallError) -> FileDescriptor {
    do { return try open(path.text) } catch { guard error.errno == .noEntry else { throw error } }
    return try makeDirectory(path, links: &links)
  }
}

extension FileDescriptor {
  /// A descriptor of this file that is good for nothing but naming it.
  fileprivate consuming func reopened(
    in parent: borrowing FileDescriptor, as name: String
  ) throws(SyscallError) -> FileDescriptor {
    try parent.open(at: name, [.pathOnly, .noFollow])
  }
}
