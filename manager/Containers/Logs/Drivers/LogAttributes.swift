internal import LinuxKernel

/// What of a container's labels and environment its log carries: `labels`, `labels-regex`, `env`, `env-regex`.
enum LogAttributes {
  /// - Throws: ``ContainerError/invalid(_:)`` for what is no regular expression.
  static func check(_ options: [String: String]) throws(ContainerError) {
    for name in ["labels-regex", "env-regex"] {
      if let expression = options[name] { _ = try pattern(expression) }
    }
  }

  static func of(_ record: ContainerRecord, _ options: [String: String]) throws(ContainerError) -> [String: String] {
    var attributes: [String: String] = [:]
    let labels = record.configuration.labels
    try pick(from: labels, options["labels"], options["labels-regex"], into: &attributes)
    var environment: [String: String] = [:]
    for item in record.configuration.environment {
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { environment[String(parts[0])] = String(parts[1]) }
    }
    try pick(from: environment, options["env"], options["env-regex"], into: &attributes)
    return attributes
  }

  private static func pick(
    from values: [String: String], _ names: String?, _ expression: String?, into attributes: inout [String: String]
  ) throws(ContainerError) {
    for name in (names ?? "").split(separator: ",").map(String.init) {
      attributes[name] = values[name] ?? attributes[name]
    }
    guard let expression, !expression.isEmpty else { return }
    let pattern = try pattern(expression)
    for (name, value) in values where pattern.matches(name) { attributes[name] = value }
  }

  private static func pattern(_ text: String) throws(ContainerError) -> Pattern {
    do throws(PatternError) { return try Pattern(text) } catch {
      throw .invalid("error parsing regexp: \(error.description): `\(text)`")
    }
  }
}
