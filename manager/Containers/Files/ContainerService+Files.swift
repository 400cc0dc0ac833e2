internal import LinuxKernel
public import NIOCore
internal import NIOPosix
internal import Tar

/// Reading a container's files from outside. Nothing of the container is executed, and no link leads out of it.
extension ContainerService {
  /// What there is at `path` in a container, running or not.
  /// - Throws: ``ContainerError/fileNotFound(path:container:)``.
  public func pathStatus(_ name: String, _ path: String) async throws -> PathStatus {
    let view = try await index.find(name).container.view(hasBinds: true)
    return try await surroundings.threads.runIfActive {
      try LocatedPath(path, in: view.root, container: name).status(in: view.root)
    }
  }

  /// What there is at `path`, and a tar archive of it.
  /// - Throws: ``ContainerError/fileNotFound(path:container:)``.
  public func archive(_ name: String, _ path: String) async throws -> (status: PathStatus, archive: FileArchive) {
    let container = try index.find(name).container
    let view = try await container.view(hasBinds: true)
    let threads = surroundings.threads
    let (status, archive) = try await threads.runIfActive {
      let located = try LocatedPath(path, in: view.root, container: name)
      let status = try located.status(in: view.root)
      do throws(SyscallError) { return (status, FileArchive(try located.archive(), of: view, on: threads)) } catch {
        throw LocatedPath.translated(error, path, name)
      }
    }
    await container.tell("archive-path")
    return (status, archive)
  }

  /// A tar archive of all that the container has of its own and of its image.
  public func export(_ name: String) async throws -> FileArchive {
    let container = try index.find(name).container
    let view = try await container.view(hasBinds: false)
    let threads = surroundings.threads
    let archive = try await threads.runIfActive {
      FileArchive(try TreeArchive(of: try view.root.duplicate(), named: nil), of: view, on: threads)
    }
    await container.tell("export")
    return archive
  }

  /// What the container has changed in its image's files, by path.
  public func changes(_ name: String) async throws -> [FileChange] {
    let record = try index.find(name).record
    return try await surroundings.rootfs.changes(
      record.id, chainID: record.chainID, at: paths.views, ignoring: Self.mountPoints)
  }

  /// What is made in every container because something is mounted there: nobody has changed that.
  static let mountPoints: Set<String> = [
    "/.dockerenv", "/dev", "/etc/hostname", "/etc/hosts", "/etc/mtab", "/etc/resolv.conf", "/proc", "/sys",
  ]
}

// MARK: - Writing

/// How an archive is to be unpacked in a container.
public struct ExtractionRequest: Equatable, Sendable {
  /// The directory.
  public var path = "/"
  /// Whether a directory is to stay one, and everything else no directory.
  public var keepsKinds = false
  /// Whether everything is to belong to the container's user, and not to whom the archive says.
  public var belongsToUser = false

  public init() {}
}

extension ContainerService {
  /// Unpacks an archive, plain or compressed by gzip, in a container that runs or not.
  /// - Throws: ``ContainerError/fileNotFound(path:container:)``, ``ContainerError/readOnly(_:)``,
  ///   ``ContainerError/invalid(_:)`` if the archive cannot be unpacked there; what came before the culprit is there then.
  public func extract<Bytes: AsyncSequence & Sendable>(
    _ name: String, _ request: ExtractionRequest, _ bytes: Bytes
  ) async throws where Bytes.Element == ByteBuffer {
    let container = try index.find(name).container
    try await container.writing { view in
      let user = await container.record.configuration.user
      // Neither of the threads for everything: this one waits for a client.
      let thread = NIOThreadPool(numberOfThreads: 1)
      thread.start()
      let result: Result<Void, any Error>
      do {
        result = .success(
          try await Self.pass(bytes) { source in
            try await thread.runIfActive {
              try Extraction(request: request, user: user, container: name, root: view.root).run(source)
            }
          })
      } catch { result = .failure(error) }
      try await thread.shutdownGracefully()
      try result.get()
    }
    await container.tell("extract-to-dir")
  }

  private static func pass<Bytes: AsyncSequence & Sendable>(
    _ bytes: Bytes, _ body: (ArrivingBytes) async throws -> Void
  ) async throws where Bytes.Element == ByteBuffer {
    let source = ArrivingBytes()
    async let sent = source.send(bytes)
    let result: Result<Void, any Error>
    do { result = .success(try await body(source)) } catch { result = .failure(error) }
    source.close()
    _ = await sent
    try result.get()
  }
}
