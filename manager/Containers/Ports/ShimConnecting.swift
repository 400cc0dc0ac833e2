public import ShimProtocol

/// The way to a container's shim.
public protocol ShimConnecting: Sendable {
  /// Starts a shim on the bundle and returns when it listens.
  /// - Throws: ``ContainerError/failed(_:)`` with what it said on standard error.
  func launch(_ bundle: BundleLayout) async throws

  /// Opens a connection for requests one after the other, and at last an attach stream.
  /// - Throws: ``ShimUnreachable`` if nobody listens.
  func connect(to bundle: BundleLayout) async throws -> any ShimSession

  /// Sends one request on a connection of its own.
  /// - Throws: ``ShimUnreachable`` if nobody listens or the shim goes away before it replies; ``ShimFailure`` if it refuses.
  func request(_ request: ShimRequest, of bundle: BundleLayout) async throws -> ShimReply

  /// Opens an attach stream; the shim has accepted it when this returns.
  func attach(_ request: AttachRequest, to bundle: BundleLayout) async throws -> any ShimStream
}

/// An open connection to a shim. Closed when nobody holds it any more. One caller at a time.
public protocol ShimSession: Sendable {
  /// - Throws: ``ShimUnreachable`` if the connection ends before the reply; ``ShimFailure`` if the shim refuses.
  func ask(_ request: ShimRequest) async throws -> ShimReply

  /// Makes it an attach stream: nothing can be asked any more.
  func attach(_ request: AttachRequest) async throws -> any ShimStream
}

extension ShimConnecting {
  public func request(_ request: ShimRequest, of bundle: BundleLayout) async throws -> ShimReply {
    try await connect(to: bundle).ask(request)
  }

  public func attach(_ request: AttachRequest, to bundle: BundleLayout) async throws -> any ShimStream {
    try await connect(to: bundle).attach(request)
  }

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

  /// The same, on a connection that is open if there is one, and it does not break.
  func ask(
    _ request: ShimRequest, of bundle: BundleLayout, through session: (any ShimSession)?
  ) async throws -> ShimReply {
    do { if let session { return try await session.ask(request) } } catch is ShimUnreachable {
      // A new connection tells whether there is a shim.
    }
    return try await ask(request, of: bundle)
  }
}

/// Nobody listens on a shim's socket, or its connection broke.
public struct ShimUnreachable: Error, Equatable, Sendable, CustomStringConvertible {
  public var reason: String
  /// Whether there is no shim. One whose connection broke may be there all the same.
  public var isGone: Bool

  public init(_ reason: String, isGone: Bool = true) {
    self.reason = reason
    self.isGone = isGone
  }

  public var description: String { "the container's shim cannot be reached: \(reason)" }
}
