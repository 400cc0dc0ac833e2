internal import LinuxKernel
internal import Tar

/// What a path leads to in a container's files: held open, so that it stays the same whatever happens to the path. Blocks.
final class LocatedPath {
  private static let resolution: FileDescriptor.ResolveOptions = [.inRoot, .noMagicLinks]

  let path: ContainerPath
  /// The directory that the entry is in, or that is meant itself.
  let directory: FileDescriptor
  private let found: FileStatus

  /// - Throws: ``ContainerError/fileNotFound(path:container:)``, ``ContainerError/invalid(_:)`` if a file is called a directory.
  init(_ text: String, in root: borrowing FileDescriptor, container: String) throws {
    path = ContainerPath(text)
    do throws(SyscallError) {
      directory = try root.open(at: path.directory, [.pathOnly, .directory], resolve: Self.resolution)
      let status: FileStatus? =
        if let entry = path.entry { try directory.status(at: entry) } else { try directory.status() }
      guard let status else { throw SyscallError("lstat", text, errno: .noEntry) }
      found = status
    } catch {
      throw Self.translated(error, text, container)
    }
  }

  static func translated(_ error: SyscallError, _ path: String, _ container: String) -> ContainerError {
    switch error.errno {
    case .noEntry: .fileNotFound(path: path, container: container)
    case .notDirectory: .invalid("\(path): not a directory")
    case .nameTooLong: .invalid("\(path.prefix(100))…: file name too long")
    case .tooManyLinks: .invalid("\(path): too many levels of symbolic links")
    default: .failed("\(path): \(error)")
    }
  }

  func status(in root: borrowing FileDescriptor) throws -> PathStatus {
    var status = PathStatus(found, name: path.name)
    if found.kind == .symbolicLink, let entry = path.entry { status.linkTarget = try target(of: entry, in: root) }
    return status
  }

  /// Where the link leads in the end, or would if there were something.
  private func target(of entry: String, in root: borrowing FileDescriptor) throws -> String {
    let whole = (path.directory == "/" ? "" : path.directory) + "/" + entry
    do throws(SyscallError) { return try root.open(at: whole, .pathOnly, resolve: Self.resolution).ownPath() } catch {
      // It leads nowhere, or in circles.
      let text = try directory.symbolicLink(at: entry)
      return PathCleaning.clean(text.hasPrefix("/") ? text : try directory.ownPath() + "/" + text)
    }
  }

  /// A tar archive of it under the name that the client called it by.
  func archive() throws(SyscallError) -> TreeArchive {
    guard let entry = path.entry else { return try TreeArchive(of: try directory.duplicate(), named: prefix) }
    guard found.kind == .directory else {
      return try TreeArchive(ofEntry: Array(entry.utf8CString), in: try directory.duplicate())
    }
    let child = try directory.open(
      at: entry, [.readOnly, .directory, .noFollow], resolve: [.beneath, .noSymbolicLinks])
    return try TreeArchive(of: child, named: prefix)
  }

  private var prefix: [UInt8] { path.name == "/" ? [] : Array(path.name.utf8) }
}

/// A directory of a container's files that something is to be written to.
final class WritableDirectory {
  let descriptor: FileDescriptor
  /// Its own path in the container, without links.
  let place: String

  /// - Throws: ``ContainerError/fileNotFound(path:container:)``, ``ContainerError/invalid(_:)`` if it is none.
  init(_ text: String, in root: borrowing FileDescriptor, container: String) throws {
    do throws(SyscallError) {
      descriptor = try root.open(at: PathCleaning.clean(text), .pathOnly, resolve: [.inRoot, .noMagicLinks])
      guard try descriptor.status().kind == .directory else { throw SyscallError("open", text, errno: .notDirectory) }
      place = try descriptor.ownPath()
    } catch {
      if error.errno == .notDirectory { throw ContainerError.invalid("extraction point is not a directory") }
      throw LocatedPath.translated(error, text, container)
    }
  }
}

extension FileDescriptor {
  /// The path of this open file from the root of its mount namespace, now.
  fileprivate func ownPath() throws(SyscallError) -> String {
    try FileDescriptor.open("/proc/self/fd", [.pathOnly, .directory]).symbolicLink(at: "\(number)")
  }
}
