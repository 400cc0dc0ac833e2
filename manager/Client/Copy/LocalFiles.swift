internal import LinuxKernel
internal import Tar

internal import struct NIOCore.ByteBuffer
internal import class NIOPosix.NIOThreadPool

/// This machine's side of a copy.
enum LocalFiles {
  /// Whether there is a directory at `path`, where links are followed; `nil`: nothing is there.
  static func isDirectory(_ path: String) throws -> Bool? {
    do throws(SyscallError) { return try FileDescriptor.open(path, .pathOnly).status().kind == .directory } catch {
      if error.errno == .noEntry { return nil }
      throw translated(error)
    }
  }

  static func translated(_ error: any Error) -> any Error {
    switch error {
    case let error as SyscallError: ClientError.failed("\(error)")
    case let error as TarError:
      ClientError.failed(error.entry.isEmpty ? error.reason : "\(error.entry): \(error.reason)")
    default: error
    }
  }
}

/// What is copied from this machine, held open.
final class LocalSource: Sendable {
  let isDirectory: Bool
  /// Its name; `.` if the content of a directory is meant, `/` for the root.
  let name: String
  private let path: String
  private let found: FileDescriptor

  /// - Parameter followsLink: whether a link at the end of the path stands for what it leads to, under the link's name.
  init(_ path: String, followsLink: Bool) throws {
    self.path = path
    name = CopyPath(path).name
    let isFollowed = followsLink || path.hasSuffix("/") || name == "."
    do throws(SyscallError) {
      found = try FileDescriptor.open(path, isFollowed ? .pathOnly : [.pathOnly, .noFollow])
      isDirectory = try found.status().kind == .directory
    } catch { throw LocalFiles.translated(error) }
  }

  /// A tar archive of it under another name. Blocks.
  func archive(named name: String) throws -> ArchiveReader {
    do throws(SyscallError) {
      let title = name == "/" ? [] : Array(name.utf8)
      if isDirectory { return ArchiveReader(try TreeArchive(of: try found.duplicate(), named: title)) }
      // Where it really is, now that its links were followed or not.
      let own = try FileDescriptor.open("/proc/self/fd", [.pathOnly, .directory]).symbolicLink(at: "\(found.number)")
      let parts = CopyPath(own)
      let folder = try FileDescriptor.open(parts.directory, [.pathOnly, .directory])
      return ArchiveReader(try TreeArchive(ofEntry: Array(parts.name.utf8CString), in: folder, named: title))
    } catch { throw LocalFiles.translated(error) }
  }
}

/// Reads an archive that is made meanwhile. One reader at a time.
final class ArchiveReader: @unchecked Sendable {
  // Used by one thread after the other: `next()` is called by one reader.
  private let archive: TreeArchive

  init(_ archive: TreeArchive) { self.archive = archive }

  func next() async throws -> ByteBuffer? {
    do {
      return try await NIOThreadPool.singleton.runIfActive { try self.archive.next() }.map { ByteBuffer(bytes: $0) }
    } catch { throw LocalFiles.translated(error) }
  }
}
