internal import Containers
internal import NIOHTTP1

/// The statuses of the containers domain's errors, as dockerd has them.
extension ContainerError: APIErrorConvertible {
  package var apiError: APIError {
    switch self {
    case .notFound, .execNotFound, .imageNotFound, .networkNotFound, .fileNotFound: .notFound(description)
    case .ambiguous, .invalid: .invalidParameter(description)
    case .readOnly, .forbidden: .forbidden(description)
    case .unsupported, .logNotReadable: .notImplemented(description)
    case .nameInUse, .conflict: .conflict(description)
    case .notModified: .notModified
    case .cannotStart(_, 126), .cannotStart(_, 127): .invalidParameter(description)
    case .cannotStart, .failed: .internalError(description)
    }
  }
}
