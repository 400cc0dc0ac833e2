package import JSON

/// A template of `--format`, in the part of Go's `text/template` that Docker's users write.
package struct Template {
  private let nodes: [TemplateNode]

  /// - Throws: ``TemplateError`` as Go words it.
  init(_ text: String) throws(TemplateError) { nodes = try TemplateParser.parse(text) }

  /// - Throws: ``TemplateError`` as Go words it.
  func text(for context: TemplateContext) throws(TemplateError) -> String {
    try TemplateEvaluator.run(nodes, on: context)
  }
}

extension Template {
  /// Reads and carries out in one: for the fuzzer.
  /// - Throws: ``TemplateError``, by its text.
  package static func render(_ text: String, _ value: JSONValue) throws -> String {
    try Template(text).text(for: TemplateContext(value))
  }
}
