public import ShimProtocol

/// The way to a container's shim.
public protocol ShimConnecting: Sendable {
  /// Starts a shim on the bundle and returns when it listens.
  /// - Throws: ``ContainerError/failed(_:)`` with what it said on standard error.
  func launch(_ bundle: BundleLayout) async throws

  /// Sends one request on a connection of its own.
  /// - Throws: ``ShimUnreachable`` if nobody listens or the shim goes away before it replies; ``ShimFailure`` if it refuses.
  func request(_ request: ShimRequest, of bundle: BundleLayout) async throws -> ShimReply

  /// Opens an attach stream; the shim has accepted it when this returns.
  func attach(_ request: AttachRequest, to bundle: BundleLayout) async throws -> any ShimStream
}

/// Nobody listens on a shim's socket, or its connection broke.
public struct ShimUnreachable: Error, Equatable, Sendable, CustomStringConvertible {
  public var reason: String

  public init(_ reason: String) { self.reason = reason }

  public var description: String { "the container's shim cannot be reached: \(reason)" }
}
