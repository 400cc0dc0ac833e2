package import EngineAPI

/// What the system routes need of the engine.
package protocol SystemBackend: Sendable {
  /// The answer to `GET /version`.
  func version() async throws -> SystemVersion
  /// The answer to `GET /info`.
  func info() async throws -> SystemInfo
}
