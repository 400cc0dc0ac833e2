package import NIOCore

/// A connection that has left HTTP: raw bytes both ways, each way ending on its own.
package struct HijackedConnection: Sendable {
  /// What the client sends. Ends when the client closes its writing half.
  package let inbound: RequestBody
  private let sink: @Sendable (ByteBuffer) async throws -> Void
  private let end: @Sendable () async throws -> Void

  package init(
    inbound: RequestBody, write: @escaping @Sendable (ByteBuffer) async throws -> Void,
    finish: @escaping @Sendable () async throws -> Void
  ) {
    self.inbound = inbound
    sink = write
    end = finish
  }

  /// Returns when the kernel has taken the bytes: a slow client makes this wait.
  /// - Throws: when the client is gone.
  package func write(_ bytes: ByteBuffer) async throws { try await sink(bytes) }

  /// Closes the writing half: the client reads an end, and may still send.
  package func finish() async throws { try await end() }
}
