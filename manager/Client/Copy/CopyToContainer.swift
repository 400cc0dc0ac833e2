internal import EngineAPI
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// A copy into a container.
struct CopyToContainer {
  let engine: EngineClient
  let container: String
  let destination: String
  var followsLink = false
  var belongsToUser = false

  init(engine: EngineClient, container: String, destination: String) {
    self.engine = engine
    self.container = container
    self.destination = destination
  }

  /// - Parameter source: a local path, or `-` for an archive on standard input.
  /// - Returns: bytes of the archive.
  func run(from source: String) async throws -> Int64 {
    var path = destination
    var stat = try await engine.pathStat(container, path)
    if let link = stat, link.isSymbolicLink {
      path = link.linkTarget
      stat = try await engine.pathStat(container, path)
    }
    guard source != "-" else {
      guard stat?.isDirectory == true else {
        throw ClientError.failed("destination \"\(container):\(destination)\" must be a directory")
      }
      let input = try InputReader.standardInput()
      return try await send(to: path) { try await input.next() }
    }
    let (local, target) = try await NIOThreadPool.singleton.runIfActive { [followsLink, path, stat] in
      let local = try LocalSource(source, followsLink: followsLink)
      return (local, try CopyTarget(path, isDirectory: stat?.isDirectory, sourceIsDirectory: local.isDirectory))
    }
    let archive = try await NIOThreadPool.singleton.runIfActive {
      try local.archive(named: target.name ?? local.name)
    }
    return try await send(to: target.directory) { try await archive.next() }
  }

  private func send(
    to directory: String, _ next: @escaping @Sendable () async throws -> ByteBuffer?
  ) async throws -> Int64 {
    let target = ("/containers/\(container)/archive" as RequestTarget).with("path", directory)
      .with("noOverwriteDirNonDir", "true").with("copyUIDGID", belongsToUser)
    let size = Mutex<Int64>(0)
    let body = RequestContent.stream {
      let piece = try await next()
      size.withLock { $0 += Int64(piece?.readableBytes ?? 0) }
      return piece
    }
    try await engine.perform(.PUT, target, body: body)
    return size.withLock { $0 }
  }
}
