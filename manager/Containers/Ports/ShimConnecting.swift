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

extension ShimConnecting {
  /// As ``request(_:of:)``, for what may be asked more than once: again, until it is answered or nobody is there to be asked.
  /// - Throws: ``ShimUnreachable`` if there is no shim; never because this machine had no descriptor or memory to spare.
  func ask(_ request: ShimRequest, of bundle: BundleLayout) async throws -> ShimReply {
    while true {
      do { return try await self.request(request, of: bundle) } catch let error as ShimUnreachable {
        if error.isGone { throw error }
        // Somebody has to let go of something first, and tells nobody.
        try await Task.sleep(for: .milliseconds(100))
      }
    }
  }
}

/// Nobody listens on a shim's socket, or its connection broke.
public struct ShimUnreachable: Error, Equatable, Sendable, CustomStringConvertible {
  public var reason: String
  /// Whether there is no shim. One whose connection broke may be there all the same, with too many others.
  public var isGone: Bool

  public init(_ reason: String, isGone: Bool = true) {
    self.reason = reason
    self.isGone = isGone
  }

  public var description: String { "the container's shim cannot be reached: \(reason)" }
}
