internal import LinuxKernel
public import NIOCore
internal import NIOPosix
internal import Tar

/// A tar archive of a container's files, made while it is read. One reader at a time.
public final class FileArchive: @unchecked Sendable {
  // Used by one thread after the other: `next()` is called by one reader.
  private let archive: TreeArchive
  private let view: RootfsView
  private let threads: NIOThreadPool

  init(_ archive: TreeArchive, of view: RootfsView, on threads: NIOThreadPool) {
    self.archive = archive
    self.view = view
    self.threads = threads
  }

  /// The next bytes; `nil` at the end.
  public func next() async throws -> ByteBuffer? {
    try await threads.runIfActive { try self.archive.next() }.map { ByteBuffer(bytes: $0) }
  }
}

extension FileArchive: AsyncSequence, AsyncIteratorProtocol {
  public func makeAsyncIterator() -> FileArchive { self }
}
