internal import JSON

/// The value of `--format` of what shows one thing at a time.
enum ObjectFormat {
  case text
  case json
  case template(Template)

  /// - Parameter name: of the template, in messages.
  /// - Throws: ``ClientError/template(_:)``.
  init(_ text: String?, name: String = "") throws(ClientError) {
    switch text {
    case nil, "": self = .text
    case "json": self = .json
    case let text?:
      do { self = .template(try Template(text)) } catch {
        throw .template("template parsing error: \(Self.named(error, name))")
      }
    }
  }

  /// A template's message with its name.
  static func named(_ error: TemplateError, _ name: String) -> String {
    let text = "\(error)"
    guard !name.isEmpty, text.hasPrefix("template: :") else { return text }
    return "template: \(name):"
      + text.dropFirst("template: :".count).replacing(
        "executing \"\"", with: "executing \"\(name)\"", maxReplacements: 1)
  }
}
