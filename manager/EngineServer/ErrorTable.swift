internal import HTTPWire
internal import JSON

/// The one table from errors to HTTP statuses.
enum ErrorTable {
  static func apiError(for error: any Error) -> APIError {
    switch error {
    case let error as APIError: error
    case let error as any APIErrorConvertible: error.apiError
    case let error as JSONError: .invalidParameter("invalid JSON: \(error)")
    case let error as HTTPSyntaxError: .invalidParameter("\(error)")
    case is CancellationError: .unavailable("the request was cancelled")
    default: .internalError("\(error)")
    }
  }
}
