internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// How often, and after how long, a request is made again that failed for reasons that pass.
public struct RetryPolicy: Equatable, Sendable {
  /// Attempts in a row of which none brought anything.
  public var attempts = 5
  /// The first pause; each further one is twice as long.
  public var pause: Duration = .milliseconds(250)
  /// A registry that asks for more is not waited for.
  public var longestPause: Duration = .seconds(60)

  public init() {}

  /// The pause after attempt number `attempt`, counted from 1; nil if there is none more to be made.
  /// - Parameter wish: what the registry asked for in `Retry-After`.
  func pause(after attempt: Int, wish: Duration?) -> Duration? {
    guard attempt < attempts else { return nil }
    let own = pause * (1 << (attempt - 1))
    let pause = max(own, wish ?? .zero)
    return pause <= longestPause ? pause : nil
  }
}

/// What went wrong on this machine with what a registry sent.
struct LocalFailure: Error {
  var cause: any Error
}

/// A failure that may pass by itself.
struct PassingFailure: Error {
  var error: RegistryError
  /// What the registry asked for in `Retry-After`.
  var pause: Duration?

  /// - Parameter reason: what happened, if the error does not say it as well.
  /// - Returns: nil if trying again would not help.
  init?(_ error: any Error, request: String, reason: String? = nil) {
    switch error {
    case let error as PassingFailure: self = error
    case is CancellationError, is RegistryError, is LocalFailure: return nil
    case let error as HTTPClientError where error == .cancelled: return nil
    default: self.init(error: RegistryError(.unavailable, "\(request): \(reason ?? ConnectionFailure.text(error))"))
    }
  }

  init(error: RegistryError, pause: Duration? = nil) {
    self.error = error
    self.pause = pause
  }

  /// Statuses that say so: too many requests, and what is wrong with the server itself.
  static func passes(_ status: HTTPResponseStatus) -> Bool {
    switch status.code {
    case 408, 429, 500, 502, 503, 504: true
    default: false
    }
  }

  /// `Retry-After` in seconds; a date is not looked at.
  static func pause(_ headers: HTTPHeaders) -> Duration? {
    headers.first(name: "Retry-After").flatMap { UInt32($0) }.map { .seconds($0) }
  }
}
