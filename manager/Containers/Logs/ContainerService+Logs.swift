extension ContainerService {
  /// The container's log, entry by entry, in order.
  ///
  /// With ``LogRequest/follow`` it goes on until the container exits or is removed, or the task is cancelled.
  /// - Throws: ``ContainerError/notFound(_:)``, ``ContainerError/logNotReadable`` if there is no log that could be read.
  public func logs(_ name: String, _ request: LogRequest) throws -> ContainerLog {
    let (container, record) = try index.find(name)
    let driver = try LogDrivers.driver(record.host.logDriver)
    let configuration = try driver.configuration(record, paths)
    guard let decoder = driver.decoder, let path = configuration.path else {
      throw ContainerError.logNotReadable
    }
    let files = LogFileSet(path: path, maximumFiles: configuration.maximumFiles)
    return ContainerLog(
      container: container, surroundings: surroundings, files: files, decoder: decoder, request: request)
  }
}

/// A log that is about to be read.
public struct ContainerLog: Sendable {
  let container: Container
  let surroundings: ContainerSurroundings
  let files: LogFileSet
  let decoder: any LogDecoder
  let request: LogRequest

  /// - Parameter encode: what is to become of some entries; done on the thread that read them.
  /// - Parameter body: given that; the log waits for it.
  public func read<Piece: Sendable>(
    _ encode: @escaping @Sendable (LogBatch) -> Piece, _ body: @escaping @Sendable (Piece) async throws -> Void
  ) async throws {
    let reader = LogReader(files, decoder, request)
    // What is not running has no folder to be watched, if it never was.
    if request.follow, await container.mayWrite {
      try await follow(reader, encode, body)
    } else {
      try await drain(reader, encode, body)
    }
  }

  /// Reads to the end of what is there.
  private func drain<Piece: Sendable>(
    _ reader: LogReader, _ encode: @escaping @Sendable (LogBatch) -> Piece,
    _ body: @Sendable (Piece) async throws -> Void
  ) async throws {
    while true {
      let piece = try await surroundings.threads.runIfActive {
        try reader.next().map { $0.entries.isEmpty ? nil : encode($0) }
      }
      guard let piece else { return }
      if let piece { try await body(piece) }
      try Task.checkCancellation()
    }
  }

  private func follow<Piece: Sendable>(
    _ reader: LogReader, _ encode: @escaping @Sendable (LogBatch) -> Piece,
    _ body: @Sendable (Piece) async throws -> Void
  ) async throws {
    // One event stands for any number of changes.
    let (events, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let folder = files.path.lastIndex(of: "/").map { String(files.path[..<$0]) } ?? "/"
    let watch = try await FolderEvents.watch(folder, on: surroundings.group) { continuation.yield() }
    defer { watch.stop() }
    let key = await container.notify { continuation.yield() }
    continuation.yield()
    let result: Result<Void, any Error>
    do { result = .success(try await drain(reader, encode, body, on: events)) } catch { result = .failure(error) }
    await container.cancelNotification(key)
    try result.get()
    try Task.checkCancellation()
  }

  /// The same, again with every event, while more may come.
  private func drain<Piece: Sendable>(
    _ reader: LogReader, _ encode: @escaping @Sendable (LogBatch) -> Piece,
    _ body: @Sendable (Piece) async throws -> Void, on events: AsyncStream<Void>
  ) async throws {
    for await _ in events {
      // Asked before reading: what was written before the end is then read below.
      let isLive = await container.mayWrite
      try await drain(reader, encode, body)
      if !isLive { return }
      if let until = request.until, until < .now() { return }
    }
  }
}

extension Container {
  /// Whether more may come to the log: it runs.
  var mayWrite: Bool {
    if isGone { return false }
    switch record.state {
    case .running: return true
    // As Docker has it of a container that was never started.
    case .created, .exited, .restarting, .removing, .dead: return false
    }
  }
}
