/// Why a template cannot be read or carried out, as Go's `text/template` says it.
struct TemplateError: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// A template that cannot be read.
  init(line: Int, _ message: String) { description = "template: :\(line): \(message)" }
}

/// What a template may cost, whoever wrote it.
enum TemplateLimits {
  /// Bytes of the template.
  static let size = 64 << 10
  /// Parentheses, blocks and chains within one another.
  static let depth = 100
  /// Nodes that are carried out.
  static let steps = 500_000
  /// Bytes of output for one value.
  static let output = 16 << 20
}
