internal import EngineAPI
internal import LinuxKernel
internal import NIOHTTP1
internal import Tar

internal import class NIOPosix.NIOThreadPool

/// A copy out of a container.
struct CopyFromContainer {
  let engine: EngineClient
  let container: String
  let source: String
  let followsLink: Bool

  /// - Parameter destination: a local path, or `-` for standard output.
  /// - Returns: bytes of the archive.
  func run(to destination: String) async throws -> Int64 {
    var (path, name): (String, String?) = (source, nil)
    if followsLink, let stat = try await engine.pathStat(container, source), stat.isSymbolicLink {
      // It keeps the name that it was asked for by.
      (path, name) = (stat.linkTarget, CopyPath(source).name)
    }
    let target = ("/containers/\(container)/archive" as RequestTarget).with("path", path)
    let answer = try await engine.send(.GET, target)
    defer { answer.close() }
    if destination == "-" { return try await print(answer) }
    let stat = try answer.pathStat()
    let local = try CopyTarget(
      destination, isDirectory: try LocalFiles.isDirectory(destination), sourceIsDirectory: stat.isDirectory)
    return try await unpack(answer, in: local.directory, as: local.name ?? name)
  }

  private func print(_ answer: Answer) async throws -> Int64 {
    guard !StandardOutput.output.isTerminal else {
      throw ClientError.failed("cowardly refusing to save to a terminal: use the -o flag or redirect")
    }
    var size: Int64 = 0
    while let piece = try await answer.next() {
      size += Int64(piece.readableBytes)
      try await StandardOutput.output.write(Array(piece.readableBytesView))
    }
    return size
  }

  /// Nothing that the archive has leads out of the directory.
  private func unpack(_ answer: Answer, in directory: String, as name: String?) async throws -> Int64 {
    let source = ArrivingBytes()
    let thread = NIOThreadPool(numberOfThreads: 1)
    thread.start()
    async let size = source.send(answer.pieces())
    let result: Result<Void, any Error>
    do {
      result = .success(
        try await thread.runIfActive {
          var options = TreeUnpacker.Options()
          options.ownership = .caller
          options.keepsKinds = true
          options.name = name.map { Array($0.utf8) }
          let root = try FileDescriptor.open(directory, [.readOnly, .directory])
          try TreeUnpacker(root: try root.duplicate(), top: root, place: [], options).unpack(TarReader(source))
        })
    } catch { result = .failure(LocalFiles.translated(error)) }
    source.close()
    let total = await size
    try await thread.shutdownGracefully()
    try result.get()
    return total
  }
}
