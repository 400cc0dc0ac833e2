package import NIOHTTP1

/// An answer that is an error: what the client is told, and with which status.
package struct APIError: Error, Equatable {
  package var status: HTTPResponseStatus
  /// The `message` of the body, for a person.
  package var message: String

  package init(_ status: HTTPResponseStatus, _ message: String) {
    self.status = status
    self.message = message
  }
}

extension APIError {
  /// 400: the request says something that cannot be meant.
  package static func invalidParameter(_ message: String) -> APIError { APIError(.badRequest, message) }
  /// 404: nothing has that name.
  package static func notFound(_ message: String) -> APIError { APIError(.notFound, message) }
  /// 409: it exists, but not in a state that allows this.
  package static func conflict(_ message: String) -> APIError { APIError(.conflict, message) }
  /// 304: it is already as asked. Has no body.
  package static let notModified = APIError(.notModified, "")
  package static func forbidden(_ message: String) -> APIError { APIError(.forbidden, message) }
  package static func unavailable(_ message: String) -> APIError { APIError(.serviceUnavailable, message) }
  /// 501: a part of Docker's API, or a field of a request, that this server does not support yet.
  package static func notImplemented(_ message: String) -> APIError { APIError(.notImplemented, message) }
  package static func internalError(_ message: String) -> APIError { APIError(.internalServerError, message) }
}

extension APIError: CustomStringConvertible {
  package var description: String { message }
}

/// An error of a domain that knows its HTTP status. The conformance is declared here in EngineServer, beside the routes
/// of that domain: domains know nothing of HTTP.
package protocol APIErrorConvertible: Error {
  var apiError: APIError { get }
}
