internal import ShimProtocol
internal import Synchronization

/// In which container each exec session is.
final class ExecDirectory: Sendable {
  private let containers = Mutex<[String: Container]>([:])

  func insert(_ id: String, _ container: Container) { containers.withLock { $0[id] = container } }

  func find(_ id: String) throws(ContainerError) -> Container {
    guard let container = containers.withLock({ $0[id] }) else { throw .execNotFound(id) }
    return container
  }

  func remove(_ id: String) { containers.withLock { _ = $0.removeValue(forKey: id) } }
}

extension ContainerService {
  /// Prepares a process in a container that runs.
  /// - Returns: the session's identifier.
  /// - Throws: ``ContainerError/conflict(_:)`` if the container does not run.
  public func createExec(in name: String, _ configuration: ExecConfiguration) async throws -> String {
    let container = try index.find(name).container
    let id = ContainerID.random().text
    try await container.createExec(configuration, id: id)
    execs.insert(id, container)
    return id
  }

  /// Checks that the session can be started and reserves it for one caller of ``startExec(_:streams:consoleSize:)``.
  public func beginExec(_ id: String) async throws { try await execs.find(id).beginExec(id) }

  /// Starts a session after ``beginExec(_:)``.
  /// - Parameter streams: `nil` if nobody wants to see it.
  /// - Returns: its streams, from the first byte on.
  /// - Throws: ``ContainerError/cannotStart(message:status:)`` if there is no such program, for example.
  public func startExec(
    _ id: String, streams: StreamSelection?, consoleSize: [UInt16] = []
  ) async throws -> Attachment? {
    let container = try execs.find(id)
    return try await surroundings.supervisor.finish {
      try await container.startExec(id, streams: streams, consoleSize: consoleSize)
    }
  }

  public func inspectExec(_ id: String) async throws -> ExecSnapshot { try await execs.find(id).exec(id) }

  public func resizeExec(_ id: String, height: UInt16, width: UInt16) async throws {
    try await execs.find(id).resizeExec(id, TerminalSize(height: height, width: width))
  }
}
