internal import JSON
internal import NIOHTTP1

/// What a registry says of an error (distribution-spec §Error Codes).
struct ErrorBody: JSONMappable {
  struct Item: JSONMappable {
    var code = ""
    var message = ""

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nonEmpty("code", &code)
      try json.nonEmpty("message", &message)
    }

    /// As Docker writes it: `manifest unknown: manifest unknown`.
    var text: String {
      let words = code.lowercased().replacing("_", with: " ")
      return message.isEmpty ? words : code.isEmpty ? message : "\(words): \(message)"
    }
  }

  /// Characters of a message that are passed on.
  private static let messageLimit = 1000

  var errors: [Item] = []
  /// Of servers that give tokens.
  var details = ""

  mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("errors", &errors)
    try json.nonEmpty("details", &details)
  }

  /// - Parameter request: what was asked, for a person: `GET https://…`.
  static func error(_ status: HTTPResponseStatus, _ body: [UInt8], request: String) -> RegistryError {
    // Whatever else a server says with an error is not for people.
    let said = try? ErrorBody(jsonText: body)
    let item = said?.errors.first
    let text = item?.text ?? said?.details ?? ""
    let message = text.isEmpty ? "\(request): unexpected status \(status.code) \(status.reasonPhrase)" : text
    return RegistryError(
      kind(status, item?.code ?? ""), code: item?.code ?? "", String(message.prefix(Self.messageLimit)))
  }

  private static func kind(_ status: HTTPResponseStatus, _ code: String) -> RegistryError.Kind {
    switch (status.code, code) {
    case (404, _), (_, "MANIFEST_UNKNOWN"), (_, "NAME_UNKNOWN"), (_, "BLOB_UNKNOWN"): .notFound
    case (401, _): .unauthorized
    case (403, _), (_, "DENIED"): .denied
    case (429, _), (500..., _): .unavailable
    default: .invalid
    }
  }
}
